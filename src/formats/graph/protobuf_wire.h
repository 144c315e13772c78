#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

// Protocol Buffers wire format, read in place: no schema, no allocation, nothing
// but views into the message.
//
//   08 96 01        field 1, varint, 150
//   12 02 68 69     field 2, two bytes, "hi"
//
//   ProtobufFields fields(message);
//   while (fields.Next()) {
//     switch (fields.number()) {
//       case 2: name = fields.text(); break;
//     }
//   }
//   if (!fields.ok()) ...  // fields.offset() is where the damage begins
//
// Groups (wire types 3 and 4, gone since proto3) are passed over to a depth of 32.
// Source: protobuf.dev, "Encoding".

namespace ringfort::formats {

enum class WireType : std::uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5
};

// The fields of one message, one after the other. Every read is bounded by the
// message; damage ends the walk with ok() false.
class ProtobufFields {
 public:
  // `origin` is the offset of `message` in the whole file, so that offsets can be
  // reported against the file.
  explicit ProtobufFields(ByteView message, std::uint64_t origin = 0) : message_(message), origin_(origin) {}

  // Moves to the next field; false at the end of the message or at damage.
  bool Next();

  bool ok() const { return ok_; }
  // Where the current field (or the damage) begins, in the file.
  std::uint64_t offset() const { return origin_ + field_start_; }

  std::uint32_t number() const { return number_; }
  WireType type() const { return type_; }
  // The number of a varint or fixed field, else 0.
  std::uint64_t value() const { return value_; }
  // The payload of a length-delimited field, else empty.
  ByteView bytes() const { return bytes_; }
  std::string_view text() const { return AsText(bytes_); }
  // Where bytes() begins in the file.
  std::uint64_t bytes_offset() const { return origin_ + bytes_start_; }
  // The fields of a length-delimited field that holds a message.
  ProtobufFields message() const { return ProtobufFields(bytes_, bytes_offset()); }

 private:
  bool Varint(std::uint64_t& value);
  bool SkipGroup(std::uint32_t number);
  bool Fail() {
    ok_ = false;
    return false;
  }

  ByteView message_;
  std::uint64_t origin_;
  std::uint64_t at_ = 0;
  std::uint64_t field_start_ = 0;
  std::uint64_t bytes_start_ = 0;
  std::uint64_t value_ = 0;
  ByteView bytes_;
  std::uint32_t number_ = 0;
  WireType type_ = WireType::kVarint;
  bool ok_ = true;
};

// Moves on unless damage was met anywhere in the file, and records the first.
bool Next(ProtobufFields& fields, std::optional<Error>& damage);

// True when `bytes` read as one whole, undamaged message of at least one field.
bool IsProtobufMessage(ByteView bytes);

}  // namespace ringfort::formats
