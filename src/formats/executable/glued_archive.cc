#include "formats/executable/glued_archive.h"

#include <algorithm>

namespace ringfort::formats {
namespace {

constexpr std::uint32_t kEndRecord = 0x06054b50, kDirectoryEntry = 0x02014b50, kLocalHeader = 0x04034b50;
constexpr std::uint32_t kZip64Locator = 0x07064b50, kZip64EndRecord = 0x06064b50;

std::uint32_t U32(ByteView bytes, std::uint64_t at) {
  return bytes.size() >= 4 && at <= bytes.size() - 4 ? LoadLittle<std::uint32_t>(bytes.data() + at) : 0;
}
std::uint64_t U64(ByteView bytes, std::uint64_t at) {
  return bytes.size() >= 8 && at <= bytes.size() - 8 ? LoadLittle<std::uint64_t>(bytes.data() + at) : 0;
}

std::optional<GluedArchive> ReadAt(ByteView bytes, std::uint64_t record) {
  const std::uint64_t comment = LoadLittle<std::uint16_t>(bytes.data() + record + 20);
  if (comment > bytes.size() - record - 22) return {};
  std::uint64_t members = LoadLittle<std::uint16_t>(bytes.data() + record + 10);
  std::uint64_t size = U32(bytes, record + 12), offset = U32(bytes, record + 16);
  std::uint64_t directory_end = record;
  GluedArchive archive;
  archive.end = record + 22 + comment;
  if ((offset == 0xFFFFFFFF || size == 0xFFFFFFFF || members == 0xFFFF) && record >= 76 &&
      U32(bytes, record - 20) == kZip64Locator && U32(bytes, record - 76) == kZip64EndRecord) {
    members = U64(bytes, record - 76 + 32);
    size = U64(bytes, record - 76 + 40);
    offset = U64(bytes, record - 76 + 48);
    directory_end = record - 76;
    archive.zip64 = true;
  }
  if (members == 0 || size < 46 || size > directory_end) return {};
  const std::uint64_t directory = directory_end - size;
  if (offset > directory || U32(bytes, directory) != kDirectoryEntry) return {};
  archive.begin = directory - offset;
  archive.members = members;
  const std::uint64_t first = U32(bytes, directory + 42);
  if (first > directory - archive.begin) {
    archive.first_member = archive.begin;  // a zip64 offset, or nonsense that the zip reader will report
  } else {
    archive.first_member = archive.begin + first;
    if (U32(bytes, archive.first_member) != kLocalHeader) return {};
  }
  return archive;
}

}  // namespace

std::optional<GluedArchive> FindGluedArchive(ByteView bytes) {
  if (bytes.size() < 22 + 46) return {};
  const std::uint64_t last = bytes.size() - 22;
  const std::uint64_t earliest = last > 65536 ? last - 65536 : 0;
  for (std::uint64_t at = last + 1; at-- > earliest;)
    if (bytes[at] == 'P' && U32(bytes, at) == kEndRecord)
      if (const auto archive = ReadAt(bytes, at)) return archive;
  return {};
}

}  // namespace ringfort::formats
