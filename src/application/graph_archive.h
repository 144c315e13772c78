#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "knowledge/exchange/import.h"

namespace ringfort {

// Bounds on a zip of threat records; what goes past them is left out, with a warning.
struct GraphArchiveLimits {
  std::uint64_t members = 20'000;
  std::uint64_t member_bytes = std::uint64_t{16} << 20;  // unpacked
  std::uint64_t all_bytes = std::uint64_t{128} << 20;    // unpacked, of all that are read
  // How far a member of more than 64 KiB may swell; records are text and swell tenfold at most.
  std::uint64_t ratio = 100;
  std::size_t warnings = 1'000;
};

bool LooksLikeZip(std::string_view bytes);

// A zip of records as a project publishes them, such as the archive of the AVID
// database: every member whose name ends with .json is read by ImportAny, the rest
// passed over, nothing is written to disk. The graph is that of the files unpacked and
// imported one after the other. Members that cannot be read cost one line each: damaged,
// encrypted, packed otherwise than by deflate, under two names, or no threat records. The
// directory at the end counts; members that it does not list are left out.
//
// Warnings are `ARCHIVE!/MEMBER: what` or `ARCHIVE!/MEMBER:LINE: what`. Errors: kInvalidInput
// if it is no zip, kUnsupported if no member could be imported.
Result<knowledge::Import> ImportGraphArchive(std::string_view bytes, std::string_view file_name,
                                             const GraphArchiveLimits& limits = {});

}  // namespace ringfort
