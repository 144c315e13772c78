#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/bytes.h"

// What hides inside raw bytes: programs, archives, pickles and scripts that start
// anywhere in tensor data, in a gap, or in a file of no known format.
//
// Two steps. A filter looks at three neighboring bytes of every position at once
// (AVX2 where the processor has it: for each of eight groups of patterns, two
// table look-ups a byte, so that all patterns cost the same as one). What it
// lets through is verified exactly:
//
//   ELF, Mach-O   the whole header must be plausible (executable.h)
//   PE            `PE\0\0` with a plausible COFF header, and before it, within
//                 kEmbeddedContext bytes, an MZ header that points to it
//   zip           a local header: known method and version, printable name
//   7z            the CRC of its start header holds
//   pickle        an opcode that names a dangerous callable (`cos\nsystem\n`, or
//                 the strings `os` and `system` one after the other before
//                 STACK_GLOBAL); the offset is that of the pickle's protocol header if one stands before
//   framed pickle PROTO 4/5 and a frame that ends with STOP: well-formed, though
//                 nothing dangerous is known of it
//   script        a whole `#!` line and readable text behind it; a closed
//                 <script> element; PowerShell with a hiding or loading option
//
// Random bytes and weights do not pass: the weakest pattern that is reported
// fixes more than 50 bits. Time is linear in the input for all but crafted floods of
// patterns, where each hit costs at most kEmbeddedContext bytes of looking back.
// Allocates nothing. The filter is a form of "Teddy" (Intel Hyperscan, 2014).

namespace ringfort::formats {

enum class EmbeddedKind : std::uint8_t { kElf, kPe, kMachO, kZip, kSevenZip, kPickle, kFramedPickle, kScript };

struct Embedded {
  EmbeddedKind kind;
  std::uint64_t offset = 0;  // where it begins
  std::uint64_t size = 0;    // its length if its header tells, else 0
  std::string_view what;     // `posix.system`, `shell script`, `CUDA device code`, ...; a literal or empty
  bool has_header = true;    // pickles: a protocol header stands before the opcode
  bool device_code = false;  // programs: for a GPU or the kernel's BPF, not for the processor
};

using EmbeddedSink = std::function<void(const Embedded&)>;

// How many bytes around a place are looked at to verify it.
inline constexpr std::uint64_t kEmbeddedContext = 4096;

// Reports what is found at places in [begin, end) of `bytes`, in the order of these
// places; the rest of `bytes` is context. To search in chunks, give each chunk
// kEmbeddedContext bytes on both sides: then nothing is missed and nothing is
// found twice.
void FindEmbedded(ByteView bytes, std::uint64_t begin, std::uint64_t end, const EmbeddedSink& report);
inline void FindEmbedded(ByteView bytes, const EmbeddedSink& report) { FindEmbedded(bytes, 0, bytes.size(), report); }

// The same without AVX2: for tests, which hold one against the other.
void FindEmbeddedPortably(ByteView bytes, std::uint64_t begin, std::uint64_t end, const EmbeddedSink& report);

std::string_view Name(EmbeddedKind kind);

}  // namespace ringfort::formats
