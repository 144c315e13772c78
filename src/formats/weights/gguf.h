#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// GGUF, the model file of llama.cpp: magic `GGUF`, version, key/value metadata, a
// table of tensors, padding to an alignment, the tensors' bytes.
//
// The format runs no code, but the programs that read it are written in C: counts,
// lengths and products that overflow, offsets that leave the file and tensors that
// overlap were the matter of CVE-2024-21802, -21825, -21836, -23496, -23605,
// CVE-2025-49847 and -53630. All of them are checked here. And the metadata hold a Jinja
// program, the chat template, which is rendered when somebody chats.
//
// Versions 1 (32-bit counts), 2 and 3 are read, little-endian; a big-endian file is
// recognized and left as unsupported. A tensor's bytes are never touched. Metadata
// values stay where they are: the views hold as long as the input. Allocation
// grows with the entries that are really there.
//
// Source: github.com/ggml-org/ggml docs/gguf.md; type sizes from ggml-common.h.

namespace ringfort::formats {

enum class GgufType : std::uint32_t {
  kU8,
  kI8,
  kU16,
  kI16,
  kU32,
  kI32,
  kF32,
  kBool,
  kString,
  kArray,
  kU64,
  kI64,
  kF64
};

struct GgufValue {
  std::string_view key;
  GgufType type = GgufType::kU8;
  std::uint64_t offset = 0;          // of the value, in the file
  std::uint64_t number = 0;          // integers and booleans, sign-extended; the bits of a float; an array's length
  std::string_view text;             // a string's bytes
  GgufType element = GgufType::kU8;  // of an array
};

struct GgufTensor {
  std::string_view name;
  std::vector<std::uint64_t> dimensions;  // at most 4, the fastest first
  std::uint32_t type = 0;                 // a ggml_type
  std::uint64_t begin = 0;                // from the start of the data section
  std::uint64_t size = 0;                 // bytes; 0 if it cannot be computed
};

enum class GgufFaultKind : std::uint8_t {
  kDuplicateKey,
  kDuplicateTensor,
  kOverlap,        // two tensors share bytes
  kOutOfBounds,    // a tensor leaves the file
  kMisaligned,     // an offset that is no multiple of the alignment
  kBadAlignment,   // an alignment that is zero or no power of two
  kSizeOverflow,   // dimensions whose product overflows
  kBadShape,       // rows that are no multiple of the type's block, a side of zero
  kUnknownType,    // a tensor type that we have no size for
  kTrailingBytes,  // bytes behind the last tensor
  kHole,           // bytes between tensors that are more than padding
  kAbsurdLength,   // a count or a length that no file can hold: it is there to overflow a sum
};

struct GgufFault {
  GgufFaultKind kind;
  std::string what;
  std::uint64_t offset;  // in the file
};

struct GgufFacts {
  std::uint32_t version = 0;
  std::uint64_t claimed_values = 0, claimed_tensors = 0;
  std::vector<GgufValue> values;    // as many as could be read
  std::vector<GgufTensor> tensors;  // as many as could be read
  std::uint64_t alignment = 32;
  std::uint64_t data_begin = 0;
  std::uint64_t data_end = 0;  // behind the last tensor that lies in the file
  std::uint64_t parameters = 0;
  std::vector<GgufFault> faults;  // at most kMostGgufFaults
  std::optional<Error> damage;    // why reading stopped; what stands before it is kept

  const GgufValue* Find(std::string_view key) const;
  // The string under `key`, or "".
  std::string_view Text(std::string_view key) const;
};

inline constexpr std::size_t kMostGgufFaults = 64;

GgufFacts ReadGguf(ByteView bytes);

// A tensor type of ggml: so many elements make a block of so many bytes.
struct GgmlType {
  std::uint32_t number;
  std::string_view name;
  std::uint32_t block;
  std::uint32_t bytes;
};
// Null for a number that we do not know.
const GgmlType* FindGgmlType(std::uint32_t number);

}  // namespace ringfort::formats
