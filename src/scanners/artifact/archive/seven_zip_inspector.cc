#include "scanners/artifact/archive/seven_zip_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "formats/archive/seven_zip.h"
#include "scanners/artifact/archive/archive_rules.h"
#include "scanners/artifact/archive/member_content.h"

namespace ringfort::scanners {
namespace {

constexpr std::uint64_t kSignatureHeader = 32;  // behind it stand the packed bytes
constexpr std::uint64_t kSalvaged = std::uint64_t{1} << 20;

// libarchive keeps back what it unpacked in the step that failed, and a payload
// runs before the damage is met. So the packed bytes are read once more, as each
// of the methods that 7z uses by default would have left them; only what then
// looks like something that can do harm is taken for the content.
void Salvage(ByteView packed, Inspection& inspection) {
  constexpr std::string_view kName = "(packed bytes)";
  if (CanDoHarm(formats::Sniff(packed, packed.size()))) {
    inspection.Descend({.name = kName, .bytes = packed}, kSignatureHeader);
    return;
  }
  for (const auto open : {formats::SalvageLzma2, formats::SalvageLzma}) {
    const auto plain = open(packed);
    MeteredStream stream(
        *plain, [&] { return plain->consumed(); }, inspection);
    const ByteView head = Slice(stream.Window(ByteStream::kLargestWindow), 0, kSalvaged);
    if (!CanDoHarm(formats::Sniff(head, ~std::uint64_t{0}))) continue;
    const std::vector<std::uint8_t> held(head.begin(), head.end());
    inspection.Descend({.name = kName, .bytes = held}, kSignatureHeader);
    return;
  }
}

// Where the archive ends by its signature header: the packed bytes, then the header
// of which it tells place and size.
std::uint64_t EndOf(ByteView archive) {
  Cursor cursor(Slice(archive, 12));
  const std::uint64_t place = cursor.U64(), size = cursor.U64(), left = archive.size();
  if (!cursor.ok() || place > left || size > left || place + size > left - kSignatureHeader) return left;
  return kSignatureHeader + place + size;
}

void InspectTrailing(ByteView archive, Inspection& inspection) {
  const std::uint64_t end = EndOf(archive);
  const ByteView rest = Slice(archive, end);
  if (std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; })) return;
  const bool harmful = CanDoHarm(formats::Sniff(rest, rest.size()));
  inspection.Raise(kDataBehindStream, harmful ? Severity::kMedium : kDataBehindStream.severity, end,
                   fmt::format("{} bytes", rest.size()));
  inspection.Descend({.name = "(bytes behind the archive)", .bytes = rest}, end);
}

}  // namespace

void InspectSevenZip(const Content& content, Inspection& inspection) {
  const bool admits_it = LowerCase(content.name).ends_with(".7z");
  std::uint64_t charged = content.bytes.size();  // the whole archive, with the first byte that comes out
  std::uint64_t members = 0;
  bool damaged = false;
  const auto visit = [&](const formats::SevenZipEntry& entry, ByteStream& raw) {
    if (inspection.Expired()) return false;
    if (++members > inspection.limits().members) {
      inspection.Skip("members", fmt::format("more than {} members", inspection.limits().members));
      return false;
    }
    if (EscapeOf(entry.name) != Escape::kNone) inspection.Raise(kPathTraversal, kNoOffset, entry.name);
    if (!entry.link.empty() && EscapeOfLink(entry.name, entry.link) != Escape::kNone)
      inspection.Raise(kLinkEscapes, kNoOffset, fmt::format("{} -> {}", entry.name, entry.link));
    if (entry.folder) return true;
    if (entry.encrypted) {
      inspection.Skip(fmt::format("member {}", entry.name), "encrypted");
      return true;
    }
    MeteredStream stream(
        raw, [charged] { return charged; }, inspection);
    charged = 0;
    const ByteView head = stream.Window(std::size_t{64} << 10);
    const formats::Format format = formats::Sniff(head, entry.size.value_or(~std::uint64_t{0}));
    const std::string name = LowerCase(entry.name);
    if (format == formats::Format::kPickle || (format == formats::Format::kZip && !admits_it) ||
        name.ends_with(".pkl") || name.ends_with(".pickle"))
      inspection.Raise(kSevenZipCheckpoint, admits_it ? Severity::kLow : kSevenZipCheckpoint.severity, kNoOffset,
                       entry.name);
    Content child{.name = entry.name};
    std::vector<std::uint8_t> held;
    if (entry.size.value_or(0) > inspection.limits().held_member) {
      child.stream = &stream;
      inspection.Descend(child, kNoOffset);
      if (inspection.mode() == Mode::kFull) stream.Skip(~std::uint64_t{0});
    } else {
      if (!Hold(stream, inspection.limits().held_member, held))
        inspection.Skip(fmt::format("rest of member {}", entry.name), "longer than the archive says");
      child.bytes = held;
      if (!held.empty()) inspection.Descend(child, kNoOffset);
    }
    if (stream.stopped()) return false;
    if (stream.error() != nullptr) {
      inspection.Skip(fmt::format("member {}", entry.name), *stream.error());
      damaged = true;
    }
    return true;
  };
  if (const auto error = formats::WalkSevenZip(content.bytes, visit)) {
    inspection.Skip("7z archive", *error);
    damaged = true;
    // A broken 7z that goes by the name of a checkpoint is the very trick.
    if (!admits_it && members == 0 && error->fault != Fault::kUnsupported)
      inspection.Raise(kSevenZipCheckpoint, Severity::kMedium, 0, error->what);
  }
  if (damaged)
    Salvage(Slice(content.bytes, kSignatureHeader), inspection);
  else
    InspectTrailing(content.bytes, inspection);
}

}  // namespace ringfort::scanners
