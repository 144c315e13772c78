#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

// A zip archive at the end of something else.
//
// Zip readers look from the end: whatever stands before the archive does not disturb
// them. So a program, a picture or a model with a zip glued behind it is two
// valid files at once, and what it is depends on who opens it.
//
// Source: PKWARE APPNOTE 6.3.10, sections 4.3.16 and 4.3.14.

namespace ringfort::formats {

struct GluedArchive {
  std::uint64_t begin = 0;         // of the archive; offsets inside it count from here
  std::uint64_t first_member = 0;  // of its first local header; at least `begin`
  std::uint64_t end = 0;           // behind its end record and comment
  std::uint64_t members = 0;
  bool zip64 = false;
};

// The archive whose end record stands in the last 64 KiB of `bytes`: its central
// directory must lie where the record says, or before it by the same distance
// as the archive's start, and begin with a directory entry. Touches only these.
std::optional<GluedArchive> FindGluedArchive(ByteView bytes);

}  // namespace ringfort::formats
