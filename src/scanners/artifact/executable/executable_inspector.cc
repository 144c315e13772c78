#include "scanners/artifact/executable/executable_inspector.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "formats/executable/executable.h"
#include "formats/executable/glued_archive.h"
#include "scanners/artifact/executable/hidden_content.h"

namespace ringfort::scanners {
namespace {

using formats::Format;

constexpr std::string_view kMaskThreats[] = {"supply_chain.masquerading", "supply_chain.code_execution", "AML.T0074",
                                             "AML.T0010.003", "CWE-434"};
constexpr std::string_view kCodeThreats[] = {"supply_chain.code_execution", "AML.T0010.003"};
constexpr std::string_view kGluedThreats[] = {"supply_chain.hidden_payload", "supply_chain.masquerading",
                                              "AML.T0018.002", "CWE-434"};

constexpr RuleCard kRules[] = {
    {"RF-EXE-001", "program_named_as_model", Severity::kHigh, "A program stands where a model is expected",
     "The name promises a model, the content is a program: whoever starts, installs or loads it runs it.",
     "Do not run it; take the model from its publisher again.", kMaskThreats},
    {"RF-EXE-002", "native_code", Severity::kLow, "Native code among the model files",
     "Libraries and programs are code that Ringfort does not judge; who loads them trusts their publisher.",
     "Use it only if the model needs it and you trust where it comes from.", kCodeThreats},
    {"RF-EXE-003", "program_with_content_behind", Severity::kMedium, "Something is glued behind a program",
     "Behind the end of the program stands an archive or a model. The file can be run and can be loaded, and what one "
     "use "
     "shows the other does not.",
     "Take program and model apart, and run the program only if you trust its publisher.", kGluedThreats},
    {"RF-EXE-004", "script_with_content_behind", Severity::kMedium, "Binary content is glued behind a script",
     "The text of the script ends and binary content follows, as in self-extracting installers: what runs is not what "
     "an "
     "editor shows.",
     "Unpack the content with a tool instead of running the script.", kGluedThreats},
    {"RF-EXE-005", "script", Severity::kLow, "A script among the model files",
     "A script runs what it says when somebody starts it; Ringfort reads Python, not other languages.",
     "Read it before you run it.", kCodeThreats},
};
constexpr const RuleCard& kNamedAsModel = kRules[0];
constexpr const RuleCard& kNativeCode = kRules[1];
constexpr const RuleCard& kContentBehindProgram = kRules[2];
constexpr const RuleCard& kContentBehindScript = kRules[3];
constexpr const RuleCard& kPlainScript = kRules[4];

// Endings under which people publish and load weights.
constexpr std::string_view kModelEndings[] = {
    ".safetensors", ".gguf", ".ggml",    ".onnx",   ".tflite",  ".h5",       ".hdf5", ".keras", ".pb",    ".pt",
    ".pth",         ".ckpt", ".pkl",     ".pickle", ".joblib",  ".dill",     ".npy",  ".npz",   ".model", ".mlmodel",
    ".pmml",        ".bin",  ".weights", ".params", ".msgpack", ".pdparams", ".pt2",  ".mar",   ".nemo",
};

bool PromisesModel(std::string_view name) {
  const std::string lower = LowerCase(name);
  return std::any_of(std::begin(kModelEndings), std::end(kModelEndings),
                     [&](std::string_view ending) { return lower.ends_with(ending); });
}

// What follows a program or a script and is something by its own right; linkers pad, so
// zeros are passed over.
bool InspectRest(const Content& content, std::uint64_t end, const RuleCard& rule, std::string_view evidence,
                 Inspection& inspection) {
  const ByteView rest = Slice(content.bytes, end);
  const auto nonzero = std::find_if(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte != 0; });
  const auto padding = static_cast<std::uint64_t>(nonzero - rest.begin());
  for (const std::uint64_t skipped : {std::uint64_t{0}, padding}) {
    const ByteView candidate = Slice(rest, skipped);
    if (candidate.size() < 16) continue;
    switch (const Format format = formats::Sniff(Slice(candidate, 0, 65536), candidate.size()); format) {
      case Format::kUnknown:
      case Format::kEmpty:
      case Format::kText: continue;
      case Format::kZlib:  // signatures of two bytes
      case Format::kLzma: continue;
      default:
        inspection.Raise(rule, end + skipped, fmt::format("{}, then {}", evidence, formats::Name(format)));
        inspection.Descend(Content{.name = "appended", .bytes = candidate}, end + skipped);
        return true;
    }
  }
  return false;
}

// A zip that a reader finds from the end.
bool InspectArchiveBehind(const Content& content, const RuleCard& rule, std::string_view evidence,
                          Inspection& inspection) {
  const auto archive = formats::FindGluedArchive(content.bytes);
  if (!archive || archive->first_member == 0) return false;
  inspection.Raise(rule, archive->first_member,
                   fmt::format("{}, then a zip archive of {} members", evidence, archive->members));
  if (archive->begin == 0)
    inspection.InspectAs(Format::kZip, content, "appended.zip");
  else
    inspection.Descend(Content{.name = "appended.zip", .bytes = Slice(content.bytes, archive->begin)}, archive->begin);
  return true;
}

// The first byte that no text has.
std::uint64_t EndOfText(ByteView bytes) {
  const auto at = std::find_if(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte < 7; });
  return static_cast<std::uint64_t>(at - bytes.begin());
}

}  // namespace

void InspectExecutable(const Content& content, Inspection& inspection) {
  const auto facts = formats::ReadExecutable(content.bytes);
  if (!facts) {
    inspection.Skip(content.name, "begins like a program, but its headers are not those of one", 0);
    if (inspection.mode() == Mode::kFull) SearchForHiddenContent(content, inspection);
    return;
  }
  const std::string evidence =
      fmt::format("{} {}{} for {}", formats::Name(facts->kind),
                  facts->bits != 0 ? fmt::format("{}-bit ", facts->bits) : "", facts->type, facts->machine);
  inspection.Describe("machine", facts->machine);
  const bool named_as_model = PromisesModel(content.name);
  if (named_as_model)
    inspection.Raise(kNamedAsModel, 0, fmt::format("`{}` is an {}", content.name, evidence));
  else
    inspection.Raise(kNativeCode, 0, evidence);

  bool glued = InspectArchiveBehind(content, kContentBehindProgram, evidence, inspection);
  if (!glued && !facts->damage && facts->image_end < content.bytes.size())
    glued = InspectRest(content, facts->image_end, kContentBehindProgram, evidence, inspection);
  if (facts->portable) inspection.Refine(glued ? "llamafile" : "portable-executable");
  // A program that is cut short is no reason to call the artifact unread: nothing else
  // would have been read of it.
}

void InspectScript(const Content& content, Inspection& inspection) {
  const std::string_view text = AsText(content.bytes);
  const std::string_view line = text.substr(0, std::min(text.find('\n'), std::size_t{256}));
  const bool python = line.find("python") != std::string_view::npos;
  if (PromisesModel(content.name))
    inspection.Raise(kNamedAsModel, 0, line);
  else if (!python)
    inspection.Raise(kPlainScript, 0, line);

  if (InspectArchiveBehind(content, kContentBehindScript, "a script", inspection)) return;
  const std::uint64_t end = EndOfText(content.bytes);
  if (end < content.bytes.size()) {
    // Binary content begins on a line of its own.
    const std::size_t line_end = text.substr(0, static_cast<std::size_t>(end)).rfind('\n');
    const std::uint64_t begin = line_end == std::string_view::npos ? end : line_end + 1;
    if (InspectRest(content, begin, kContentBehindScript, "a script", inspection)) return;
    inspection.Raise(kContentBehindScript, begin, "a script, then bytes of no known format");
    inspection.Descend(
        Content{.name = "appended", .bytes = Slice(content.bytes, begin), .stream = nullptr, .role = Role::kTensorData},
        begin);
    return;
  }
  if (python) inspection.InspectAs(Format::kPython, content, "");
}

std::span<const RuleCard> ExecutableRules() { return kRules; }

}  // namespace ringfort::scanners
