#include "formats/graph/flatbuffer.h"

namespace ringfort::formats {
namespace {

// A string or vector behind its 32-bit count; empty and `fits` false when it
// passes the end.
ByteView Counted(ByteView buffer, std::uint64_t at, std::uint64_t item, std::uint32_t& count, bool& fits) {
  fits = false;
  count = 0;
  if (at == 0 || at > buffer.size() || buffer.size() - at < 4) return {};
  const auto claimed = LoadLittle<std::uint32_t>(buffer.data() + at);
  if (claimed > (buffer.size() - at - 4) / item) return {};
  fits = true;
  count = claimed;
  return buffer.subspan(static_cast<std::size_t>(at + 4), static_cast<std::size_t>(claimed * item));
}

}  // namespace

FlatTable FlatTable::Root(ByteView buffer) {
  if (buffer.size() < 8) return {};
  return At(buffer, LoadLittle<std::uint32_t>(buffer.data()));
}

FlatTable FlatTable::At(ByteView buffer, std::uint64_t position) {
  FlatTable table;
  if (position == 0 || position > buffer.size() || buffer.size() - position < 4) return table;
  // The table begins with the signed distance back to its vtable.
  const auto back = LoadLittle<std::int32_t>(buffer.data() + position);
  const std::int64_t vtable = static_cast<std::int64_t>(position) - back;
  if (vtable < 0 || static_cast<std::uint64_t>(vtable) > buffer.size() ||
      buffer.size() - static_cast<std::uint64_t>(vtable) < 4)
    return table;
  table.vtable_ = static_cast<std::uint64_t>(vtable);
  table.vtable_size_ = LoadLittle<std::uint16_t>(buffer.data() + vtable);
  table.table_size_ = LoadLittle<std::uint16_t>(buffer.data() + vtable + 2);
  if (table.vtable_size_ < 4 || table.vtable_size_ % 2 != 0 || table.vtable_size_ > buffer.size() - table.vtable_ ||
      table.table_size_ < 4 || table.table_size_ > buffer.size() - position)
    return table;
  table.buffer_ = buffer;
  table.position_ = position;
  table.valid_ = true;
  return table;
}

std::uint64_t FlatTable::FieldOffset(std::uint32_t field) const {
  const std::uint64_t slot = 4 + std::uint64_t{2} * field;
  if (!valid_ || slot + 2 > vtable_size_) return 0;
  const auto offset = LoadLittle<std::uint16_t>(buffer_.data() + vtable_ + slot);
  if (offset == 0) return 0;
  if (offset >= table_size_) {
    damaged_ = true;
    return 0;
  }
  return position_ + offset;
}

std::uint64_t FlatTable::Target(std::uint64_t at) const {
  if (at == 0) return 0;
  if (at > buffer_.size() || buffer_.size() - at < 4) {
    damaged_ = true;
    return 0;
  }
  const std::uint64_t target = at + LoadLittle<std::uint32_t>(buffer_.data() + at);
  if (target == at || target >= buffer_.size()) {
    damaged_ = true;
    return 0;
  }
  return target;
}

std::string_view FlatTable::Text(std::uint32_t field) const {
  const std::uint64_t target = Target(FieldOffset(field));
  if (target == 0) return {};
  std::uint32_t count = 0;
  bool fits = false;
  const ByteView text = Counted(buffer_, target, 1, count, fits);
  if (!fits) damaged_ = true;
  return AsText(text);
}

FlatTable FlatTable::Table(std::uint32_t field) const {
  const std::uint64_t target = Target(FieldOffset(field));
  if (target == 0) return {};
  FlatTable table = At(buffer_, target);
  if (!table.valid()) damaged_ = true;
  return table;
}

FlatVector FlatTable::Vector(std::uint32_t field, std::uint32_t item) const {
  FlatVector vector;
  const std::uint64_t target = Target(FieldOffset(field));
  if (target == 0) return vector;
  bool fits = false;
  vector.items_ = Counted(buffer_, target, item, vector.size_, fits);
  if (!fits) damaged_ = true;
  vector.buffer_ = buffer_;
  vector.position_ = target + 4;
  return vector;
}

FlatTable FlatVector::Table(std::uint32_t index) const {
  const std::uint64_t slot = position_ + std::uint64_t{4} * index;
  return FlatTable::At(buffer_, slot + Scalar<std::uint32_t>(index));
}

std::string_view FlatVector::Text(std::uint32_t index) const {
  const std::uint64_t slot = position_ + std::uint64_t{4} * index;
  std::uint32_t count = 0;
  bool fits = false;
  return AsText(Counted(buffer_, slot + Scalar<std::uint32_t>(index), 1, count, fits));
}

}  // namespace ringfort::formats
