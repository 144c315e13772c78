#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// ZIP as every loader may see it.
//
// A ZIP file says everything twice: in a local header before each member and in
// the central directory at the end. Python's zipfile, torch's miniz, Java and
// unzip each believe another half, look for the directory in another way and
// stop at other oddities; an attacker writes the file so that the loader reads
// what the scanner does not. So this reader takes no side. It finds every
// directory that some loader would use, walks the local headers too, and tells
// where the two disagree and which bytes neither of them accounts for.
//
// It reads headers only: the bytes of members stay untouched (a few bytes behind
// each, where its data descriptor stands). Cost: linear in the number of members,
// plus one search through the bytes that no member accounts for. Memory: some
// 200 bytes for each header that is really there.
//
// Source: PKWARE APPNOTE 6.3.10. Not read: spanned archives, the encrypted
// central directory.

namespace ringfort::formats {

enum ZipMethod : std::uint16_t {
  kZipStored = 0,
  kZipDeflate = 8,
  kZipBzip2 = 12,
  kZipLzma = 14,
  kZipZstd = 93,
  kZipXz = 95,
};

// General purpose flags.
inline constexpr std::uint16_t kZipEncrypted = 0x0001;
inline constexpr std::uint16_t kZipLzmaEndMarker = 0x0002;
inline constexpr std::uint16_t kZipDescriptor = 0x0008;
inline constexpr std::uint16_t kZipPatched = 0x0020;
inline constexpr std::uint16_t kZipStrongEncryption = 0x0040;
inline constexpr std::uint16_t kZipMaskedDirectory = 0x2000;

// What one of the two headers of a member says.
struct ZipHeader {
  bool present = false;
  std::string_view name{};  // raw bytes, as they stand there
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint64_t compressed = 0;  // bytes; ZIP64 extra field applied
  std::uint64_t plain = 0;
};

// In what the two headers of a member disagree; a set of bits.
enum ZipDisagreement : std::uint32_t {
  kZipNamesDiffer = 1,
  kZipMethodsDiffer = 2,
  kZipSizesDiffer = 4,
  kZipChecksumsDiffer = 8,
  kZipEncryptionDiffers = 16,
};

struct ZipMember {
  ZipHeader central;
  ZipHeader local;               // one of the two is always present
  std::uint64_t header = 0;      // offset of the local header (where the directory says it is, if there is none)
  std::uint64_t data = 0;        // offset of the content; only if local.present
  std::uint64_t end = 0;         // behind the content and its data descriptor
  std::uint32_t attributes = 0;  // external; the upper half is a Unix mode
  std::uint32_t disagreements = 0;

  const ZipHeader& told() const { return central.present ? central : local; }
  std::string_view name() const { return told().name; }
  bool hidden() const { return !central.present; }
  bool symbolic_link() const { return central.present && (attributes >> 16 & 0170000) == 0120000; }
};

// Bytes that belong to no header, member or directory; never all zeros.
struct ZipGap {
  enum class Where : std::uint8_t { kBefore, kBetween, kAfter, kComment } where = Where::kBetween;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

struct ZipFacts {
  std::vector<ZipMember> members;  // in order of their offset
  std::vector<ZipGap> gaps;
  std::vector<std::uint64_t> overlaps;  // offsets of members that begin inside another one, at most 64
  std::uint32_t directories = 0;        // different ones that some loader would find
  bool count_differs = false;           // the end record's count or size is not that of the directory
  std::uint64_t unlocated = 0;          // members of the directory without a local header
  bool cut = false;                     // more members than `max_members`; the rest was not read
  std::optional<Error> damage;          // the first that was met
};

// Never fails: a file that is no ZIP has no members, no directory and damage.
ZipFacts ReadZip(ByteView bytes, std::uint64_t max_members);

// True if a ZIP reader that looks at the end of a file, as Python's zipfile does,
// would take `bytes` for a ZIP whatever they begin with.
bool EndsAsZip(ByteView bytes);

}  // namespace ringfort::formats
