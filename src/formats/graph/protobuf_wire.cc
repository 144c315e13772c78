#include "formats/graph/protobuf_wire.h"

namespace ringfort::formats {
namespace {

constexpr int kDeepestGroup = 32;

}  // namespace

bool ProtobufFields::Varint(std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    if (at_ >= message_.size()) return false;
    const std::uint8_t byte = message_[at_++];
    // The tenth byte holds the last bit alone.
    if (shift == 63 && byte > 1) return false;
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool ProtobufFields::Next() {
  if (!ok_ || at_ >= message_.size()) return false;
  field_start_ = at_;
  bytes_start_ = at_;
  value_ = 0;
  bytes_ = {};
  std::uint64_t tag = 0;
  if (!Varint(tag) || tag > 0xFFFFFFFF || tag < 8) return Fail();
  number_ = static_cast<std::uint32_t>(tag >> 3);
  type_ = static_cast<WireType>(tag & 7);
  const std::uint64_t left = message_.size() - at_;
  switch (type_) {
    case WireType::kVarint: return Varint(value_) || Fail();
    case WireType::kFixed64:
      if (left < 8) return Fail();
      value_ = LoadLittle<std::uint64_t>(message_.data() + at_);
      at_ += 8;
      return true;
    case WireType::kFixed32:
      if (left < 4) return Fail();
      value_ = LoadLittle<std::uint32_t>(message_.data() + at_);
      at_ += 4;
      return true;
    case WireType::kBytes: {
      std::uint64_t size = 0;
      if (!Varint(size) || size > message_.size() - at_) return Fail();
      bytes_start_ = at_;
      bytes_ = message_.subspan(static_cast<std::size_t>(at_), static_cast<std::size_t>(size));
      at_ += size;
      return true;
    }
    case WireType::kStartGroup: return SkipGroup(number_) || Fail();
    case WireType::kEndGroup: return Fail();
  }
  return Fail();
}

bool ProtobufFields::SkipGroup(std::uint32_t number) {
  std::uint32_t open[kDeepestGroup] = {number};
  int depth = 1;
  while (depth > 0) {
    std::uint64_t tag = 0;
    std::uint64_t size = 0;
    if (!Varint(tag) || tag > 0xFFFFFFFF || tag < 8) return false;
    const auto field = static_cast<std::uint32_t>(tag >> 3);
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::kVarint:
        if (!Varint(size)) return false;
        size = 0;
        break;
      case WireType::kFixed64: size = 8; break;
      case WireType::kFixed32: size = 4; break;
      case WireType::kBytes:
        if (!Varint(size)) return false;
        break;
      case WireType::kStartGroup:
        if (depth == kDeepestGroup) return false;
        open[depth++] = field;
        break;
      case WireType::kEndGroup:
        if (open[--depth] != field) return false;
        break;
      default: return false;
    }
    if (size > message_.size() - at_) return false;
    at_ += size;
  }
  return true;
}

bool Next(ProtobufFields& fields, std::optional<Error>& damage) {
  if (damage) return false;
  if (fields.Next()) return true;
  if (!fields.ok()) damage = Error{Fault::kInvalidInput, "not a valid protobuf field", fields.offset()};
  return false;
}

bool IsProtobufMessage(ByteView bytes) {
  ProtobufFields fields(bytes);
  bool any = false;
  while (fields.Next()) any = true;
  return any && fields.ok();
}

}  // namespace ringfort::formats
