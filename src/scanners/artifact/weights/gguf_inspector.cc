#include "scanners/artifact/weights/gguf_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <string>

#include "base/digest.h"
#include "formats/text/pickle_in_text.h"
#include "formats/weights/gguf.h"
#include "scanners/artifact/code_in_text.h"
#include "scanners/artifact/executable/hidden_content.h"

namespace ringfort::scanners {
namespace {

using formats::GgufFault;
using formats::GgufFaultKind;
using formats::GgufType;
using formats::GgufValue;

constexpr std::string_view kMemoryThreats[] = {"supply_chain.code_execution", "supply_chain.corrupt_artifact",
                                               "AML.T0010.003", "CWE-190", "CWE-122"};
constexpr std::string_view kBoundsThreats[] = {"supply_chain.corrupt_artifact", "AML.T0076", "CWE-125"};
constexpr std::string_view kDifferentialThreats[] = {"supply_chain.masquerading", "AML.T0010.003", "CWE-436"};
constexpr std::string_view kRoomThreats[] = {"supply_chain.hidden_payload", "AML.T0018.002", "CWE-436"};

constexpr std::string_view kCodeThreats[] = {"supply_chain.hidden_payload", "AML.T0018.002", "CWE-94"};

constexpr std::string_view kTakeAgain =
    "Take the file from its publisher again and compare digests; keep llama.cpp up to date.";

constexpr RuleCard kRules[] = {
    {"RF-GGF-001", "gguf_absurd_length", Severity::kHigh, "A GGUF count or length is made to overflow",
     "No file can hold that much; the number is there to overflow the sum with which a C program sizes its memory, as "
     "in "
     "CVE-2024-23496 and its kin.",
     kTakeAgain, kMemoryThreats},
    {"RF-GGF-002", "gguf_size_overflow", Severity::kHigh, "The dimensions of a GGUF tensor overflow",
     "The product of the dimensions does not fit 64 bits; a reader that multiplies without care allocates too little "
     "and "
     "writes past it.",
     kTakeAgain, kMemoryThreats},
    {"RF-GGF-003", "gguf_out_of_bounds", Severity::kMedium, "A GGUF tensor lies outside its file",
     "A reader that trusts the offset reads memory that is not the file's.", kTakeAgain, kBoundsThreats},
    {"RF-GGF-004", "gguf_overlap", Severity::kHigh, "Tensors of a GGUF file overlap",
     "No converter writes tensors that share bytes; a file that has them was made by hand and means different things "
     "to "
     "different readers.",
     kTakeAgain, kDifferentialThreats},
    {"RF-GGF-005", "gguf_duplicate_name", Severity::kHigh, "A key or a tensor stands twice in a GGUF file",
     "Readers differ in which of two equal names they believe: a harmless chat template can be shown and another one "
     "used.",
     kTakeAgain, kDifferentialThreats},
    {"RF-GGF-006", "gguf_bad_alignment", Severity::kMedium, "A GGUF file has an impossible alignment",
     "Readers mask and divide by the alignment; zero or no power of two sends them to a wrong place or down.",
     kTakeAgain, kMemoryThreats},
    {"RF-GGF-007", "gguf_trailing_bytes", Severity::kMedium, "Bytes follow the last tensor of a GGUF file",
     "Loaders ignore a rest, so another file can be glued there.", kTakeAgain, kRoomThreats},
    {"RF-GGF-008", "gguf_hole", Severity::kMedium, "Bytes in a GGUF file belong to no tensor",
     "More than padding lies between two tensors; another file can hide in it.", kTakeAgain, kRoomThreats},
    {"RF-GGF-009", "gguf_misaligned", Severity::kLow, "A GGUF tensor is not aligned",
     "llama.cpp refuses such files; the writer did not follow the format.", kTakeAgain, kBoundsThreats},
    {"RF-GGF-010", "gguf_text_with_code", Severity::kMedium, "GGUF metadata hold program code",
     "Text that runs commands has no place in a model; a tool that evaluates it would be taken over.",
     "Ask the author why it is there; strip the metadata.", kCodeThreats},
};

void JudgeFault(const Content& content, const GgufFault& fault, bool glued, Inspection& inspection) {
  switch (fault.kind) {
    case GgufFaultKind::kAbsurdLength: return inspection.Raise(kRules[0], fault.offset, fault.what);
    case GgufFaultKind::kSizeOverflow: return inspection.Raise(kRules[1], fault.offset, fault.what);
    case GgufFaultKind::kOutOfBounds: return inspection.Raise(kRules[2], fault.offset, fault.what);
    case GgufFaultKind::kOverlap: return inspection.Raise(kRules[3], fault.offset, fault.what);
    case GgufFaultKind::kDuplicateKey:
    case GgufFaultKind::kDuplicateTensor: return inspection.Raise(kRules[4], fault.offset, fault.what);
    case GgufFaultKind::kBadAlignment: return inspection.Raise(kRules[5], fault.offset, fault.what);
    case GgufFaultKind::kHole: return inspection.Raise(kRules[7], fault.offset, fault.what);
    case GgufFaultKind::kMisaligned: return inspection.Raise(kRules[8], fault.offset, fault.what);
    // A type newer than our table is no sign of anything; that its tensor was not measured is said.
    case GgufFaultKind::kUnknownType:
    case GgufFaultKind::kBadShape: return inspection.Skip("a tensor", fault.what, fault.offset);
    case GgufFaultKind::kTrailingBytes: break;
  }
  const ByteView rest = Slice(content.bytes, fault.offset);
  constexpr std::size_t kLargestPadding = std::size_t{1} << 20;
  const bool zeros = rest.size() <= kLargestPadding &&
                     std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; });
  inspection.Raise(kRules[6], zeros ? Severity::kLow : Severity::kMedium, fault.offset, fault.what);
  const auto format = formats::Sniff(Slice(rest, 0, 65536), rest.size());
  if (!glued && !zeros && format != formats::Format::kUnknown && format != formats::Format::kText)
    inspection.Descend(Content{.name = "trailing", .bytes = rest}, fault.offset);
}

std::string Shown(const GgufValue& value) {
  switch (value.type) {
    case GgufType::kString: return std::string(value.text.substr(0, 512));
    case GgufType::kArray: return fmt::format("{} elements", value.number);
    case GgufType::kF32: {
      const auto bits = static_cast<std::uint32_t>(value.number);
      float number = 0;
      std::memcpy(&number, &bits, sizeof number);
      return fmt::format("{}", number);
    }
    default: return fmt::format("{}", static_cast<std::int64_t>(value.number));
  }
}

void Describe(const formats::GgufFacts& facts, Inspection& inspection) {
  inspection.Describe("framework", "llama.cpp");
  inspection.Describe("gguf_version", fmt::format("{}", facts.version));
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kKeys = {{
      {"general.architecture", "architecture"},
      {"general.name", "name"},
      {"general.license", "license"},
      {"general.author", "author"},
      {"general.organization", "organization"},
      {"general.base_model.0.name", "base_model"},
      {"general.base_model.0.repo_url", "base_model_url"},
      {"general.source.url", "source_url"},
      {"general.quantized_by", "quantized_by"},
      {"general.size_label", "size_label"},
      {"tokenizer.ggml.model", "tokenizer"},
      {"general.type", "model_type"},
  }};
  for (const auto& [key, name] : kKeys)
    if (const GgufValue* value = facts.Find(key)) inspection.Describe(name, Shown(*value));
  const std::string architecture(facts.Text("general.architecture").substr(0, 64));
  for (const std::string_view key : {"context_length", "embedding_length", "block_count"})
    if (const GgufValue* value = facts.Find(fmt::format("{}.{}", architecture, key)))
      inspection.Describe(key, Shown(*value));
  if (const GgufValue* tokens = facts.Find("tokenizer.ggml.tokens");
      tokens != nullptr && tokens->type == GgufType::kArray)
    inspection.Describe("vocabulary", fmt::format("{}", static_cast<std::uint64_t>(tokens->number)));
  inspection.Describe("tensors", fmt::format("{}", facts.tensors.size()));
  inspection.Describe("parameters", fmt::format("{}", facts.parameters));
  // The type of most of the bytes is what people call the quantization.
  std::map<std::uint32_t, std::uint64_t> bytes_of_type;
  for (const auto& tensor : facts.tensors) bytes_of_type[tensor.type] += tensor.size;
  const auto most = std::max_element(bytes_of_type.begin(), bytes_of_type.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most != bytes_of_type.end())
    if (const auto* type = formats::FindGgmlType(most->first)) inspection.Describe("quantization", type->name);
}

}  // namespace

void InspectGguf(const Content& content, Inspection& inspection) {
  const formats::GgufFacts facts = formats::ReadGguf(content.bytes);
  if (facts.damage) inspection.Skip("GGUF file", *facts.damage);
  Describe(facts, inspection);

  // Every one is inspected, also the second of two under one name.
  for (const GgufValue& value : facts.values) {
    constexpr std::string_view kTemplate = "tokenizer.chat_template";
    if (value.type != GgufType::kString) continue;
    if (const auto pickle = formats::PickleInText(value.text))
      inspection.Descend(
          Content{.name = value.key, .bytes = AsBytes(*pickle), .stream = nullptr, .role = Role::kPickle},
          value.offset);
    const bool is_template = value.key.starts_with(kTemplate) &&
                             (value.key.size() == kTemplate.size() || value.key[kTemplate.size()] == '.');
    if (!is_template) {
      if (HoldsCode(value.text))
        inspection.Raise(kRules[9], value.offset, fmt::format("{}={}", value.key, value.text.substr(0, 512)));
      continue;
    }
    const ByteView text = AsBytes(value.text);
    if (value.key == kTemplate) inspection.Describe("chat_template_sha256", Sha256Hex(text));
    inspection.InspectAs(formats::Format::kJinja,
                         Content{.name = value.key, .bytes = text, .stream = nullptr, .role = Role::kTemplate},
                         value.key);
  }
  const bool glued = InspectGluedArchive(content, Severity::kHigh, inspection);
  for (const GgufFault& fault : facts.faults) JudgeFault(content, fault, glued, inspection);
}

std::span<const RuleCard> GgufRules() { return kRules; }

}  // namespace ringfort::scanners
