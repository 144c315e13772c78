#include "scanners/artifact/weights/safetensors_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "formats/text/pickle_in_text.h"
#include "formats/weights/safetensors.h"
#include "scanners/artifact/code_in_text.h"
#include "scanners/artifact/executable/hidden_content.h"

namespace ringfort::scanners {
namespace {

using formats::SafetensorsFault;
using formats::SafetensorsFaultKind;

constexpr std::string_view kDifferentialThreats[] = {"supply_chain.masquerading", "AML.T0010.003", "CWE-436"};
constexpr std::string_view kRoomThreats[] = {"supply_chain.hidden_payload", "AML.T0018.002", "CWE-436"};
constexpr std::string_view kCorruptThreats[] = {"supply_chain.corrupt_artifact", "AML.T0076", "CWE-119"};
constexpr std::string_view kResourceThreats[] = {"supply_chain.resource_exhaustion", "CWE-400"};

constexpr std::string_view kCodeThreats[] = {"supply_chain.hidden_payload", "AML.T0018.002", "CWE-94"};

constexpr std::string_view kTakeAgain =
    "Take the file from its publisher again and compare digests; do not load it with a lenient reader.";

constexpr RuleCard kRules[] = {
    {"RF-SFT-001", "safetensors_duplicate_key", Severity::kHigh, "A key stands twice in the safetensors header",
     "Readers differ in which of two equal keys they believe, so one file can hold two models and show the harmless "
     "one.",
     kTakeAgain, kDifferentialThreats},
    {"RF-SFT-002", "safetensors_overlap", Severity::kHigh, "Tensors of a safetensors file overlap",
     "The format forbids shared bytes; a file that has them was made by hand and means different things to different "
     "readers.",
     kTakeAgain, kDifferentialThreats},
    {"RF-SFT-003", "safetensors_hole", Severity::kMedium, "Bytes in a safetensors file belong to no tensor",
     "The reference reader refuses a file with holes because another file can hide in them.", kTakeAgain, kRoomThreats},
    {"RF-SFT-004", "safetensors_trailing_bytes", Severity::kMedium,
     "Bytes follow the last tensor of a safetensors file",
     "The reference reader refuses a file with a rest because another file can be glued there.", kTakeAgain,
     kRoomThreats},
    {"RF-SFT-005", "safetensors_out_of_bounds", Severity::kMedium, "A tensor lies outside its safetensors file",
     "A reader that trusts the offsets reads memory that is not the file's.", kTakeAgain, kCorruptThreats},
    {"RF-SFT-006", "safetensors_size_mismatch", Severity::kMedium, "Shape and offsets of a tensor disagree",
     "A reader that trusts the shape reads past the tensor, one that trusts the offsets does not: memory errors and "
     "parser differentials begin so.",
     kTakeAgain, kCorruptThreats},
    {"RF-SFT-007", "safetensors_bad_entry", Severity::kMedium, "A safetensors header holds what is not a tensor",
     "The header may only hold tensors and metadata texts; other entries carry content past the readers that ignore "
     "them.",
     kTakeAgain, kDifferentialThreats},
    {"RF-SFT-008", "safetensors_oversized_header", Severity::kMedium,
     "A safetensors header claims an impossible length",
     "The length is larger than the format allows; readers that allocate it first run out of memory.", kTakeAgain,
     kResourceThreats},
    {"RF-SFT-009", "safetensors_padding", Severity::kLow, "A safetensors header is padded in an unusual way",
     "The format pads with spaces; other white space is harmless but tells of a writer of its own.",
     "Nothing to do, unless the file is suspect otherwise.", kCorruptThreats},
    {"RF-SFT-010", "safetensors_text_with_code", Severity::kMedium, "Safetensors metadata hold program code",
     "Text that runs commands has no place in a model; a tool that evaluates it would be taken over.",
     "Ask the author why it is there; strip the metadata.", kCodeThreats},
};

const RuleCard& RuleOf(SafetensorsFaultKind kind) {
  switch (kind) {
    case SafetensorsFaultKind::kDuplicateKey: return kRules[0];
    case SafetensorsFaultKind::kOverlap: return kRules[1];
    case SafetensorsFaultKind::kHole: return kRules[2];
    case SafetensorsFaultKind::kTrailingBytes: return kRules[3];
    case SafetensorsFaultKind::kOutOfBounds: return kRules[4];
    case SafetensorsFaultKind::kSizeMismatch: return kRules[5];
    case SafetensorsFaultKind::kBadEntry:
    case SafetensorsFaultKind::kUnknownType: return kRules[6];
    case SafetensorsFaultKind::kPadding: return kRules[8];
  }
  return kRules[6];
}

// A rest of zeros comes from tools that align files, not from an attack.
bool IsPadding(ByteView rest) {
  constexpr std::size_t kLargestPadding = std::size_t{1} << 20;
  return rest.size() <= kLargestPadding &&
         std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; });
}

void Describe(const formats::SafetensorsFacts& facts, Inspection& inspection) {
  inspection.Describe("tensors", fmt::format("{}", facts.tensors.size()));
  inspection.Describe("parameters", fmt::format("{}", facts.parameters));
  std::map<std::string_view, std::size_t> types;
  for (const auto& tensor : facts.tensors) ++types[tensor.dtype];
  const auto most =
      std::max_element(types.begin(), types.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most != types.end()) inspection.Describe("quantization", most->first);
  for (const auto& [key, text] : facts.metadata) {
    if (key == "format")
      inspection.Describe("framework", text == "pt" ? "pytorch" : text == "tf" ? "tensorflow" : text);
    // Names under which tools for images and adapters say the same things.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kKeys = {{
        {"license", "license"},
        {"modelspec.license", "license"},
        {"name", "name"},
        {"modelspec.title", "name"},
        {"author", "author"},
        {"modelspec.author", "author"},
        {"architecture", "architecture"},
        {"modelspec.architecture", "architecture"},
        {"base_model", "base_model"},
        {"ss_base_model_version", "base_model"},
    }};
    for (const auto& [from, to] : kKeys)
      if (key == from) inspection.Describe(to, text);
  }
}

}  // namespace

void InspectSafetensors(const Content& content, Inspection& inspection) {
  const formats::SafetensorsFacts facts = formats::ReadSafetensors(content.bytes);
  if (facts.damage) {
    if (facts.damage->fault == Fault::kLimitExceeded && facts.damage->offset == 0)
      inspection.Raise(kRules[7], 0, facts.damage->what);
    inspection.Skip("safetensors header", *facts.damage);
  } else {
    Describe(facts, inspection);
    for (const auto& [key, text] : facts.metadata)
      if (const auto pickle = formats::PickleInText(text))
        inspection.Descend(Content{.name = key, .bytes = AsBytes(*pickle), .stream = nullptr, .role = Role::kPickle},
                           8);
  }
  for (const auto& [key, text] : facts.metadata)
    if (HoldsCode(text)) inspection.Raise(kRules[9], 8, fmt::format("{}={}", key, text.substr(0, 512)));
  if (facts.cut_off) inspection.Skip("tensors", *facts.cut_off);
  const bool glued = InspectGluedArchive(content, Severity::kHigh, inspection);
  for (const SafetensorsFault& fault : facts.faults) {
    if (fault.kind == SafetensorsFaultKind::kUnknownType) {
      inspection.Skip("a tensor", fault.what, fault.offset);
      continue;
    }
    const RuleCard& rule = RuleOf(fault.kind);
    if (fault.kind != SafetensorsFaultKind::kTrailingBytes) {
      inspection.Raise(rule, fault.offset, fault.what);
      continue;
    }
    const ByteView rest = Slice(content.bytes, fault.offset);
    inspection.Raise(rule, IsPadding(rest) ? Severity::kLow : rule.severity, fault.offset, fault.what);
    const auto format = formats::Sniff(Slice(rest, 0, 65536), rest.size());
    if (!glued && format != formats::Format::kUnknown && format != formats::Format::kText && !IsPadding(rest))
      inspection.Descend(Content{.name = "trailing", .bytes = rest}, fault.offset);
  }
}

std::span<const RuleCard> SafetensorsRules() { return kRules; }

}  // namespace ringfort::scanners
