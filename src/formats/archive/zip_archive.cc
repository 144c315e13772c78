#include "formats/archive/zip_archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

namespace ringfort::formats {
namespace {

using std::string_view_literals::operator""sv;

constexpr auto kLocalMagic = "PK\x03\x04"sv;
constexpr auto kCentralMagic = "PK\x01\x02"sv;
constexpr auto kEndMagic = "PK\x05\x06"sv;
constexpr auto kEnd64Magic = "PK\x06\x06"sv;
constexpr auto kLocatorMagic = "PK\x06\x07"sv;
constexpr auto kDescriptorMagic = "PK\x07\x08"sv;
constexpr auto kApkSigningMagic = "APK Sig Block 42"sv;
constexpr std::uint64_t kEndSize = 22;
constexpr std::uint64_t kLocatorSize = 20;
constexpr std::uint64_t kEnd64Size = 56;
constexpr std::uint64_t kTail = kEndSize + 65535;  // where loaders look for the end record
constexpr std::size_t kMaxEnds = 4;
constexpr std::size_t kMaxDirectories = 8;
constexpr std::size_t kMaxOverlaps = 64;
constexpr std::size_t kMaxGaps = 10'000;
constexpr std::uint16_t kEncryptionFlags = kZipEncrypted | kZipStrongEncryption | kZipPatched;

struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool member = false;
};

// A place where some loader would begin to read central records. `shift` is added
// to the offsets of local headers: Python takes bytes in front of the archive into
// account, miniz does not.
struct Directory {
  std::uint64_t begin = 0;
  std::uint64_t shift = 0;  // modulo 2^64
  std::uint64_t count = 0;
  std::uint64_t size = 0;
};

bool Has(ByteView bytes, std::uint64_t offset, std::string_view magic) {
  return offset <= bytes.size() && StartsWith(bytes.subspan(static_cast<std::size_t>(offset)), magic);
}

class Reader {
 public:
  Reader(ByteView bytes, std::uint64_t max_members) : bytes_(bytes), max_members_(max_members) {}

  ZipFacts Read() {
    for (const std::uint64_t end : FindEnds()) ReadEnd(end);
    std::vector<Directory> directories;
    for (const Directory& candidate : candidates_) {
      const bool known = std::any_of(directories.begin(), directories.end(),
                                     [&](const Directory& d) { return d.begin == candidate.begin; });
      if (!known && directories.size() < kMaxDirectories) directories.push_back(candidate);
    }
    for (const Directory& directory : directories) ReadDirectory(directory);
    if (!found_end_) Damage(Fault::kTruncated, "no end of central directory record", bytes_.size());
    FindWhatIsUnaccounted();
    std::sort(facts_.members.begin(), facts_.members.end(),
              [](const ZipMember& a, const ZipMember& b) { return a.header < b.header; });
    return std::move(facts_);
  }

 private:
  void Damage(Fault fault, std::string what, std::uint64_t offset) {
    if (!facts_.damage) facts_.damage = Error{fault, std::move(what), offset};
  }

  // The end records that loaders would choose: the last signature (Python, miniz)
  // and any whose comment ends where the file ends (unzip, Java, libzip).
  std::vector<std::uint64_t> FindEnds() const {
    std::vector<std::uint64_t> ends;
    const std::uint64_t size = bytes_.size();
    if (size < kEndSize) return ends;
    const std::uint64_t from = size > kTail ? size - kTail : 0;
    std::string_view tail = AsText(Slice(bytes_, from, size - from - kEndSize + kEndMagic.size()));
    for (std::size_t at = tail.rfind(kEndMagic); at != tail.npos && ends.size() < kMaxEnds;
         at = at == 0 ? tail.npos : tail.rfind(kEndMagic, at - 1)) {
      const std::uint64_t offset = from + at;
      const std::uint64_t comment = LoadLittle<std::uint16_t>(bytes_.data() + offset + 20);
      if (ends.empty() || offset + kEndSize + comment == size) ends.push_back(offset);
    }
    if (!ends.empty()) return ends;
    // Data behind the end pushed it out of every loader's sight; unpackers that
    // repair find it all the same.
    const auto at = AsText(bytes_.first(static_cast<std::size_t>(size - kEndSize + kEndMagic.size()))).rfind(kEndMagic);
    if (at != std::string_view::npos) ends.push_back(at);
    return ends;
  }

  void ReadEnd(std::uint64_t at) {
    Cursor cursor(bytes_, at + 10);
    const std::uint64_t count = cursor.U16(), size = cursor.U32(), offset = cursor.U32(), comment = cursor.U16();
    if (!cursor.ok()) return;
    found_end_ = true;
    const std::uint64_t comment_begin = at + kEndSize;
    const std::uint64_t comment_end = std::min<std::uint64_t>(comment_begin + comment, bytes_.size());
    covered_.push_back({at, comment_end});
    if (comment_end > comment_begin) AddGap(ZipGap::Where::kComment, comment_begin, comment_end);
    bool sixty_four = false;
    if (at >= kLocatorSize && Has(bytes_, at - kLocatorSize, kLocatorMagic)) {
      const std::uint64_t locator = at - kLocatorSize;
      covered_.push_back({locator, at});
      // miniz goes where the locator points, Python looks right before the locator.
      const std::uint64_t pointed = LoadLittle<std::uint64_t>(bytes_.data() + locator + 8);
      for (const std::uint64_t record : {pointed, locator - kEnd64Size}) {
        if (locator < kEnd64Size || !Has(bytes_, record, kEnd64Magic) || bytes_.size() - record < kEnd64Size) continue;
        Cursor wide(bytes_, record + 4);
        const std::uint64_t length = wide.U64();
        wide.Seek(record + 32);
        const std::uint64_t count64 = wide.U64(), size64 = wide.U64(), offset64 = wide.U64();
        // The record may carry private data behind its fields, but not past the locator.
        const std::uint64_t end = record < locator && length <= locator - record
                                      ? std::min(record + 12 + length, locator)
                                      : record + kEnd64Size;
        covered_.push_back({record, std::max(end, record + kEnd64Size)});
        AddDirectory(record, offset64, size64, count64);
        sixty_four = true;
      }
    }
    const bool sentinel = count == 0xFFFF || size == 0xFFFFFFFF || offset == 0xFFFFFFFF;
    if (!sixty_four || !sentinel) AddDirectory(sixty_four ? kNoOffset : at, offset, size, count);
  }

  // `anchor`: the offset of what follows the directory, by which Python finds it.
  void AddDirectory(std::uint64_t anchor, std::uint64_t offset, std::uint64_t size, std::uint64_t count) {
    const auto add = [&](std::uint64_t begin, std::uint64_t shift) {
      if (Has(bytes_, begin, kCentralMagic)) candidates_.push_back({begin, shift, count, size});
    };
    const std::size_t before = candidates_.size();
    if (anchor != kNoOffset && size <= anchor) add(anchor - size, anchor - size - offset);
    if (anchor == kNoOffset || size > anchor || anchor - size != offset) add(offset, 0);
    if (candidates_.size() == before && !(count == 0 && size == 0))
      Damage(Fault::kInvalidInput, "the end record does not point to a central directory",
             anchor == kNoOffset ? offset : anchor);
  }

  // Reads the records as long as there are any, whatever the end record counts:
  // Python goes by the size of the directory, miniz by the count.
  void ReadDirectory(const Directory& directory) {
    std::uint64_t at = directory.begin, records = 0;
    while (Has(bytes_, at, kCentralMagic)) {
      if (facts_.members.size() >= max_members_) {
        facts_.cut = true;
        break;
      }
      Cursor cursor(bytes_, at + 8);
      ZipMember member;
      ZipHeader& central = member.central;
      central.flags = cursor.U16();
      central.method = cursor.U16();
      cursor.Skip(4);
      central.crc = cursor.U32();
      central.compressed = cursor.U32();
      central.plain = cursor.U32();
      const std::uint16_t name = cursor.U16(), extra = cursor.U16(), comment = cursor.U16();
      const std::uint16_t disk = cursor.U16();
      cursor.Skip(2);
      member.attributes = cursor.U32();
      std::uint64_t header = cursor.U32();
      central.name = cursor.Text(name);
      const ByteView extras = cursor.Take(extra);
      cursor.Skip(comment);
      if (!cursor.ok()) {
        Damage(Fault::kTruncated, "the central directory ends inside a record", at);
        break;
      }
      central.present = true;
      ApplyZip64(extras, central, &header, disk);
      ++records;
      at = cursor.offset();
      member.header = header + directory.shift;
      if (!Has(bytes_, member.header, kLocalMagic) && Has(bytes_, header, kLocalMagic)) member.header = header;
      if (!ReadLocal(member)) {
        ++facts_.unlocated;
        Damage(Fault::kInvalidInput, fmt::format("no local header for a member of the directory"), member.header);
      }
      if (facts_.directories > 0 && !seen_.emplace(Key(member)).second) continue;
      if (facts_.directories == 0) seen_.emplace(Key(member));
      if (member.local.present) covered_.push_back({member.header, member.end, true});
      facts_.members.push_back(std::move(member));
    }
    if (records == 0) return;
    covered_.push_back({directory.begin, at});
    if (Has(bytes_, at, "PK\x05\x05"sv) && bytes_.size() - at >= 6)  // digital signature of the directory
      covered_.push_back(
          {at, std::min<std::uint64_t>(at + 6 + LoadLittle<std::uint16_t>(bytes_.data() + at + 4), bytes_.size())});
    ++facts_.directories;
    // Writers without ZIP64 let the count wrap around.
    if ((records & 0xFFFF) != (directory.count & 0xFFFF) || at - directory.begin != directory.size)
      facts_.count_differs = true;
  }

  using MemberKey = std::tuple<std::uint64_t, std::string_view, std::uint16_t, std::uint64_t>;
  static MemberKey Key(const ZipMember& member) {
    return {member.header, member.central.name, member.central.method, member.central.compressed};
  }

  // The ZIP64 field holds, in this order, those of the values that are all ones
  // in the header.
  static void ApplyZip64(ByteView extras, ZipHeader& header, std::uint64_t* offset, std::uint16_t disk) {
    Cursor cursor(extras);
    while (cursor.left() >= 4) {
      const std::uint16_t id = cursor.U16(), size = cursor.U16();
      Cursor field(cursor.Take(size));
      if (id != 1 || !cursor.ok()) continue;
      if (header.plain == 0xFFFFFFFF && field.left() >= 8) header.plain = field.U64();
      if (header.compressed == 0xFFFFFFFF && field.left() >= 8) header.compressed = field.U64();
      if (offset != nullptr && *offset == 0xFFFFFFFF && field.left() >= 8) *offset = field.U64();
      (void)disk;
      return;
    }
  }

  // Reads the header at member.header; completes data, end and disagreements.
  bool ReadLocal(ZipMember& member) {
    if (!Has(bytes_, member.header, kLocalMagic)) return false;
    Cursor cursor(bytes_, member.header + 6);
    ZipHeader& local = member.local;
    local.flags = cursor.U16();
    local.method = cursor.U16();
    cursor.Skip(4);
    local.crc = cursor.U32();
    local.compressed = cursor.U32();
    local.plain = cursor.U32();
    const std::uint16_t name = cursor.U16(), extra = cursor.U16();
    local.name = cursor.Text(name);
    const ByteView extras = cursor.Take(extra);
    if (!cursor.ok()) {
      Damage(Fault::kTruncated, "the file ends inside a local header", member.header);
      return false;
    }
    local.present = true;
    ApplyZip64(extras, local, nullptr, 0);
    member.data = cursor.offset();
    if (!member.central.present) return true;  // the caller knows where a hidden entry may end
    const std::uint64_t left = bytes_.size() - member.data;
    if (member.central.compressed > left)
      Damage(Fault::kTruncated, "a member ends behind the end of the file", member.header);
    member.end = member.data + std::min(member.central.compressed, left);
    member.end += DescriptorSize(member.end, member.central, (local.flags | member.central.flags) & kZipDescriptor);
    member.disagreements = Compare(member.central, local);
    return true;
  }

  // The bytes of the data descriptor at `at`: 12 to 24, with or without a
  // signature, with sizes of 32 or 64 bits. 0 if there is none.
  std::uint64_t DescriptorSize(std::uint64_t at, const ZipHeader& header, bool expected) const {
    const bool marked = Has(bytes_, at, kDescriptorMagic);
    if (!marked && !expected) return 0;
    const std::uint64_t lead = marked ? 4 : 0;
    Cursor wide(bytes_, at + lead + 4);
    if (wide.U64() == header.compressed && wide.U64() == header.plain && wide.ok()) return lead + 20;
    Cursor narrow(bytes_, at + lead);
    const bool crc_fits = narrow.U32() == header.crc;
    const bool sizes_fit =
        narrow.U32() == (header.compressed & 0xFFFFFFFF) && narrow.U32() == (header.plain & 0xFFFFFFFF);
    if (!narrow.ok()) return 0;
    return sizes_fit || (marked && expected) || (crc_fits && expected) ? lead + 12 : 0;
  }

  static std::uint32_t Compare(const ZipHeader& central, const ZipHeader& local) {
    std::uint32_t found = 0;
    const auto slash = [](char c) { return c == '\\' ? '/' : c; };
    const bool same_name = std::equal(central.name.begin(), central.name.end(), local.name.begin(), local.name.end(),
                                      [&](char a, char b) { return slash(a) == slash(b); });
    if (!same_name) found |= kZipNamesDiffer;
    if (central.method != local.method) found |= kZipMethodsDiffer;
    // A writer that streams leaves the local values zero and writes them behind the data.
    const auto differ = [&](std::uint64_t ours, std::uint64_t theirs) {
      return ours != theirs && !(theirs == 0 && (local.flags & kZipDescriptor) != 0) &&
             !(theirs == 0xFFFFFFFF && (local.flags & kZipDescriptor) != 0);
    };
    if (differ(central.compressed, local.compressed) || differ(central.plain, local.plain)) found |= kZipSizesDiffer;
    if (differ(central.crc, local.crc)) found |= kZipChecksumsDiffer;
    if (((central.flags ^ local.flags) & kEncryptionFlags) != 0) found |= kZipEncryptionDiffers;
    return found;
  }

  void AddGap(ZipGap::Where where, std::uint64_t begin, std::uint64_t end) {
    if (facts_.gaps.size() < kMaxGaps) facts_.gaps.push_back({where, begin, end - begin});
  }

  // Goes through the bytes that no header, member or directory accounts for:
  // entries that the directory does not list, and plain data.
  void FindWhatIsUnaccounted() {
    std::sort(covered_.begin(), covered_.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
    const std::vector<Range> covered = std::move(covered_);
    const std::uint64_t last_known =
        covered.empty() ? 0 : std::max_element(covered.begin(), covered.end(), [](const Range& a, const Range& b) {
                                return a.end < b.end;
                              })->end;
    std::uint64_t at = 0, member_end = 0;
    bool any = false;
    for (const Range& range : covered) {
      if (range.begin > at) SearchGap(at, range.begin, any ? ZipGap::Where::kBetween : ZipGap::Where::kBefore);
      any = true;
      if (range.member) {
        if (range.begin < member_end && facts_.overlaps.size() < kMaxOverlaps) facts_.overlaps.push_back(range.begin);
        member_end = std::max(member_end, range.end);
      }
      at = std::max(at, range.end);
    }
    if (last_known < bytes_.size())
      SearchGap(last_known, bytes_.size(), any ? ZipGap::Where::kAfter : ZipGap::Where::kBetween);
  }

  void SearchGap(std::uint64_t begin, std::uint64_t end, ZipGap::Where where) {
    std::uint64_t plain_from = begin, at = begin;
    while (at < end) {
      const std::string_view text = AsText(Slice(bytes_, at, end - at));
      const std::size_t found = text.find(kLocalMagic);
      if (found == text.npos) break;
      ZipMember member;
      member.header = at + found;
      if (facts_.members.size() >= max_members_) {
        facts_.cut = true;
        break;
      }
      if (!ReadHidden(member, end)) {
        at = member.header + kLocalMagic.size();
        continue;
      }
      KeepGap(where, plain_from, member.header);
      if (where == ZipGap::Where::kBefore) where = ZipGap::Where::kBetween;
      at = plain_from = member.end;
      facts_.members.push_back(std::move(member));
    }
    KeepGap(where, plain_from, end);
  }

  bool ReadHidden(ZipMember& member, std::uint64_t gap_end) {
    std::optional<Error> kept = facts_.damage;
    if (!ReadLocal(member) || !Plausible(member.local) || member.data > gap_end) {
      facts_.damage = std::move(kept);  // no header at all, so no damage either
      return false;
    }
    ZipHeader& local = member.local;
    if ((local.flags & kZipDescriptor) != 0 && local.compressed == 0) {
      // Only the data descriptor knows the size: it stands where it says it stands.
      const std::string_view text = AsText(Slice(bytes_, member.data, gap_end - member.data));
      local.compressed = text.size();
      for (std::size_t at = text.find(kDescriptorMagic); at != text.npos; at = text.find(kDescriptorMagic, at + 1)) {
        Cursor cursor(AsBytes(text), at + 8);
        const std::uint32_t size = cursor.U32(), plain = cursor.U32();
        if (!cursor.ok()) break;
        if (size != (at & 0xFFFFFFFF)) continue;
        local.compressed = at;
        local.plain = plain;
        local.crc = LoadLittle<std::uint32_t>(bytes_.data() + member.data + at + 4);
        break;
      }
    }
    local.compressed = std::min<std::uint64_t>(local.compressed, bytes_.size() - member.data);
    member.end = std::min(member.data + local.compressed, gap_end);
    member.end +=
        std::min(DescriptorSize(member.end, local, (local.flags & kZipDescriptor) != 0), gap_end - member.end);
    return true;
  }

  // Four bytes alone make no header: stored data may hold them by chance.
  static bool Plausible(const ZipHeader& local) {
    constexpr std::uint16_t kMethods[] = {0, 1, 6, 8, 9, 12, 14, 93, 95, 98, 99};
    return !local.name.empty() && local.name.size() < 4096 &&
           std::find(std::begin(kMethods), std::end(kMethods), local.method) != std::end(kMethods);
  }

  void KeepGap(ZipGap::Where where, std::uint64_t begin, std::uint64_t end) {
    if (begin >= end) return;
    const ByteView bytes = Slice(bytes_, begin, end - begin);
    if (std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; })) return;
    if (AsText(bytes).ends_with(kApkSigningMagic)) return;  // Android signs packages in such a block
    AddGap(where, begin, end);
  }

  ByteView bytes_;
  std::uint64_t max_members_;
  ZipFacts facts_;
  std::vector<Directory> candidates_;
  std::vector<Range> covered_;
  std::set<MemberKey> seen_;
  bool found_end_ = false;
};

}  // namespace

ZipFacts ReadZip(ByteView bytes, std::uint64_t max_members) { return Reader(bytes, max_members).Read(); }

bool EndsAsZip(ByteView bytes) {
  if (bytes.size() < kEndSize) return false;
  const ByteView tail = bytes.last(std::min<std::size_t>(bytes.size(), kTail));
  const auto at = AsText(tail).rfind(kEndMagic);
  if (at == std::string_view::npos || tail.size() - at < kEndSize) return false;
  const std::uint64_t end = bytes.size() - tail.size() + at;
  const std::uint64_t size = LoadLittle<std::uint32_t>(tail.data() + at + 12);
  const std::uint64_t offset = LoadLittle<std::uint32_t>(tail.data() + at + 16);
  if (size == 0xFFFFFFFF || offset == 0xFFFFFFFF)
    return end >= kLocatorSize && Has(bytes, end - kLocatorSize, kLocatorMagic);
  return (size <= end && Has(bytes, end - size, kCentralMagic)) || Has(bytes, offset, kCentralMagic);
}

}  // namespace ringfort::formats
