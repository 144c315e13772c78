#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"

// A forward-only window over bytes that may be larger than memory: a mapped
// file, or what a decompressor yields. The reader asks for a window, looks, and
// moves on; the stream decides what it has to keep.
//
//   while (!(window = stream.Window(1)).empty()) { ...; stream.Skip(window.size()); }

namespace ringfort {

// Thread-compatible. A stream that meets damage yields what it could read, then
// ends, and error() says why and where.
class ByteStream {
 public:
  // The largest window that any stream must be able to hold in one piece.
  static constexpr std::size_t kLargestWindow = std::size_t{1} << 20;

  virtual ~ByteStream() = default;

  // The bytes at the current position: at least `wanted` of them unless fewer
  // are left (so a shorter window means that the stream ends there). The view
  // holds until the next call on this stream. REQUIRES: wanted <= kLargestWindow.
  virtual ByteView Window(std::size_t wanted) = 0;

  // Moves `size` bytes forward; stops at the end of the stream. Returns how many
  // bytes were passed.
  virtual std::uint64_t Skip(std::uint64_t size) = 0;

  // How many bytes have been passed so far.
  virtual std::uint64_t offset() const = 0;

  // All bytes from the current position on, if they already lie in memory in one
  // piece and stay there as long as the stream lives; else an empty view with
  // `contiguous` false.
  struct Whole {
    bool contiguous = false;
    ByteView bytes;
  };
  virtual Whole Rest() const { return {}; }

  // Set once damage ended the stream early.
  virtual const Error* error() const { return nullptr; }
};

// Bytes that already lie in memory.
class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(ByteView bytes) : bytes_(bytes) {}

  ByteView Window(std::size_t) override { return bytes_.subspan(offset_); }
  std::uint64_t Skip(std::uint64_t size) override {
    const std::uint64_t left = bytes_.size() - offset_;
    const std::uint64_t passed = size < left ? size : left;
    offset_ += static_cast<std::size_t>(passed);
    return passed;
  }
  std::uint64_t offset() const override { return offset_; }
  Whole Rest() const override { return {true, bytes_.subspan(offset_)}; }

 private:
  ByteView bytes_;
  std::size_t offset_ = 0;
};

}  // namespace ringfort
