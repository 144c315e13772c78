#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

// Bytes that somebody else owns, and a cursor that reads little-endian numbers
// from them without ever stepping outside.

namespace ringfort {

using ByteView = std::span<const std::uint8_t>;

inline ByteView AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

inline bool StartsWith(ByteView bytes, std::string_view prefix) {
  return AsText(bytes).substr(0, prefix.size()) == prefix;
}

// The `size` bytes at `offset`, fewer where the view ends, none past its end.
inline ByteView Slice(ByteView bytes, std::uint64_t offset, std::uint64_t size = ~std::uint64_t{0}) {
  if (offset >= bytes.size()) return {};
  const std::uint64_t left = bytes.size() - offset;
  return bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size < left ? size : left));
}

static_assert(std::endian::native == std::endian::little, "the readers assume a little-endian machine");

// A number stored little-endian at `at`. REQUIRES: sizeof(T) readable bytes.
template <class T>
T LoadLittle(const std::uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

// A number stored big-endian at `at`. REQUIRES: sizeof(T) readable bytes.
template <class T>
T LoadBig(const std::uint8_t* at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>((value << 8) | at[i]);
  return value;
}

// Reads forward through a view. Once a read would pass the end, the cursor
// fails for good: ok() is false, every later read yields zeros or empty views,
// and offset() stays where the failing read began. So a parser may read a whole
// record and ask once.
class Cursor {
 public:
  explicit Cursor(ByteView bytes, std::uint64_t offset = 0) : bytes_(bytes) { Seek(offset); }

  bool ok() const { return ok_; }
  std::uint64_t offset() const { return offset_; }
  std::uint64_t left() const { return ok_ ? bytes_.size() - offset_ : 0; }
  bool AtEnd() const { return left() == 0; }

  void Seek(std::uint64_t offset) {
    if (offset > bytes_.size())
      ok_ = false;
    else
      offset_ = offset;
  }
  ByteView Take(std::uint64_t size) {
    if (!ok_ || size > left()) {
      ok_ = false;
      return {};
    }
    const ByteView taken = bytes_.subspan(static_cast<std::size_t>(offset_), static_cast<std::size_t>(size));
    offset_ += size;
    return taken;
  }
  void Skip(std::uint64_t size) { (void)Take(size); }
  std::string_view Text(std::uint64_t size) { return AsText(Take(size)); }

  template <class T>
  T Little() {
    const ByteView taken = Take(sizeof(T));
    return taken.empty() ? T{} : LoadLittle<T>(taken.data());
  }
  std::uint8_t U8() { return Little<std::uint8_t>(); }
  std::uint16_t U16() { return Little<std::uint16_t>(); }
  std::uint32_t U32() { return Little<std::uint32_t>(); }
  std::uint64_t U64() { return Little<std::uint64_t>(); }

 private:
  ByteView bytes_;
  std::uint64_t offset_ = 0;
  bool ok_ = true;
};

}  // namespace ringfort
