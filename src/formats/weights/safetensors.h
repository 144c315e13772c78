#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// safetensors: a length (8 bytes, little-endian), a JSON object that names each
// tensor's type, shape and place, and the tensors' bytes, back to back.
//
//   {"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}
//
// The format runs no code. What can be wrong with it is its bookkeeping: the reference
// reader demands that the tensors cover the data without overlap, hole or rest,
// other readers don't, and in the difference there is room for a second file. So
// everything is checked that the reference reader checks, and what fails is a fault
// with a place, not a refusal.
//
// Only the header is read, never a tensor's bytes. Bounds: header at most
// kLargestSafetensorsHeader bytes, 2 million JSON values (some 250,000 tensors).
//
// Source: github.com/huggingface/safetensors, README and safetensors/src/tensor.rs
// (0.6), whose largest header is 100,000,000 bytes.

namespace ringfort::formats {

inline constexpr std::uint64_t kLargestSafetensorsHeader = 100'000'000;

struct SafetensorsTensor {
  std::string name;
  std::string dtype;  // as written: `F32`, `BF16`, `F8_E4M3`, ...
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0, end = 0;  // from the start of the data section
};

enum class SafetensorsFaultKind : std::uint8_t {
  kDuplicateKey,   // one key twice: readers differ in which one they believe
  kOverlap,        // two tensors share bytes
  kHole,           // bytes that no tensor owns
  kTrailingBytes,  // bytes behind the last tensor
  kOutOfBounds,    // a tensor leaves the file
  kSizeMismatch,   // shape times type is not what the offsets span
  kUnknownType,    // a type that we have no size for
  kBadEntry,       // an entry that is not a tensor, or metadata that are not strings
  kPadding,        // the header is followed by something else than spaces
};

struct SafetensorsFault {
  SafetensorsFaultKind kind;
  std::string what;      // one sentence
  std::uint64_t offset;  // in the file
};

struct SafetensorsFacts {
  std::uint64_t header_size = 0;           // of the JSON
  std::uint64_t data_begin = 0;            // of the data section, in the file
  std::uint64_t data_end = 0;              // behind the last tensor that lies in the file
  std::vector<SafetensorsTensor> tensors;  // in the order of the header
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<SafetensorsFault> faults;  // at most kMostSafetensorsFaults
  std::uint64_t parameters = 0;          // elements in all; saturates
  std::optional<Error> damage;           // the header could not be read; then the rest is empty
  std::optional<Error> cut_off;          // the file ends before its last tensors do
};

inline constexpr std::size_t kMostSafetensorsFaults = 64;

SafetensorsFacts ReadSafetensors(ByteView bytes);

// Bits of one element, 0 for a type that we do not know.
unsigned BitsOfSafetensorsType(std::string_view dtype);

}  // namespace ringfort::formats
