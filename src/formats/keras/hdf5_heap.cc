#include "formats/keras/hdf5_heap.h"

#include <algorithm>
#include <bit>

#include "formats/keras/hdf5_tree.h"

namespace ringfort::formats {
namespace {

enum IdType : std::uint8_t { kManaged = 0, kHuge = 1, kTiny = 2 };
constexpr std::uint8_t kHugeObjectsTree = 1;
// Every step down the doubling table at least halves the block.
constexpr int kDeepestTable = 64;

std::uint64_t Log2(std::uint64_t value) { return static_cast<std::uint64_t>(std::bit_width(value)) - 1; }

}  // namespace

Hdf5Heap::Hdf5Heap(const Hdf5Space& space, std::uint64_t address) : space_(space) {
  const Hdf5Sizes& sizes = space.sizes;
  Cursor header(space.At(address));
  const bool named = header.Text(4) == "FRHP";
  header.Skip(1);
  id_size_ = header.U16();
  const std::uint16_t filters = header.U16();
  header.Skip(1);
  const std::uint32_t largest_object = header.U32();
  sizes.Length(header);
  const std::uint64_t huge = sizes.Offset(header);
  sizes.Length(header);
  sizes.Offset(header);
  for (int i = 0; i < 8; ++i) sizes.Length(header);  // statistics
  width_ = header.U16();
  first_block_ = sizes.Length(header);
  largest_block_ = sizes.Length(header);
  const std::uint16_t heap_bits = header.U16();
  header.Skip(2);
  root_ = sizes.Offset(header);
  root_rows_ = header.U16();
  const bool valid = std::has_single_bit(width_) && std::has_single_bit(first_block_) &&
                     std::has_single_bit(largest_block_) && first_block_ <= largest_block_ && heap_bits <= 64;
  if (!named || !header.ok() || !valid) {
    damage_ = Error{Fault::kInvalidInput, "no valid header of a fractal heap", space.base + address};
    return;
  }
  if (filters != 0) {
    damage_ = Error{Fault::kUnsupported, "a fractal heap behind filters is not read", space.base + address};
    return;
  }
  offset_bytes_ = static_cast<std::uint8_t>((heap_bits + 7) / 8);
  length_bytes_ = static_cast<std::uint8_t>(
      std::min((Log2(largest_block_) + 7) / 8, Log2(std::max<std::uint64_t>(largest_object, 1)) / 8 + 1));
  if (!sizes.Undefined(huge)) ReadHugeObjects(huge);
}

void Hdf5Heap::ReadHugeObjects(std::uint64_t tree) {
  Hdf5Records found = ReadHdf5Tree(space_, tree);
  if (!found.damage && found.type != kHugeObjectsTree)
    found.damage = Error{Fault::kUnsupported, "huge objects behind filters are not read", space_.base + tree};
  damage_ = found.damage;
  if (damage_) return;
  for (const ByteView record : found.records) {
    Cursor cursor(record);
    Place place;
    place.address = space_.sizes.Offset(cursor);
    place.size = space_.sizes.Length(cursor);
    huge_.emplace(space_.sizes.Length(cursor), place);
  }
}

std::optional<ByteView> Hdf5Heap::Object(ByteView id) const {
  if (damage_ || id.size() < 2 || id.size() != id_size_) return std::nullopt;
  Cursor rest(id, 1);
  switch ((id[0] >> 4) & 3) {
    case kManaged: {
      const std::uint64_t offset = Hdf5Number(rest, offset_bytes_);
      const std::uint64_t size = Hdf5Number(rest, length_bytes_);
      return rest.ok() ? Managed(offset, size) : std::nullopt;
    }
    case kHuge: {
      const auto found = huge_.find(Hdf5Number(rest, std::min<std::uint64_t>(rest.left(), space_.sizes.length)));
      if (found == huge_.end()) return std::nullopt;
      const ByteView object = space_.At(found->second.address, found->second.size);
      if (object.size() < found->second.size) return std::nullopt;
      return object;
    }
    case kTiny: {
      // A long identifier gives the length one byte more.
      const bool extended = id.size() > 17;
      const std::uint64_t size = extended ? (std::uint64_t{id[0] & 0x0Fu} << 8 | id[1]) + 1 : (id[0] & 0x0Fu) + 1;
      const ByteView object = Slice(id, extended ? 2 : 1, size);
      if (object.size() < size) return std::nullopt;
      return object;
    }
    default: return std::nullopt;
  }
}

std::optional<ByteView> Hdf5Heap::InBlock(std::uint64_t address, std::uint64_t block, std::uint64_t offset,
                                          std::uint64_t size) const {
  const ByteView bytes = space_.At(address, block);
  if (!StartsWith(bytes, "FHDB") || offset > bytes.size() || size > bytes.size() - offset) return std::nullopt;
  return Slice(bytes, offset, size);
}

std::optional<ByteView> Hdf5Heap::Managed(std::uint64_t offset, std::uint64_t size) const {
  if (root_rows_ == 0) return InBlock(root_, first_block_, offset, size);
  const std::uint64_t direct_rows = Log2(largest_block_) - Log2(first_block_) + 2;
  std::uint64_t table = root_;
  std::uint64_t rows = root_rows_;
  for (int depth = 0; depth < kDeepestTable; ++depth) {
    // The first two rows hold blocks of the same size, each later one of twice that.
    const std::uint64_t row_of_first = offset / first_block_ / width_;
    const std::uint64_t row = row_of_first == 0 ? 0 : Log2(row_of_first) + 1;
    const std::uint64_t block = row == 0 ? first_block_ : first_block_ << (row - 1);
    const std::uint64_t row_begin = row == 0 ? 0 : block * width_;
    const std::uint64_t column = (offset - row_begin) / block;
    offset = (offset - row_begin) % block;
    if (row >= rows || column >= width_) return std::nullopt;
    Cursor entry(space_.At(table));
    if (entry.Text(4) != "FHIB") return std::nullopt;
    entry.Skip(1 + space_.sizes.offset + offset_bytes_);
    entry.Skip((row * width_ + column) * space_.sizes.offset);
    const std::uint64_t address = space_.sizes.Offset(entry);
    if (!entry.ok()) return std::nullopt;
    if (row < direct_rows) return InBlock(address, block, offset, size);
    table = address;
    const std::uint64_t first_row = Log2(first_block_) + Log2(width_);
    if (Log2(block) < first_row) return std::nullopt;
    rows = Log2(block) - first_row + 1;
  }
  return std::nullopt;
}

}  // namespace ringfort::formats
