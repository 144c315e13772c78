#include "formats/keras/hdf5_tree.h"

#include <array>
#include <bit>
#include <unordered_set>

namespace ringfort::formats {
namespace {

constexpr std::uint16_t kDeepest = 16;
// Signature, version, type and checksum of a node.
constexpr std::uint64_t kNodeFrame = 10;

class Walk {
 public:
  Walk(const Hdf5Space& space, Hdf5Records& found) : space_(space), found_(found) {}

  void Read(std::uint64_t address) {
    Cursor header(space_.At(address));
    const bool named = header.Text(4) == "BTHD";
    header.Skip(1);
    found_.type = header.U8();
    node_size_ = header.U32();
    record_size_ = header.U16();
    const std::uint16_t depth = header.U16();
    header.Skip(2);
    const std::uint64_t root = space_.sizes.Offset(header);
    const std::uint16_t count = header.U16();
    const std::uint64_t total = space_.sizes.Length(header);
    if (!named || !header.ok() || record_size_ == 0 || node_size_ < kNodeFrame + record_size_ || depth > kDeepest)
      return Damage("no valid header of a B-tree", address);
    if (!Measure(depth)) return Damage("nodes of the B-tree are too small", address);
    if (total > 0) Node(root, count, depth);
    if (!found_.damage && found_.records.size() != total)
      Damage("a B-tree has not the records that it claims", address);
  }

 private:
  void Damage(const char* what, std::uint64_t address) {
    if (!found_.damage) found_.damage = Error{Fault::kInvalidInput, what, space_.base + address};
  }

  static std::uint8_t BytesFor(std::uint64_t most) {
    return static_cast<std::uint8_t>((std::bit_width(most == 0 ? 1 : most) - 1) / 8 + 1);
  }

  // How wide the counts are that a node keeps of each child depends on how many
  // records fit below it.
  bool Measure(std::uint16_t depth) {
    std::uint64_t below = (node_size_ - kNodeFrame) / record_size_;
    count_width_ = BytesFor(below);
    for (std::uint16_t level = 1; level <= depth; ++level) {
      const std::uint64_t pointer = std::uint64_t{space_.sizes.offset} + count_width_ + total_widths_[level - 1];
      if (node_size_ < kNodeFrame + pointer) return false;
      const std::uint64_t most = (node_size_ - kNodeFrame - pointer) / (record_size_ + pointer);
      std::uint64_t all = 0;
      if (most == 0 || __builtin_mul_overflow(most + 1, below, &all) || __builtin_add_overflow(all, most, &below))
        return false;
      total_widths_[level] = BytesFor(below);
    }
    return true;
  }

  void Node(std::uint64_t address, std::uint64_t count, std::uint16_t level) {
    Cursor node(space_.At(address, node_size_));
    const bool named = node.Text(4) == (level > 0 ? "BTIN" : "BTLF");
    node.Skip(2);
    if (!named || !seen_.insert(address).second) return Damage("no valid node of a B-tree", address);
    const ByteView records = node.Take(count * record_size_);
    if (!node.ok()) return Damage("a node of a B-tree ends early", address);
    for (std::uint64_t i = 0; i < count; ++i) found_.records.push_back(Slice(records, i * record_size_, record_size_));
    if (level == 0) return;
    for (std::uint64_t i = 0; i <= count && !found_.damage; ++i) {
      const std::uint64_t child = space_.sizes.Offset(node);
      const std::uint64_t below = Hdf5Number(node, count_width_);
      node.Skip(total_widths_[level - 1]);
      if (!node.ok()) return Damage("a node of a B-tree ends early", address);
      Node(child, below, static_cast<std::uint16_t>(level - 1));
    }
  }

  const Hdf5Space& space_;
  Hdf5Records& found_;
  std::uint32_t node_size_ = 0;
  std::uint16_t record_size_ = 0;
  std::uint8_t count_width_ = 0;
  std::array<std::uint8_t, kDeepest + 1> total_widths_{};  // of the count of all records below a child, by its level
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace

Hdf5Records ReadHdf5Tree(const Hdf5Space& space, std::uint64_t address) {
  Hdf5Records found;
  Walk(space, found).Read(address);
  return found;
}

}  // namespace ringfort::formats
