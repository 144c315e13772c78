#include "scanners/artifact/graph/inspect_saved_model.h"

#include <fmt/format.h>

#include <array>
#include <string>

#include "base/json.h"
#include "base/text.h"
#include "formats/graph/graph_kind.h"
#include "formats/graph/outward_operator.h"
#include "formats/graph/saved_model.h"
#include "scanners/artifact/graph/outside_path.h"
#include "scanners/artifact/keras/keras_config.h"

namespace ringfort::scanners {
namespace {

constexpr std::string_view kCodeThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "AML.T0018.001", "CWE-94"};
constexpr std::string_view kFileThreats[] = {"supply_chain.path_traversal", "AML.T0011.000", "CWE-73"};
constexpr std::string_view kLeakThreats[] = {"supply_chain.remote_code", "AML.T0011.000", "CWE-200"};
constexpr std::string_view kHiddenThreats[] = {"supply_chain.hidden_payload", "AML.T0018.002", "CWE-506"};

const std::array kRules = {
    RuleCard{"RF-SAV-001", "tf_python_function", Severity::kHigh, "TensorFlow graph calls a Python function",
             "The operator hands control to Python code that the loading process has registered.",
             "Do not run it unless you know the function; ask for a model without py_function.", kCodeThreats},
    RuleCard{"RF-SAV-002", "tf_writes_file", Severity::kHigh, "TensorFlow graph writes files",
             "Running the model writes a file that the graph names, with the user's rights.",
             "Do not run it outside a sandbox.", kFileThreats},
    RuleCard{"RF-SAV-003", "tf_writes_sensitive_file", Severity::kCritical,
             "TensorFlow graph writes a file outside the model's folder",
             "The path is a constant of the graph and leads to a place where start-up files, keys or programs lie.",
             "Do not load it. Treat the source of the model as hostile.", kFileThreats},
    RuleCard{"RF-SAV-004", "tf_reads_file", Severity::kMedium, "TensorFlow graph reads files",
             "Running the model reads a file that the graph names; its content can reach the output.",
             "Check which file it is; run the model where no secrets lie.", kFileThreats},
    RuleCard{"RF-SAV-005", "tf_loads_code", Severity::kCritical, "TensorFlow graph loads a library or runs commands",
             "An operator of that name is not part of TensorFlow's numeric operators.",
             "Do not load it. Treat the source of the model as hostile.", kCodeThreats},
    RuleCard{"RF-SAV-006", "tf_prints_to_file", Severity::kHigh, "TensorFlow graph prints to a file",
             "PrintV2 appends what the graph computes to a file that the graph names.",
             "Do not run it outside a sandbox.", kFileThreats},
    RuleCard{"RF-SAV-007", "tf_debug_address", Severity::kHigh, "TensorFlow graph sends tensors to a debug address",
             "Debug operators copy tensors to a file or a server that the graph names.",
             "Do not run it; export the model without debug operators.", kLeakThreats},
    RuleCard{"RF-SAV-008", "tf_checkpoint_path", Severity::kHigh,
             "TensorFlow graph saves or restores at a path of its own",
             "The path of the checkpoint is a constant that leads out of the model's folder.",
             "Do not load it outside a sandbox.", kFileThreats},
    RuleCard{"RF-SAV-009", "tf_network", Severity::kHigh, "TensorFlow graph talks to the network",
             "The operator connects to a server that the graph names.", "Do not run it outside a sandbox.",
             kLeakThreats},
    RuleCard{"RF-SAV-010", "tf_asset_path", Severity::kHigh, "SavedModel asset lies outside the model's folder",
             "The loader opens the path that the model names as an asset.",
             "Do not load it; assets of an honest model lie below its folder.", kFileThreats},
    RuleCard{"RF-SAV-011", "tf_reads_data_files", Severity::kLow, "TensorFlow graph holds an input pipeline",
             "The graph reads data files when its pipeline is run; served models have no need of it.",
             "Export the model without its input pipeline.", kFileThreats},
    RuleCard{"RF-SAV-012", "tf_unknown_fields", Severity::kLow,
             "TensorFlow model has fields that its format does not have",
             "TensorFlow passes over unknown fields, so that anything can be carried in them unseen.",
             "Ask for a file written by TensorFlow.", kHiddenThreats},
};
const RuleCard& kPythonFunction = kRules[0];
const RuleCard& kWritesFile = kRules[1];
const RuleCard& kWritesSensitive = kRules[2];
const RuleCard& kReadsFile = kRules[3];
const RuleCard& kLoadsCode = kRules[4];
const RuleCard& kPrintsToFile = kRules[5];
const RuleCard& kDebugAddress = kRules[6];
const RuleCard& kCheckpointPath = kRules[7];
const RuleCard& kNetwork = kRules[8];
const RuleCard& kAssetPath = kRules[9];
const RuleCard& kInputPipeline = kRules[10];
const RuleCard& kUnknownFields = kRules[11];

using formats::OutwardKind;

class Judge {
 public:
  Judge(const formats::SavedModelFacts& facts, Inspection& inspection) : facts_(facts), inspection_(inspection) {}

  void Operators() {
    for (const formats::TensorFlowOperator& op : facts_.operators) {
      const std::string evidence = fmt::format("{} (node {}, {} in all)", op.type, op.node, op.count);
      switch (formats::KindOfOperator(op.type)) {
        case OutwardKind::kPython: inspection_.Raise(kPythonFunction, op.offset, evidence); break;
        case OutwardKind::kCommand: inspection_.Raise(kLoadsCode, op.offset, evidence); break;
        case OutwardKind::kWriter: inspection_.Raise(kWritesFile, Writes(op.type), op.offset, evidence); break;
        case OutwardKind::kReader: inspection_.Raise(kReadsFile, op.offset, evidence); break;
        case OutwardKind::kRemote: inspection_.Raise(kNetwork, op.offset, evidence); break;
        case OutwardKind::kPipeline: inspection_.Raise(kInputPipeline, op.offset, evidence); break;
        default: break;
      }
    }
  }

  void Texts() {
    for (const formats::TensorFlowText& text : facts_.texts) {
      const PathKind kind = ClassifyPath(text.value);
      const bool outside = kind != PathKind::kInside;
      const std::string evidence =
          fmt::format("{} (node {}) {}={}", text.type, text.node, text.key, text.value.substr(0, 512));
      switch (formats::KindOfOperator(text.type)) {
        case OutwardKind::kWriter:
          // The second input of WriteFile is what is written, not where.
          if (kind != PathKind::kControl && outside && (IsSensitivePath(text.value) || kind == PathKind::kTraversal))
            inspection_.Raise(kWritesSensitive, text.offset, evidence);
          else if (text.key == "input")
            inspection_.Raise(kWritesFile, text.offset, evidence);
          break;
        case OutwardKind::kReader:
        case OutwardKind::kPipeline:
        case OutwardKind::kTable:
          if (outside && (IsSensitivePath(text.value) || (text.type == "ReadFile" && kind == PathKind::kTraversal)))
            inspection_.Raise(kReadsFile, Severity::kHigh, text.offset, evidence);
          break;
        case OutwardKind::kPrint:
          if (text.key == "output_stream" && text.value.starts_with("file"))
            inspection_.Raise(kPrintsToFile, text.offset, evidence);
          break;
        case OutwardKind::kDebug:
          if (text.value.find("://") != text.value.npos) inspection_.Raise(kDebugAddress, text.offset, evidence);
          break;
        case OutwardKind::kCheckpoint: Checkpoint(text, kind, evidence); break;
        default: break;
      }
    }
  }

  void Assets() {
    for (const std::string_view asset : facts_.assets)
      if (const PathKind kind = ClassifyPath(asset); kind != PathKind::kInside)
        inspection_.Raise(kAssetPath, 0, fmt::format("asset {} ({})", asset, Name(kind)));
  }

  void Keras() {
    for (const formats::KerasMetadata& object : facts_.keras) {
      if (object.identifier.find("_tf_keras_") == object.identifier.npos) continue;
      const auto config = ParseJson(object.json);
      if (config.ok())
        JudgeKerasConfig(config.value(), inspection_, KerasSource::kSavedModel);
      else
        inspection_.Skip("Keras metadata", config.error().what, object.offset);
    }
  }

  void Remains() {
    if (facts_.unknown_fields != 0)
      inspection_.Raise(kUnknownFields, facts_.first_unknown, fmt::format("{} unknown fields", facts_.unknown_fields));
  }

 private:
  static Severity Writes(std::string_view type) { return type == "WriteFile" ? Severity::kHigh : Severity::kMedium; }
  // TensorFlow's own savers pass a placeholder or a joined name; the constants
  // among their inputs are tensor names (`dense/kernel/.ATTRIBUTES/VARIABLE_VALUE`),
  // `model` and `/part`.
  void Checkpoint(const formats::TensorFlowText& text, PathKind kind, const std::string& evidence) {
    if (text.key != "input") return;
    const bool leads_out = kind == PathKind::kTraversal || kind == PathKind::kAddress ||
                           (kind == PathKind::kAbsolute && IsSensitivePath(text.value));
    if (leads_out) inspection_.Raise(kCheckpointPath, text.offset, evidence);
  }

  const formats::SavedModelFacts& facts_;
  Inspection& inspection_;
};

void JudgeAll(const formats::SavedModelFacts& facts, Inspection& inspection, std::string_view what) {
  if (facts.damage) inspection.Skip(what, *facts.damage);
  if (facts.cut) inspection.Skip(what, "more entries than are read");
  Judge judge(facts, inspection);
  judge.Operators();
  judge.Texts();
  judge.Assets();
  judge.Keras();
  judge.Remains();
}

}  // namespace

void InspectSavedModel(const Content& content, Inspection& inspection) {
  const ByteView head = content.bytes.first(std::min<std::size_t>(content.bytes.size(), 65536));
  // Checksums of the files beside it, and nothing else.
  if (formats::LooksLikeFingerprint(head, content.bytes.size())) return inspection.Refine("saved-model-fingerprint");
  // A bare graph's first field is a node; a SavedModel's a number or a MetaGraphDef.
  const bool bare = formats::LooksLikeGraphDef(head, content.bytes.size());
  const formats::SavedModelFacts facts =
      bare ? formats::ReadGraphDef(content.bytes) : formats::ReadSavedModel(content.bytes);
  if (bare) inspection.Refine("tensorflow-graph");
  // The version stands behind the nodes, and TensorFlow always writes it.
  if (bare && !facts.damage && !facts.versioned)
    inspection.Skip("TensorFlow graph", "it has no version: its end is missing", content.bytes.size());
  inspection.Describe("framework", "tensorflow");
  if (!facts.tensorflow_version.empty())
    inspection.Describe("producer", fmt::format("tensorflow {}", facts.tensorflow_version));
  JudgeAll(facts, inspection, bare ? "TensorFlow graph" : "SavedModel");
}

void InspectKerasMetadata(const Content& content, Inspection& inspection) {
  JudgeAll(formats::ReadKerasMetadata(content.bytes), inspection, "Keras metadata");
}

std::span<const RuleCard> SavedModelRules() { return kRules; }

}  // namespace ringfort::scanners
