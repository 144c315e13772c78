// The judges of ONNX, TensorFlow and TFLite graphs, each rule with a case that
// raises it and a neighbor that does not.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "formats/graph/graph_kind.h"
#include "formats/graph/protobuf_sample.h"
#include "scanners/artifact/graph/inspect_onnx.h"
#include "scanners/artifact/graph/inspect_saved_model.h"
#include "scanners/artifact/graph/inspect_tflite.h"
#include "scanners/artifact/graph/outside_path.h"

namespace ringfort::scanners {
namespace {

using namespace formats::sample;
using Inspect = void (*)(const Content&, Inspection&);

ArtifactReport Report(Inspect inspect, const std::string& bytes, std::vector<std::string> siblings = {}) {
  Inspection inspection("model", Mode::kFull, Limits{}, {}, std::move(siblings));
  inspect({"model", AsBytes(bytes)}, inspection);
  return inspection.TakeReport();
}
std::set<std::string> RulesOf(const ArtifactReport& report) {
  std::set<std::string> rules;
  for (const Finding& finding : report.findings) rules.insert(finding.rule);
  return rules;
}
using Rules = std::set<std::string>;

std::string Seed(const std::string& name) {
  std::ifstream file(RINGFORT_SOURCE_DIR "/fuzz/corpus/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(ClassifyPath, KnowsEveryWayOut) {
  for (const char* inside :
       {"weights.bin", "./weights.bin", "data/weights.bin", "a..b", "...", ".hidden", "model.onnx_data"})
    EXPECT_EQ(ClassifyPath(inside), PathKind::kInside) << inside;
  EXPECT_EQ(ClassifyPath("../x"), PathKind::kTraversal);
  EXPECT_EQ(ClassifyPath("a/../../x"), PathKind::kTraversal);
  EXPECT_EQ(ClassifyPath("a\\..\\..\\x"), PathKind::kTraversal);
  EXPECT_EQ(ClassifyPath("%2e%2E%2fx"), PathKind::kTraversal);
  EXPECT_EQ(ClassifyPath("/etc/passwd"), PathKind::kAbsolute);
  EXPECT_EQ(ClassifyPath("C:\\x"), PathKind::kAbsolute);
  EXPECT_EQ(ClassifyPath("~/x"), PathKind::kAbsolute);
  EXPECT_EQ(ClassifyPath("file:///x"), PathKind::kAddress);
  EXPECT_EQ(ClassifyPath("\\\\host\\share"), PathKind::kAddress);
  EXPECT_EQ(ClassifyPath(std::string_view("x\0y", 3)), PathKind::kControl);
}

TEST(InspectOnnx, LeavesAPlainModelAlone) {
  const auto report = Report(InspectOnnx, OnnxModel(OnnxNode("Relu"), OnnxExternal("weights.bin")), {"weights.bin"});
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  for (const char* domain :
       {"ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc", "org.pytorch.aten", "pkg.onnxscript.torch_lib"})
    EXPECT_TRUE(Report(InspectOnnx, OnnxModel(OnnxNode("Gelu", domain))).findings.empty()) << domain;
}

TEST(InspectOnnx, IsIncompleteWithoutTheImportOfADomain) {
  const std::string node = OnnxNode("Gelu", "com.microsoft");
  const auto cut = Report(InspectOnnx, OnnxModel(node));
  EXPECT_TRUE(cut.findings.empty());
  EXPECT_EQ(cut.verdict(), Verdict::kIncomplete);
  EXPECT_EQ(Report(InspectOnnx, OnnxModel(node, "", OnnxImport("com.microsoft"))).verdict(), Verdict::kClean);
}

TEST(InspectOnnx, JudgesShapes) {
  const auto tensor = [](std::uint64_t side, const std::string& raw) {
    return Report(InspectOnnx,
                  OnnxModel(OnnxNode("Relu"), Number(1, side) + Number(1, side) + Number(2, 1) + Bytes(9, raw)));
  };
  EXPECT_TRUE(tensor(2, std::string(16, 'x')).findings.empty());
  EXPECT_EQ(RulesOf(tensor(2, std::string(8, 'x'))), Rules{"RF-ONX-012"});
  EXPECT_EQ(RulesOf(tensor(std::uint64_t{1} << 33, "xxxx")), Rules{"RF-ONX-012"});
  EXPECT_EQ(RulesOf(tensor(~std::uint64_t{0}, "xxxx")), Rules{"RF-ONX-012"});
}

TEST(InspectOnnx, JudgesExternalData) {
  EXPECT_EQ(RulesOf(Report(InspectOnnx, OnnxModel(OnnxNode("Relu"), OnnxExternal("../x")))), Rules{"RF-ONX-001"});
  EXPECT_EQ(RulesOf(Report(InspectOnnx, OnnxModel(OnnxNode("Relu"), OnnxExternal("*/_ORT_MEM_ADDR_/*")))),
            Rules{"RF-ONX-011"});
  const std::string negative = OnnxExternal("x") + Bytes(13, Bytes(1, "offset") + Bytes(2, "-1"));
  EXPECT_EQ(RulesOf(Report(InspectOnnx, OnnxModel(OnnxNode("Relu"), negative))), Rules{"RF-ONX-010"});
}

TEST(InspectOnnx, IsIncompleteWithoutItsExternalFile) {
  const auto report = Report(InspectOnnx, OnnxModel(OnnxNode("Relu"), OnnxExternal("weights.bin")), {"other.bin"});
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.verdict(), Verdict::kIncomplete);
}

TEST(InspectOnnx, JudgesOperators) {
  const auto custom = Report(InspectOnnx, OnnxModel(OnnxNode("MyNorm", "my.ops"), "", OnnxImport("my.ops")));
  EXPECT_EQ(RulesOf(custom), Rules{"RF-ONX-004"});
  EXPECT_EQ(custom.verdict(), Verdict::kClean) << "a remark";
  EXPECT_EQ(RulesOf(Report(InspectOnnx, OnnxModel(OnnxNode("RunCommand", "my.ops")))), Rules{"RF-ONX-005"});
  EXPECT_EQ(Report(InspectOnnx, OnnxModel(OnnxNode("PyOp", "ai.onnx.contrib"))).verdict(), Verdict::kSuspicious);
  const auto system =
      Report(InspectOnnx, OnnxModel(OnnxNode("PyOp", "ai.onnx.contrib", OnnxAttribute("module", "os"))));
  EXPECT_EQ(system.verdict(), Verdict::kMalicious);
}

TEST(InspectOnnx, JudgesTextsAndRemains) {
  const auto metadata = [](const std::string& value) {
    return OnnxModel(OnnxNode("Relu"), "", Bytes(14, Bytes(1, "note") + Bytes(2, value)));
  };
  EXPECT_TRUE(Report(InspectOnnx, metadata("{\"names\": [\"os\", \"system\", \"import os\"]}")).findings.empty());
  EXPECT_EQ(RulesOf(Report(InspectOnnx, metadata("import os; os.system('true')"))), Rules{"RF-ONX-006"});
  EXPECT_EQ(RulesOf(Report(InspectOnnx, metadata("gASVIQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOULg=="))),
            Rules{"RF-ONX-007"});
  EXPECT_EQ(RulesOf(Report(InspectOnnx, OnnxModel(OnnxNode("Relu"), "", Bytes(99, "sixteen bytes or more")))),
            Rules{"RF-ONX-008"});
  const std::string fat = Number(1, 1) + Number(2, 1) + Bytes(9, "12345");
  EXPECT_EQ(RulesOf(Report(InspectOnnx, OnnxModel(OnnxNode("Relu"), fat))), Rules{"RF-ONX-009"});
}

TEST(InspectOnnx, IsIncompleteWhenCut) {
  const std::string whole = OnnxModel(OnnxNode("Relu"));
  // The last of the sizes leaves whole fields: the graph, and no operator set behind it.
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_EQ(Report(InspectOnnx, whole.substr(0, size)).verdict(), Verdict::kIncomplete) << size;
}

std::string OneNode(const std::string& node) { return SavedModel(Bytes(1, node)); }

TEST(InspectSavedModel, LeavesWhatEverySavedModelHoldsAlone) {
  const std::string saver =
      Bytes(1, TensorFlowString("prefix", "model")) + Bytes(1, TensorFlowString("part", "/part")) +
      Bytes(1, TensorFlowString("names", "dense/kernel/.ATTRIBUTES/VARIABLE_VALUE")) +
      Bytes(1, TensorFlowNode("join", "StringJoin", Bytes(3, "prefix") + Bytes(3, "part"))) +
      Bytes(1, TensorFlowNode("s", "ShardedFilename", Bytes(3, "join"))) +
      Bytes(1, TensorFlowNode("save", "SaveV2", Bytes(3, "s") + Bytes(3, "names"))) +
      Bytes(1, TensorFlowNode("merge", "MergeV2Checkpoints", Bytes(3, "s") + Bytes(3, "prefix"))) +
      Bytes(1, TensorFlowNode("restore", "RestoreV2", Bytes(3, "prefix") + Bytes(3, "names"))) +
      Bytes(1, TensorFlowNode("table", "InitializeTableFromTextFileV2", Bytes(3, "prefix"))) +
      Bytes(1, TensorFlowNode("print", "PrintV2", Bytes(5, Bytes(1, "output_stream") + Bytes(2, Bytes(2, "stderr")))));
  const auto report = Report(InspectSavedModel, SavedModel(saver));
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.verdict(), Verdict::kClean);
}

TEST(InspectSavedModel, JudgesOperatorsThatReachOut) {
  EXPECT_EQ(RulesOf(Report(InspectSavedModel, OneNode(TensorFlowNode("n", "PyFunc")))), Rules{"RF-SAV-001"});
  EXPECT_EQ(RulesOf(Report(InspectSavedModel, OneNode(TensorFlowNode("n", "WriteFile")))), Rules{"RF-SAV-002"});
  EXPECT_EQ(RulesOf(Report(InspectSavedModel, OneNode(TensorFlowNode("n", "ReadFile")))), Rules{"RF-SAV-004"});
  EXPECT_EQ(RulesOf(Report(InspectSavedModel, OneNode(TensorFlowNode("n", "LoadLibrary")))), Rules{"RF-SAV-005"});
  const std::string print = Bytes(5, Bytes(1, "output_stream") + Bytes(2, Bytes(2, "file:///tmp/x")));
  EXPECT_EQ(RulesOf(Report(InspectSavedModel, OneNode(TensorFlowNode("n", "PrintV2", print)))), Rules{"RF-SAV-006"});
  const std::string debug = Bytes(5, Bytes(1, "debug_urls") + Bytes(2, Bytes(1, Bytes(2, "grpc://example.invalid"))));
  EXPECT_EQ(RulesOf(Report(InspectSavedModel, OneNode(TensorFlowNode("n", "DebugIdentity", debug)))),
            Rules{"RF-SAV-007"});
  EXPECT_EQ(RulesOf(Report(InspectSavedModel, OneNode(TensorFlowNode("n", "TryRpc")))), Rules{"RF-SAV-009"});
  EXPECT_EQ(RulesOf(Report(InspectSavedModel, SavedModel("", Bytes(6, Bytes(2, "../x"))))), Rules{"RF-SAV-010"});
  EXPECT_EQ(Report(InspectSavedModel, OneNode(TensorFlowNode("n", "TFRecordDataset"))).verdict(), Verdict::kClean);
}

TEST(InspectSavedModel, FollowsConstantsInGraphsAndFunctions) {
  const std::string path = TensorFlowString("p", "/root/.ssh/authorized_keys");
  const std::string write = TensorFlowNode("w", "WriteFile", Bytes(3, "p") + Bytes(3, "q"));
  EXPECT_EQ(Report(InspectSavedModel, SavedModel(Bytes(1, write) + Bytes(1, path))).verdict(), Verdict::kMalicious);
  const std::string function = Bytes(2, Bytes(1, Bytes(1, Bytes(1, "f")) + Bytes(3, write) + Bytes(3, path)));
  EXPECT_EQ(Report(InspectSavedModel, SavedModel(function)).verdict(), Verdict::kMalicious);
  EXPECT_EQ(Report(InspectSavedModel, Bytes(1, path) + Bytes(1, write)).verdict(), Verdict::kMalicious)
      << "frozen graph";
}

TEST(InspectSavedModel, MissesTheVersionOfACutGraph) {
  const std::string node = Bytes(1, TensorFlowNode("x", "Placeholder"));
  EXPECT_EQ(Report(InspectSavedModel, node).verdict(), Verdict::kIncomplete);
  EXPECT_EQ(Report(InspectSavedModel, node + Bytes(4, Number(1, 1087))).verdict(), Verdict::kClean);
}

TEST(InspectSavedModel, KnowsTheFingerprint) {
  std::string fingerprint;
  for (std::uint32_t field = 1; field <= 5; ++field) fingerprint += Number(field, 0x1234567890ABCDEF + field);
  fingerprint += Bytes(6, Number(1, 2)) + Bytes(7, "13371337133713371337");
  const auto report = Report(InspectSavedModel, fingerprint);
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  fingerprint += Bytes(8, "more");
  EXPECT_FALSE(formats::LooksLikeFingerprint(AsBytes(fingerprint), fingerprint.size()));
}

TEST(InspectSavedModel, JudgesTheKerasConfigurationInside) {
  EXPECT_EQ(RulesOf(Report(InspectSavedModel, Seed("saved_model/keras.pb"))), Rules{"RF-KER-002"});
  EXPECT_EQ(RulesOf(Report(InspectKerasMetadata, Seed("saved_model/keras_metadata.pb"))), Rules{"RF-KER-002"});
}

TEST(InspectTflite, JudgesOperatorsAndBuffers) {
  EXPECT_EQ(Report(InspectTflite, Seed("tflite/plain.tflite")).verdict(), Verdict::kClean);
  EXPECT_TRUE(Report(InspectTflite, Seed("tflite/plain.tflite")).findings.empty());
  EXPECT_EQ(RulesOf(Report(InspectTflite, Seed("tflite/custom.tflite"))), Rules{"RF-TFL-001"});
  const auto outside = Report(InspectTflite, Seed("tflite/outside.tflite"));
  EXPECT_EQ(RulesOf(outside), Rules{"RF-TFL-004"});
  EXPECT_FALSE(outside.skipped.empty());
  EXPECT_EQ(RulesOf(Report(InspectTflite, Seed("tflite/plain.tflite") + std::string(2000, 'x'))), Rules{"RF-TFL-005"});
}

TEST(GraphRules, AreCompleteCards) {
  std::set<std::string_view> ids;
  for (const auto rules : {OnnxRules(), SavedModelRules(), TfliteRules()})
    for (const RuleCard& card : rules) {
      EXPECT_TRUE(ids.insert(card.id).second) << card.id;
      EXPECT_FALSE(card.why.empty() || card.fix.empty() || card.threats.empty()) << card.id;
    }
}

}  // namespace
}  // namespace ringfort::scanners
