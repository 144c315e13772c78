#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

// FlatBuffers, read in place with every offset checked: a table, vector or string
// that does not lie wholly inside the buffer is not there. No schema and no
// allocation; the reader names fields by their number in the schema.
//
//   FlatTable root = FlatTable::Root(buffer);
//   auto version = root.Scalar<std::uint32_t>(0, 0);
//   FlatVector codes = root.Vector(1, 4);
//   for (std::uint32_t i = 0; i < codes.size(); ++i) codes.Table(i).Text(1);
//
// A field that is absent and a field that is damaged look alike to the caller of
// an accessor; damaged() of the table tells them apart afterwards.
// Source: flatbuffers.dev, "FlatBuffer internals".

namespace ringfort::formats {

class FlatVector;

class FlatTable {
 public:
  FlatTable() = default;  // not there

  // The root table of `buffer` (a size prefix is not expected).
  static FlatTable Root(ByteView buffer);
  static FlatTable At(ByteView buffer, std::uint64_t position);

  bool valid() const { return valid_; }
  // Set once an accessor met a field that points outside the buffer.
  bool damaged() const { return damaged_; }
  std::uint64_t position() const { return position_; }

  bool Has(std::uint32_t field) const { return FieldOffset(field) != 0; }
  template <class T>
  T Scalar(std::uint32_t field, T otherwise) const {
    const std::uint64_t at = FieldOffset(field);
    if (at == 0) return otherwise;
    if (at > buffer_.size() || buffer_.size() - at < sizeof(T)) {
      damaged_ = true;
      return otherwise;
    }
    return LoadLittle<T>(buffer_.data() + at);
  }
  std::string_view Text(std::uint32_t field) const;
  FlatTable Table(std::uint32_t field) const;
  // `item` is the size of one element in bytes (4 for tables and strings).
  FlatVector Vector(std::uint32_t field, std::uint32_t item) const;

 private:
  // Position of the field in the buffer, 0 if it is absent.
  std::uint64_t FieldOffset(std::uint32_t field) const;
  // Where the offset stored at `at` points, 0 if outside.
  std::uint64_t Target(std::uint64_t at) const;

  ByteView buffer_;
  std::uint64_t position_ = 0;
  std::uint64_t vtable_ = 0;
  std::uint16_t vtable_size_ = 0;
  std::uint16_t table_size_ = 0;
  bool valid_ = false;
  mutable bool damaged_ = false;
};

class FlatVector {
 public:
  FlatVector() = default;

  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  ByteView bytes() const { return items_; }
  std::uint64_t position() const { return position_; }
  // REQUIRES: index < size().
  FlatTable Table(std::uint32_t index) const;
  std::string_view Text(std::uint32_t index) const;
  template <class T>
  T Scalar(std::uint32_t index) const {
    return LoadLittle<T>(items_.data() + std::size_t{index} * sizeof(T));
  }

 private:
  friend class FlatTable;
  ByteView buffer_;
  ByteView items_;
  std::uint64_t position_ = 0;  // of the first item
  std::uint32_t size_ = 0;
};

}  // namespace ringfort::formats
