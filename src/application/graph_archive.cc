#include "application/graph_archive.h"

#include <fmt/format.h>

#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/text.h"
#include "formats/archive/decompression.h"
#include "formats/archive/zip_archive.h"

namespace ringfort {
namespace {

using formats::ZipHeader;
using formats::ZipMember;

constexpr std::uint64_t kMaySwell = std::uint64_t{64} << 10;  // any ratio is fine up to here

Error Refused(std::string what) { return {Fault::kInvalidInput, std::move(what)}; }

std::string_view BaseName(std::string_view name) { return name.substr(name.find_last_of('/') + 1); }

class ArchiveReader {
 public:
  ArchiveReader(ByteView bytes, std::string_view file_name, const GraphArchiveLimits& limits)
      : bytes_(bytes), file_name_(Printable(file_name, 200)), limits_(limits) {}

  Result<knowledge::Import> Read() {
    const formats::ZipFacts facts = formats::ReadZip(bytes_, limits_.members);
    if (facts.members.empty() && facts.damage)
      return Refused(fmt::format("{}: no zip that can be read: {}", file_name_, facts.damage->what));
    for (const ZipMember& member : facts.members) {
      if (!member.name().ends_with(".json")) continue;
      ++records_;
      if (Status read = ReadMember(member); !read.ok()) Warn(member, ": " + read.error().what);
    }
    if (facts.cut) Warn(fmt::format("{}: more than {} members; the rest is left out", file_name_, limits_.members));
    if (facts.damage) Warn(fmt::format("{}: {}", file_name_, facts.damage->what));
    if (imported_ == 0)
      return Error{Fault::kUnsupported,
                   records_ == 0
                       ? fmt::format("{}: no member of the archive ends with .json", file_name_)
                       : fmt::format("{}: none of {} JSON members holds threat records; the first: {}", file_name_,
                                     records_, import_.warnings.empty() ? "" : import_.warnings.front())};
    if (untold_ > 0) import_.warnings.push_back(fmt::format("{}: {} more warnings are left out", file_name_, untold_));
    return std::move(import_);
  }

 private:
  Status ReadMember(const ZipMember& member) {
    if (member.hidden()) return Refused("the directory does not list it, so it is left out");
    if (!member.local.present) return Refused("it is not where the directory says");
    if (member.disagreements != 0) return Refused("its two headers disagree, so it is left out");
    if (!names_.insert(member.name()).second) return Refused("a second member of this name is left out");
    TRY(text, Unpack(member));
    // The name without folders, as if the file had been unpacked: so the same record is the
    // same entry, whichever way it comes.
    TRY(import, knowledge::ImportAny(text, BaseName(member.name())));
    ++imported_;
    import_.graph.Add(import.graph);
    for (const std::string& warning : import.warnings) Warn(member, AfterName(member, warning));
    return Done{};
  }

  Result<std::string> Unpack(const ZipMember& member) {
    const ZipHeader& header = member.central;
    constexpr std::uint16_t kSealed = formats::kZipEncrypted | formats::kZipStrongEncryption;
    if ((header.flags & kSealed) != 0) return Refused("it is encrypted");
    if (header.method != formats::kZipStored && header.method != formats::kZipDeflate)
      return Refused(fmt::format("it is packed by method {}, which is not read here", header.method));
    if (header.plain > limits_.member_bytes)
      return Error{Fault::kLimitExceeded, fmt::format("{} bytes, more than {}", header.plain, limits_.member_bytes)};
    const ByteView raw = Slice(bytes_, member.data, header.compressed);
    if (raw.size() != header.compressed) return Refused("the file ends inside it");
    if (header.plain > kMaySwell && header.plain / limits_.ratio > header.compressed)
      return Error{Fault::kLimitExceeded, fmt::format("it swells more than {}-fold", limits_.ratio)};
    if (header.plain > limits_.all_bytes - taken_)
      return Error{Fault::kLimitExceeded, fmt::format("more than {} bytes in all members", limits_.all_bytes)};
    taken_ += header.plain;

    std::string text;
    if (header.method == formats::kZipStored) {
      if (header.compressed != header.plain) return Refused("it is stored, but not in its size");
      text = AsText(raw);
    } else {
      text.resize(static_cast<std::size_t>(header.plain));
      const auto used = formats::InflateWhole(raw, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
      if (!used.ok()) return Refused(used.error().what);
    }
    if (formats::Crc32(AsBytes(text)) != header.crc) return Refused("its checksum is wrong");
    return text;
  }

  // Importers name the file that they were given; what comes behind is kept.
  static std::string AfterName(const ZipMember& member, std::string_view warning) {
    const std::string_view name = BaseName(member.name());
    return warning.starts_with(name) ? std::string(warning.substr(name.size())) : ": " + std::string(warning);
  }

  void Warn(const ZipMember& member, const std::string& what) {
    // An importer's error names its file, too.
    const std::string own = fmt::format(": {}:", BaseName(member.name()));
    const std::string_view rest = what.starts_with(own) ? std::string_view(what).substr(own.size() - 1) : what;
    Warn(fmt::format("{}!/{}{}", file_name_, Printable(member.name(), 200), rest));
  }

  void Warn(std::string line) {
    if (import_.warnings.size() < limits_.warnings)
      import_.warnings.push_back(std::move(line));
    else
      ++untold_;
  }

  ByteView bytes_;
  std::string file_name_;
  const GraphArchiveLimits& limits_;
  knowledge::Import import_{};
  std::set<std::string_view> names_{};
  std::size_t records_ = 0;
  std::size_t imported_ = 0;
  std::size_t untold_ = 0;
  std::uint64_t taken_ = 0;
};

}  // namespace

bool LooksLikeZip(std::string_view bytes) {
  return bytes.starts_with(std::string_view("PK\x03\x04", 4)) || bytes.starts_with(std::string_view("PK\x05\x06", 4));
}

Result<knowledge::Import> ImportGraphArchive(std::string_view bytes, std::string_view file_name,
                                             const GraphArchiveLimits& limits) {
  return ArchiveReader(AsBytes(bytes), file_name, limits).Read();
}

}  // namespace ringfort
