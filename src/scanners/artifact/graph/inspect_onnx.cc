#include "scanners/artifact/graph/inspect_onnx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/text.h"
#include "formats/graph/onnx_model.h"
#include "formats/text/pickle_in_text.h"
#include "scanners/artifact/code_in_text.h"
#include "scanners/artifact/graph/outside_path.h"

namespace ringfort::scanners {
namespace {

constexpr std::string_view kPathThreats[] = {"supply_chain.path_traversal", "AML.T0010.003", "CWE-22"};
constexpr std::string_view kCodeThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "CWE-94"};
constexpr std::string_view kGraphThreats[] = {"backdoor.architecture", "AML.T0018.001", "CWE-829"};
constexpr std::string_view kHiddenThreats[] = {"supply_chain.hidden_payload", "AML.T0018.002", "CWE-506"};
constexpr std::string_view kCorruptThreats[] = {"supply_chain.corrupt_artifact", "AML.T0076", "CWE-20"};

const std::array kRules = {
    RuleCard{"RF-ONX-001", "onnx_external_path", Severity::kHigh, "ONNX tensor lies outside the model's folder",
             "The runtime opens the path that the model names and reads it as weights: a file of the user's becomes "
             "part of the model.",
             "Do not load it; external data of an honest model lies beside it.", kPathThreats},
    RuleCard{"RF-ONX-002", "onnx_python_operator", Severity::kHigh, "ONNX graph calls an operator that runs Python",
             "The operator hands control to a Python function that the model names.",
             "Do not run it unless you wrote the function.", kCodeThreats},
    RuleCard{"RF-ONX-003", "onnx_python_operator_dangerous", Severity::kCritical,
             "ONNX graph calls Python code that reaches the system",
             "The operator names a module or carries code that runs commands.",
             "Do not load it. Treat the source of the model as hostile.", kCodeThreats},
    RuleCard{"RF-ONX-004", "onnx_custom_domain", Severity::kLow, "ONNX graph uses operators of an unknown domain",
             "The operators come from a library that has to be loaded beside the model.",
             "Load only a custom-operator library from a source that you trust.", kGraphThreats},
    RuleCard{"RF-ONX-005", "onnx_command_operator", Severity::kHigh,
             "ONNX graph calls a custom operator that is named after running commands or touching files",
             "No numeric operator is called like that.", "Do not load a custom-operator library for this model.",
             kCodeThreats},
    RuleCard{"RF-ONX-006", "onnx_text_with_code", Severity::kMedium, "ONNX metadata or attribute holds program code",
             "Text that runs commands has no place in a model; a tool that evaluates it would be taken over.",
             "Ask the author why it is there; strip the metadata.", kHiddenThreats},
    RuleCard{"RF-ONX-007", "onnx_text_with_pickle", Severity::kHigh, "ONNX metadata or attribute holds a pickle",
             "A loader that unpickles it runs what it holds.", "Do not unpickle it; strip the metadata.",
             kHiddenThreats},
    RuleCard{"RF-ONX-008", "onnx_unknown_field", Severity::kMedium,
             "ONNX file has data in fields that ONNX does not have",
             "Runtimes pass over such fields, so that anything can be carried in them unseen.",
             "Ask for a file written by an ONNX exporter.", kHiddenThreats},
    RuleCard{"RF-ONX-009", "onnx_oversized_tensor", Severity::kMedium, "ONNX tensor holds more bytes than its shape",
             "The bytes behind the last element are no weights.", "Ask for a file written by an ONNX exporter.",
             kHiddenThreats},
    RuleCard{"RF-ONX-010", "onnx_external_range", Severity::kMedium, "ONNX external data has an impossible range",
             "Offset or length of the external data is negative, not a number, or overflows.",
             "Do not load it with an old runtime; ask for an undamaged file.", kCorruptThreats},
    RuleCard{"RF-ONX-011", "onnx_memory_address", Severity::kHigh, "ONNX tensor claims to lie at a memory address",
             "The runtime's own marker for tensors in memory stands in a file: the offset would be used as a pointer.",
             "Do not load it.", kCorruptThreats},
    RuleCard{"RF-ONX-012", "onnx_impossible_shape", Severity::kMedium, "ONNX tensor has an impossible shape",
             "The sides of the tensor are negative, overflow when multiplied, or need more bytes than it has: a reader "
             "that trusts them reads memory that is not the model's.",
             "Do not load it with an old runtime; ask for an undamaged file.", kCorruptThreats},
};
const RuleCard& kExternalPath = kRules[0];
const RuleCard& kPythonOperator = kRules[1];
const RuleCard& kPythonDangerous = kRules[2];
const RuleCard& kCustomDomain = kRules[3];
const RuleCard& kCommandOperator = kRules[4];
const RuleCard& kTextWithCode = kRules[5];
const RuleCard& kTextWithPickle = kRules[6];
const RuleCard& kUnknownField = kRules[7];
const RuleCard& kOversized = kRules[8];
const RuleCard& kExternalRange = kRules[9];
const RuleCard& kMemoryAddress = kRules[10];
const RuleCard& kImpossibleShape = kRules[11];

// Domains of the standard, of ONNX Runtime and of the common exporters.
constexpr auto kKnownDomains = std::to_array<std::string_view>({"",
                                                                "ai.onnx",
                                                                "ai.onnx.ml",
                                                                "ai.onnx.training",
                                                                "ai.onnx.preview.training",
                                                                "ai.onnx.preview",
                                                                "ai.onnx.contrib",
                                                                "onnx.contrib",
                                                                "org.pytorch.aten",
                                                                "org.pytorch.prim",
                                                                "org.pytorch._caffe2",
                                                                "pkg.torch",
                                                                "pkg.onnxscript.torch_lib",
                                                                "pkg.onnxscript.torch_lib.common",
                                                                "com.ms.internal.nhwc",
                                                                "com.ms.internal.nhwc.nchw",
                                                                "ai.graphcore",
                                                                "com.xilinx",
                                                                "qonnx.custom_op.general",
                                                                "finn.custom_op.fpgadataflow",
                                                                "trt.plugins",
                                                                "mmdeploy",
                                                                "mmcv",
                                                                "local",
                                                                "this"});

bool IsKnownDomain(std::string_view domain) {
  for (const std::string_view prefix : {"com.microsoft", "pkg.", "onnx.", "ai.onnx.", "com.nvidia", "org.pytorch"})
    if (domain.substr(0, prefix.size()) == prefix) return true;
  return std::find(kKnownDomains.begin(), kKnownDomains.end(), domain) != kKnownDomains.end();
}

bool RunsPython(std::string_view type) {
  for (const std::string_view known : {"PyOp", "PythonOp", "PythonOpGrad", "PyFunc", "EagerPyFunc", "PyCustomOp",
                                       "PythonFunction", "PyFunction", "PyCall", "ExecPython"})
    if (type == known) return true;
  return false;
}

bool SoundsLikeCommand(std::string_view type) {
  const std::string lower = LowerCase(type);
  for (const std::string_view word :
       {"shell", "system", "exec", "execute", "runcommand", "popen", "subprocess", "eval", "writefile", "readfile",
        "loadlibrary", "dlopen", "httpget", "httprequest", "download", "socket", "cmd"})
    if (lower == word || lower == std::string(word) + "op") return true;
  return lower.find("runcommand") != lower.npos || lower.find("shellexec") != lower.npos;
}

bool NamesDangerousModule(std::string_view text) {
  for (const std::string_view module : {"os", "posix", "nt", "subprocess", "builtins", "sys", "importlib", "runpy",
                                        "socket", "shutil", "pickle", "ctypes", "exec", "eval", "system", "popen"})
    if (text == module ||
        (text.size() > module.size() && text.substr(0, module.size()) == module && text[module.size()] == '.'))
      return true;
  return false;
}

bool Imports(const formats::OnnxFacts& facts, std::string_view domain) {
  const auto standard = [](std::string_view name) { return name == "ai.onnx" ? std::string_view() : name; };
  return std::any_of(facts.imports.begin(), facts.imports.end(),
                     [&](const formats::OnnxImport& import) { return standard(import.domain) == standard(domain); });
}

class Judge {
 public:
  Judge(const formats::OnnxFacts& facts, Inspection& inspection) : facts_(facts), inspection_(inspection) {}

  void Operators() {
    for (const formats::OnnxOperator& op : facts_.operators) {
      const std::string evidence = fmt::format("domain={} op_type={} nodes={}", op.domain, op.type, op.count);
      if (RunsPython(op.type)) inspection_.Raise(kPythonOperator, op.offset, evidence);
      if (IsKnownDomain(op.domain) || IsModelFunction(op.domain)) continue;
      if (SoundsLikeCommand(op.type))
        inspection_.Raise(kCommandOperator, op.offset, evidence);
      else
        inspection_.Raise(kCustomDomain, op.offset, evidence);
    }
  }

  void ExternalData() {
    for (const formats::OnnxExternalData& data : facts_.external_data) {
      const std::string evidence = fmt::format("tensor={} location={}", data.tensor, data.location);
      if (data.location.find("_ORT_MEM_ADDR_") != data.location.npos) {
        inspection_.Raise(kMemoryAddress, data.offset, evidence);
        continue;
      }
      if (const PathKind kind = ClassifyPath(data.location); kind != PathKind::kInside) {
        inspection_.Raise(kExternalPath, data.offset, fmt::format("{} ({})", evidence, Name(kind)));
        continue;
      }
      std::uint64_t offset = 0, length = 0;
      if (!Number(data.offset_text, offset) || !Number(data.length_text, length) || offset + length < offset)
        inspection_.Raise(kExternalRange, data.offset,
                          fmt::format("{} offset={} length={}", evidence, data.offset_text, data.length_text));
      if (data.location.empty())
        inspection_.Skip("external data", "names no file", data.offset);
      else
        Missing(data);
    }
  }

  void Texts() {
    Text("doc_string", "", facts_.doc_string, 0);
    for (const formats::OnnxText& text : facts_.metadata) Text("metadata", text.key, text.value, text.offset);
    for (const formats::OnnxText& text : facts_.attributes) {
      if (RunsPython(text.owner) && (NamesDangerousModule(text.value) || HoldsCode(text.value)))
        inspection_.Raise(kPythonDangerous, text.offset,
                          fmt::format("{} {}={}", text.owner, text.key, text.value.substr(0, 512)));
      else
        Text(text.owner, text.key, text.value, text.offset);
    }
  }

  void Remains() {
    for (const formats::OnnxUnknownField& field : facts_.unknown_fields) {
      // A few bytes may be a newer version of the standard; a payload is not.
      const Severity severity = field.bytes.size() >= 16 ? Severity::kMedium : Severity::kLow;
      inspection_.Raise(kUnknownField, severity, field.offset,
                        fmt::format("{} field {} with {} bytes", field.message, field.number, field.bytes.size()));
      if (field.bytes.size() >= 16)
        inspection_.Descend({fmt::format("field_{}", field.number), field.bytes, nullptr, Role::kAny}, field.offset);
    }
    for (const formats::OnnxMissizedTensor& tensor : facts_.missized) {
      const bool overflows = tensor.expected == ~std::uint64_t{0};
      inspection_.Raise(tensor.actual > tensor.expected ? kOversized : kImpossibleShape, tensor.data_offset,
                        fmt::format("tensor={} has {} bytes, its shape {}", tensor.name, tensor.actual,
                                    overflows ? "overflows" : fmt::format("needs {}", tensor.expected)));
    }
  }

 private:
  bool IsModelFunction(std::string_view domain) const {
    return std::find(facts_.function_domains.begin(), facts_.function_domains.end(), domain) !=
           facts_.function_domains.end();
  }
  static bool Number(std::string_view text, std::uint64_t& value) {
    if (text.empty()) return true;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value < (std::uint64_t{1} << 63);
  }
  void Missing(const formats::OnnxExternalData& data) {
    std::string_view name = data.location;
    if (name.substr(0, 2) == "./") name.remove_prefix(2);
    // Of folders below the model's we do not know what they hold.
    if (!inspection_.siblings_known() || name.find_first_of("/\\") != name.npos) return;
    const auto& siblings = inspection_.siblings();
    if (std::find(siblings.begin(), siblings.end(), name) != siblings.end()) return;
    if (name == missing_) return;
    missing_ = name;
    inspection_.Skip(fmt::format("external data {}", name), "the file is not in the model's folder", data.offset);
  }
  void Text(std::string_view owner, std::string_view key, std::string_view value, std::uint64_t offset) {
    if (value.empty()) return;
    const std::string evidence = fmt::format("{} {}={}", owner, key, value.substr(0, 512));
    if (const auto pickle = formats::PickleInText(value)) {
      inspection_.Raise(kTextWithPickle, offset, fmt::format("{} {}: {} bytes", owner, key, pickle->size()));
      inspection_.Descend({fmt::format("{}.{}", owner, key), AsBytes(*pickle), nullptr, Role::kPickle}, offset);
    } else if (HoldsCode(value)) {
      inspection_.Raise(kTextWithCode, offset, evidence);
    }
  }

  const formats::OnnxFacts& facts_;
  Inspection& inspection_;
  std::string_view missing_;
};

}  // namespace

void InspectOnnx(const Content& content, Inspection& inspection) {
  const formats::OnnxFacts facts = formats::ReadOnnx(content.bytes);
  if (facts.damage) inspection.Skip("ONNX model", *facts.damage);
  if (facts.cut) inspection.Skip("ONNX model", "more entries than are read");
  // Writers put the imports behind the graph, and every model since version 3 has some.
  if (!facts.damage && facts.ir_version >= 3 && facts.imports.empty())
    inspection.Skip("ONNX model", "it imports no operator set: its end is missing", content.bytes.size());
  // A domain that the nodes use and nobody imports: the list was cut.
  for (const formats::OnnxOperator& op : facts.operators)
    if (!facts.damage && !facts.imports.empty() && !Imports(facts, op.domain))
      inspection.Skip("ONNX model",
                      fmt::format("the operators of domain {} are not imported: its end is missing", op.domain),
                      content.bytes.size());
  inspection.Describe("framework", "onnx");
  if (!facts.producer_name.empty())
    inspection.Describe("producer", fmt::format("{} {}", facts.producer_name, facts.producer_version));
  if (!facts.graph_name.empty()) inspection.Describe("name", facts.graph_name);
  inspection.Describe("tensors", std::to_string(facts.tensors));
  if (facts.parameters != 0) inspection.Describe("parameters", std::to_string(facts.parameters));
  Judge judge(facts, inspection);
  judge.Operators();
  judge.ExternalData();
  judge.Texts();
  judge.Remains();
}

std::span<const RuleCard> OnnxRules() { return kRules; }

}  // namespace ringfort::scanners
