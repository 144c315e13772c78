#include "scanners/artifact/graph/inspect_tflite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "formats/graph/outward_operator.h"
#include "formats/graph/tflite_model.h"
#include "scanners/artifact/code_in_text.h"

namespace ringfort::scanners {
namespace {

constexpr std::string_view kCodeThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "AML.T0018.001", "CWE-94"};
constexpr std::string_view kGraphThreats[] = {"backdoor.architecture", "AML.T0018.001", "CWE-829"};
constexpr std::string_view kHiddenThreats[] = {"supply_chain.hidden_payload", "AML.T0018.002", "CWE-506"};
constexpr std::string_view kCorruptThreats[] = {"supply_chain.corrupt_artifact", "AML.T0076", "CWE-125"};

const std::array kRules = {
    RuleCard{"RF-TFL-001", "tflite_outward_flex_operator", Severity::kHigh,
             "TFLite model calls a TensorFlow operator that reaches files or Python",
             "With the Flex delegate the operator reads or writes files, loads libraries or calls Python.",
             "Do not run it with the Flex delegate.", kCodeThreats},
    RuleCard{"RF-TFL-002", "tflite_custom_operator", Severity::kLow, "TFLite model uses custom operators",
             "The operators come from a library that has to be linked beside the model.",
             "Link only a custom-operator library from a source that you trust.", kGraphThreats},
    RuleCard{"RF-TFL-003", "tflite_command_operator", Severity::kHigh,
             "TFLite model uses a custom operator that is named after running commands or touching files",
             "No numeric operator is called like that.", "Do not link a custom-operator library for this model.",
             kCodeThreats},
    RuleCard{"RF-TFL-004", "tflite_buffer_outside", Severity::kMedium, "TFLite buffer passes the end of the file",
             "A runtime that trusts the offset reads or writes memory that is not the model's.",
             "Do not load it with an old runtime; ask for an undamaged file.", kCorruptThreats},
    RuleCard{"RF-TFL-005", "tflite_trailing_data", Severity::kLow, "Data lies behind the TFLite model",
             "No part of the model refers to these bytes.", "Ask for a file written by the converter.", kHiddenThreats},
    RuleCard{"RF-TFL-006", "tflite_text_with_code", Severity::kMedium,
             "TFLite metadata, description or custom options hold program code",
             "Text that runs commands has no place in a model; a tool that evaluates it would be taken over.",
             "Ask the author why it is there; strip the metadata.", kHiddenThreats},
};
const RuleCard& kOutwardFlex = kRules[0];
const RuleCard& kCustom = kRules[1];
const RuleCard& kCommand = kRules[2];
const RuleCard& kOutside = kRules[3];
const RuleCard& kTrailing = kRules[4];
const RuleCard& kTextWithCode = kRules[5];

constexpr std::uint64_t kLeastTrailing = 1024;

// What a converter leaves in honest models: tables filled from assets, training data,
// restored variables.
bool ReachesOut(std::string_view type) {
  switch (formats::KindOfOperator(type)) {
    case formats::OutwardKind::kNone:
    case formats::OutwardKind::kPipeline:
    case formats::OutwardKind::kTable: return false;
    case formats::OutwardKind::kCheckpoint: return !type.starts_with("Restore");
    case formats::OutwardKind::kPrint: return type == "PrintV2";
    default: return true;
  }
}

constexpr std::string_view kCommandWords[] = {
    "shell",       "system", "exec",       "execute",  "runcommand", "popen",       "eval",   "writefile", "readfile",
    "loadlibrary", "dlopen", "subprocess", "download", "httpget",    "httprequest", "socket", "pyfunc",    "pyop"};

void JudgeOperators(const formats::TfliteFacts& facts, Inspection& inspection) {
  for (const formats::TfliteOperator& op : facts.operators) {
    if (op.custom_name.empty()) continue;
    const std::string evidence = fmt::format("custom operator {} ({} nodes)", op.custom_name, op.uses);
    const bool flex = op.custom_name.substr(0, 4) == "Flex";
    if (flex && ReachesOut(op.custom_name.substr(4))) {
      inspection.Raise(kOutwardFlex, 0, evidence);
    } else if (std::find(std::begin(kCommandWords), std::end(kCommandWords), LowerCase(op.custom_name)) !=
               std::end(kCommandWords)) {
      inspection.Raise(kCommand, 0, evidence);
    } else {
      inspection.Raise(kCustom, 0, evidence);
    }
  }
}

void JudgeTexts(const formats::TfliteFacts& facts, Inspection& inspection) {
  if (HoldsCode(facts.description))
    inspection.Raise(kTextWithCode, 0, fmt::format("description={}", facts.description));
  for (const formats::TfliteMetadata& metadata : facts.metadata)
    if (HoldsCode(AsText(metadata.bytes)))
      inspection.Raise(kTextWithCode, metadata.offset,
                       fmt::format("metadata {}={}", metadata.name, AsText(metadata.bytes).substr(0, 512)));
  for (const formats::TfliteOptions& options : facts.custom_options)
    if (HoldsCode(AsText(options.bytes)))
      inspection.Raise(kTextWithCode, options.offset,
                       fmt::format("options of {}: {}", facts.operators[options.op].custom_name,
                                   AsText(options.bytes).substr(0, 512)));
}

// What lies behind the last byte that the model refers to. Tables that this reader
// passes over (options, quantization) may lie there too, hence the mild rule; what
// is in there is inspected in its own right.
void JudgeTail(const Content& content, const formats::TfliteFacts& facts, Inspection& inspection) {
  const std::uint64_t size = content.bytes.size();
  const ByteView tail = Slice(content.bytes, facts.extent);
  const std::size_t archive = AsText(tail).find("PK\x03\x04");
  const bool closed =
      AsText(Slice(content.bytes, size > 65557 ? size - 65557 : 0)).rfind("PK\x05\x06") != std::string_view::npos;
  if (archive != std::string_view::npos && closed && archive < 1024) {
    inspection.Descend({"associated_files", tail.subspan(archive), nullptr, Role::kAny}, facts.extent + archive);
    return;
  }
  if (tail.size() < kLeastTrailing ||
      std::all_of(tail.begin(), tail.end(), [](std::uint8_t byte) { return byte == 0; }))
    return;
  inspection.Raise(kTrailing, facts.extent, fmt::format("{} bytes from offset {} on", tail.size(), facts.extent));
  inspection.Descend({"trailing", tail, nullptr, Role::kAny}, facts.extent);
}

}  // namespace

void InspectTflite(const Content& content, Inspection& inspection) {
  const formats::TfliteFacts facts = formats::ReadTflite(content.bytes);
  if (facts.damage) inspection.Skip("TFLite model", *facts.damage);
  if (facts.cut) inspection.Skip("TFLite model", "more entries than are read");
  inspection.Describe("framework", "tflite");
  if (!facts.description.empty()) inspection.Describe("producer", facts.description);
  inspection.Describe("tensors", std::to_string(facts.tensors));
  JudgeOperators(facts, inspection);
  JudgeTexts(facts, inspection);
  for (const formats::TfliteBufferOutside& buffer : facts.outside) {
    inspection.Raise(kOutside, buffer.offset,
                     fmt::format("buffer {} at {} with {} bytes, the file has {}", buffer.index, buffer.offset,
                                 buffer.size, content.bytes.size()));
    inspection.Skip(fmt::format("buffer {}", buffer.index), "it passes the end of the file", buffer.offset);
  }
  if (!facts.damage) JudgeTail(content, facts, inspection);
}

std::span<const RuleCard> TfliteRules() { return kRules; }

}  // namespace ringfort::scanners
