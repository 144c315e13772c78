#include "formats/archive/seven_zip.h"

// The door is shut: no libarchive in this build.

namespace ringfort::formats {

std::optional<Error> WalkSevenZip(ByteView, const std::function<bool(const SevenZipEntry&, ByteStream&)>&) {
  return Error{Fault::kUnsupported, "built without 7z", 0};
}

}  // namespace ringfort::formats
