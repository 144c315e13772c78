#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

// The headers of native programs: ELF, PE and Mach-O.
//
// Enough is read to say what the program is, for which machine, and where its
// image ends in the file, because whatever follows the image (an archive, model
// weights) is not part of the program. Code is never disassembled. Reads at most
// 65535 table entries; allocates nothing; never fails: a header that is not
// plausible yields no facts, a table that leaves the file sets `damage`.
//
// Sources: System V ABI (gABI 4.1) chapter 4, Microsoft PE/COFF revision 11,
// Apple <mach-o/loader.h> and <mach-o/fat.h>.

namespace ringfort::formats {

enum class ExecutableKind : std::uint8_t { kElf, kPe, kMachO };

struct ExecutableFacts {
  ExecutableKind kind = ExecutableKind::kElf;
  int bits = 0;  // 32 or 64; 0 for a universal Mach-O
  bool big_endian = false;
  std::string_view machine;       // `x86-64`, `arm64`, `cuda`, ...; `other` for a number that we have no name for
  std::string_view type;          // `executable`, `shared library`, `object`, `core`
  bool runs_on_processor = true;  // false for device code (CUDA, AMD GPU, BPF), which frameworks embed in honest files
  bool portable = false;          // Actually Portable Executable: PE, ELF and shell script in one (llamafile)
  std::uint64_t image_end = 0;    // end of what the headers claim, bytes; never past the end of the file
  std::optional<Error> damage;    // a table or a segment leaves the file
};

// Reads the program that starts at the first byte of `bytes`. Nothing, if these
// are not plausible headers: magic number, class, version, machine and table
// sizes must all agree, so that random bytes do not pass.
std::optional<ExecutableFacts> ReadExecutable(ByteView bytes);

// The COFF header at `signature` ("PE\0\0"): a machine we know, 1 to 96 sections, and
// an optional header of the right magic. For a search that has found the
// signature before it knows where the MZ header is.
bool IsPlausiblePeHeader(ByteView bytes, std::uint64_t signature);

// `executable`, `ELF shared library for x86-64`, ... for a report.
std::string_view Name(ExecutableKind kind);

}  // namespace ringfort::formats
