#include "scanners/artifact/executable/hidden_content.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "formats/executable/embedded_content.h"
#include "formats/executable/glued_archive.h"

namespace ringfort::scanners {
namespace {

using formats::Embedded;
using formats::EmbeddedKind;
using formats::Format;

constexpr std::string_view kPayloadThreats[] = {"supply_chain.hidden_payload", "AML.T0010.003", "AML.T0018.002",
                                                "CWE-506"};
constexpr std::string_view kPickleThreats[] = {"supply_chain.hidden_payload", "supply_chain.unsafe_deserialization",
                                               "AML.T0018.002", "CWE-502"};
constexpr std::string_view kPolyglotThreats[] = {"supply_chain.masquerading", "supply_chain.hidden_payload",
                                                 "AML.T0074", "CWE-434"};

constexpr RuleCard kRules[] = {
    {"RF-HID-001", "hidden_program", Severity::kHigh, "A program is hidden inside data",
     "Complete headers of a native program stand in the middle of bytes that should be numbers; a short loader can cut "
     "it "
     "out and run it, and scanners that look at files never see it.",
     "Do not use the file; take the model from its publisher again and compare digests.", kPayloadThreats},
    {"RF-HID-002", "hidden_archive", Severity::kMedium, "An archive is hidden inside data",
     "An archive inside data is opened by tools that look for its signature, and carries content that other tools pass "
     "by.",
     "Find out how the archive came into the file; do not use the file until it is explained.", kPayloadThreats},
    {"RF-HID-003", "hidden_pickle", Severity::kHigh, "A pickle that calls dangerous functions is hidden inside data",
     "A pickle runs what it names when it is loaded; this one stands inside data where no honest file has one.",
     "Do not use the file; take the model from its publisher again and compare digests.", kPickleThreats},
    {"RF-HID-004", "hidden_script", Severity::kMedium, "A script is hidden inside data",
     "A whole script stands in the middle of bytes that should be data; a loader can cut it out and run it.",
     "Look at the script; do not use the file until it is explained.", kPayloadThreats},
    {"RF-HID-005", "glued_archive", Severity::kHigh, "The file is a zip archive, too",
     "A zip archive is glued behind the content, so the file means one thing to one program and another to the next.",
     "Take the file from its publisher again, or cut the archive off and inspect it.", kPolyglotThreats},
};
constexpr const RuleCard& kProgram = kRules[0];
constexpr const RuleCard& kArchive = kRules[1];
constexpr const RuleCard& kPickle = kRules[2];
constexpr const RuleCard& kScript = kRules[3];
constexpr const RuleCard& kGlued = kRules[4];

constexpr std::uint64_t kChunk = std::uint64_t{8} << 20;
// Pieces that are inspected in turn; past that the rules have said enough.
constexpr int kMostDescents = 16;

// What surrounds a find.
enum class Ground { kWeights, kUnknown, kForeign };

Ground GroundOf(const Content& content, Format format) {
  if (content.role == Role::kTensorData) return Ground::kWeights;
  switch (format) {
    case Format::kSafetensors:
    case Format::kGguf:
    case Format::kNumpy:
    case Format::kOnnx:
    case Format::kTflite:
    case Format::kSavedModel:
    case Format::kHdf5: return Ground::kWeights;
    case Format::kPickle:
    case Format::kUnknown: return Ground::kUnknown;
    default: return Ground::kForeign;
  }
}

class Search {
 public:
  Search(const Content& content, Format format, Inspection& inspection, Ground ground)
      : inspection_(inspection),
        ground_(ground),
        from_start_(content.role == Role::kTensorData),
        in_pickle_(content.role == Role::kPickle || format == Format::kPickle) {}

  // `window` lies at `base` of the content.
  void Judge(ByteView window, std::uint64_t base, const Embedded& found) {
    const std::uint64_t offset = base + found.offset;
    // What the content itself is has been said already; inside an archive that was
    // opened everything has its own place.
    if (offset == 0 && !from_start_) return;
    if (offset < passed_) return;
    switch (found.kind) {
      case EmbeddedKind::kElf:
      case EmbeddedKind::kPe:
      case EmbeddedKind::kMachO: return JudgeProgram(offset, found);
      case EmbeddedKind::kZip:
      case EmbeddedKind::kSevenZip: return JudgeArchive(window, offset, found);
      case EmbeddedKind::kPickle:
      case EmbeddedKind::kFramedPickle: return JudgePickle(window, offset, found);
      case EmbeddedKind::kScript: return JudgeScript(offset, found);
    }
  }

 private:
  void JudgeProgram(std::uint64_t offset, const Embedded& found) {
    // Compiled engines carry code for their GPU; that is what they are for.
    const Severity severity = found.device_code             ? Severity::kLow
                              : ground_ == Ground::kWeights ? Severity::kHigh
                                                            : Severity::kMedium;
    inspection_.Raise(kProgram, severity, offset, fmt::format("{} for {}", formats::Name(found.kind), found.what));
  }

  void JudgeArchive(ByteView window, std::uint64_t offset, const Embedded& found) {
    const ByteView rest = Slice(window, found.offset);
    if (found.kind == EmbeddedKind::kSevenZip) {
      inspection_.Raise(kArchive, offset, formats::Name(found.kind));
      if (found.size != 0) Open("archive.7z", rest.first(static_cast<std::size_t>(found.size)), Role::kAny, offset);
      if (found.size != 0) passed_ = offset + found.size;
      return;
    }
    // A local header that no end record speaks for is a member without an archive. The end
    // record of an archive that is not glued at the very end is looked for once.
    if (looked_for_archive_) return;
    looked_for_archive_ = true;
    inspection_.Raise(kArchive, offset, formats::Name(found.kind));
    constexpr std::string_view kEndRecord = "PK\x05\x06";
    for (std::size_t at = AsText(rest).find(kEndRecord); at != std::string_view::npos;
         at = AsText(rest).find(kEndRecord, at + 4)) {
      if (rest.size() - at < 22) break;
      const std::size_t end = std::min(rest.size(), at + 22 + LoadLittle<std::uint16_t>(rest.data() + at + 20));
      const auto archive = formats::FindGluedArchive(rest.first(end));
      if (!archive || archive->first_member != 0) continue;
      Open("archive.zip", rest.first(end), Role::kAny, offset);
      passed_ = offset + end;
      looked_for_archive_ = false;
      return;
    }
  }

  void JudgePickle(ByteView window, std::uint64_t offset, const Embedded& found) {
    // What a pickle names is judged where it is run; here only its payloads matter.
    if (in_pickle_) return;
    // A second name of the same pickle.
    if (offset == last_pickle_) return;
    last_pickle_ = offset;
    const ByteView rest = Slice(window, found.offset, found.size != 0 ? found.size : ~std::uint64_t{0});
    if (found.kind == EmbeddedKind::kFramedPickle) {
      // Nothing is known against it: its own inspector has the word.
      if (ground_ != Ground::kForeign) Open("pickle", rest, Role::kPickle, offset);
      return;
    }
    const std::string evidence = fmt::format("{} is named where a pickle would name it", found.what);
    // Texts about pickles have such lines, too: a database or a picture is not judged by them.
    if (ground_ == Ground::kForeign) return inspection_.Raise(kPickle, Severity::kLow, offset, evidence);
    inspection_.Raise(kPickle, ground_ == Ground::kWeights ? Severity::kHigh : Severity::kMedium, offset, evidence);
    if (ground_ == Ground::kWeights || found.has_header) Open("pickle", rest, Role::kPickle, offset);
  }

  void JudgeScript(std::uint64_t offset, const Embedded& found) {
    inspection_.Raise(kScript, ground_ == Ground::kWeights ? Severity::kMedium : Severity::kLow, offset, found.what);
  }

  void Open(std::string_view name, ByteView bytes, Role role, std::uint64_t offset) {
    if (descents_++ >= kMostDescents) return;
    inspection_.Descend(Content{.name = name, .bytes = bytes, .stream = nullptr, .role = role}, offset);
  }

  Inspection& inspection_;
  Ground ground_;
  bool from_start_;
  bool in_pickle_;
  bool looked_for_archive_ = false;
  int descents_ = 0;
  std::uint64_t passed_ = 0;  // what lies before was inspected as an archive
  std::uint64_t last_pickle_ = kNoOffset;
};

void SearchStream(const Content& content, Inspection& inspection, Search& search) {
  ByteStream& stream = *content.stream;
  bool first = true;
  for (;;) {
    const ByteView window = stream.Window(ByteStream::kLargestWindow);
    const std::uint64_t base = stream.offset();
    const std::uint64_t begin = first ? 0 : std::min<std::uint64_t>(formats::kEmbeddedContext, window.size());
    const bool last = window.size() < ByteStream::kLargestWindow;
    const std::uint64_t end = last ? window.size() : window.size() - formats::kEmbeddedContext;
    formats::FindEmbedded(window, begin, end, [&](const Embedded& found) { search.Judge(window, base, found); });
    if (inspection.Expired()) return;
    if (last) {
      stream.Skip(window.size());
      // A window may be short because the stream holds no more at once.
      if (stream.Window(1).empty()) break;
      first = true;
      continue;
    }
    stream.Skip(end - formats::kEmbeddedContext);
    first = false;
  }
  if (const Error* error = stream.error()) inspection.Skip(content.name, *error);
}

}  // namespace

bool InspectGluedArchive(const Content& content, Severity severity, Inspection& inspection) {
  const auto archive = formats::FindGluedArchive(content.bytes);
  if (!archive || archive->first_member == 0) return false;
  inspection.Raise(
      kGlued, severity, archive->first_member,
      fmt::format("a zip archive of {} members, {} bytes", archive->members, archive->end - archive->first_member));
  // Its offsets may count from the start of the file, as if the rest were part of it.
  if (archive->begin == 0)
    inspection.InspectAs(Format::kZip, content, "glued.zip");
  else
    inspection.Descend(
        Content{.name = "glued.zip", .bytes = Slice(content.bytes, archive->begin, archive->end - archive->begin)},
        archive->begin);
  return true;
}

void SearchForHiddenContent(const Content& content, Inspection& inspection) {
  const ByteView head = content.stream != nullptr ? content.stream->Window(4096) : Slice(content.bytes, 0, 65536);
  const Format format =
      content.role == Role::kTensorData
          ? Format::kUnknown
          : formats::Sniff(head, content.stream != nullptr ? ~std::uint64_t{0} : content.bytes.size());
  const Ground ground = GroundOf(content, format);
  Search search(content, format, inspection, ground);
  if (content.stream != nullptr && content.bytes.empty()) return SearchStream(content, inspection, search);

  const auto search_part = [&](std::uint64_t begin, std::uint64_t end) {
    const bool release = inspection.depth() == 0 && content.bytes.size() > kChunk;
    for (; begin < end && !inspection.Expired(); begin += kChunk) {
      const std::uint64_t stop = std::min(end, begin + kChunk);
      formats::FindEmbedded(content.bytes, begin, stop,
                            [&](const Embedded& found) { search.Judge(content.bytes, 0, found); });
      if (release) ReleasePages(Slice(content.bytes, begin, stop - begin));
    }
  };
  const auto archive = formats::FindGluedArchive(content.bytes);
  if (!archive || archive->first_member == 0) return search_part(0, content.bytes.size());
  // Their own inspectors have opened it. TensorFlow Lite keeps labels and vocabularies
  // in a zip behind the model, by its specification.
  if (format != Format::kSafetensors && format != Format::kGguf && format != Format::kNumpy)
    InspectGluedArchive(content,
                        format == Format::kTflite    ? Severity::kLow
                        : ground == Ground::kWeights ? Severity::kHigh
                                                     : Severity::kMedium,
                        inspection);
  search_part(0, archive->first_member);
  search_part(archive->end, content.bytes.size());
}

std::span<const RuleCard> HiddenContentRules() { return kRules; }

}  // namespace ringfort::scanners
