#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/byte_stream.h"
#include "base/bytes.h"
#include "base/result.h"

// 7z, by libarchive restricted to that format. A door (RINGFORT_WITH_LIBARCHIVE):
// with it shut nothing is visited and the error says so.
//
// Limits: libarchive allocates the dictionary that the archive asks for; run it
// on untrusted bytes in a worker with a memory limit. Encrypted archives are
// visited as far as their names can be read.

namespace ringfort::formats {

struct SevenZipEntry {
  std::string name{};
  std::optional<std::uint64_t> size{};  // as the archive says
  bool folder = false;
  bool encrypted = false;
  std::string link{};  // target of a symbolic link
};

// Calls `visit` for each entry, in the order of the archive, with a stream over
// its content that lives as long as the call. A stream that breaks yields what
// came before and has the error. `visit` returns false to stop. Returns the error
// that ended the walk early, if one did.
std::optional<Error> WalkSevenZip(ByteView bytes,
                                  const std::function<bool(const SevenZipEntry& entry, ByteStream& content)>& visit);

}  // namespace ringfort::formats
