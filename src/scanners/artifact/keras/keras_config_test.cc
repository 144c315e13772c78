#include "scanners/artifact/keras/keras_config.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "base/json.h"
#include "scanners/artifact/keras/inspect_hdf5.h"
#include "scanners/artifact/keras/keras_names.h"

namespace ringfort::scanners {
namespace {

using Rules = std::set<std::string>;

ArtifactReport Judge(const std::string& text) {
  const auto config = ParseJson(text);
  EXPECT_TRUE(config.ok()) << text;
  Inspection inspection("config.json", Mode::kFull, Limits{}, {});
  if (config.ok()) JudgeKerasConfig(config.value(), inspection);
  return inspection.TakeReport();
}
Rules RulesOf(const ArtifactReport& report) {
  Rules rules;
  for (const Finding& finding : report.findings) rules.insert(finding.rule);
  return rules;
}
// A layer of that class in a Sequential model.
std::string Model(const std::string& layer) {
  return R"({"class_name": "Sequential", "module": "keras", "registered_name": null, "config": {"name": "m", "layers": [)" +
         layer + "]}}";
}
std::string Layer(const std::string& module, const std::string& class_name, const std::string& config) {
  return R"({"module": ")" + module + R"(", "class_name": ")" + class_name + R"(", "config": )" + config +
         R"(, "registered_name": null})";
}

// marshal: a code object whose names are `system` or `abs`, in base64.
constexpr char kEvil[] = "4wEAAAAAAAAA2gZzeXN0ZW3aAm9z";
constexpr char kMild[] = "4wEAAAAAAAAA2gNhYnPaAnRm2gF4";

TEST(JudgeKerasConfig, LeavesOrdinaryModelsAlone) {
  for (
      const std::string& layer : {
          Layer("keras.layers", "Dense", R"({"name": "d", "units": 2, "activation": "relu"})"),
          Layer(
              "keras.layers", "Activation",
              R"({"activation": {"module": "keras.activations", "class_name": "function", "config": "gelu", "registered_name": "gelu"}})"),
          Layer("keras.layers", "StringLookup", R"({"vocabulary": ["a", "b"], "mask_token": null})"),
          Layer("keras.layers", "StringLookup", R"({"vocabulary": null})"),
          Layer(
              "keras.layers", "Conv2D",
              R"({"dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null},
                     "kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null}, "registered_name": null}})"),
          Layer("keras.src.models.functional", "Functional", R"({"layers": []})"),
          Layer("keras.src.ops.numpy", "Add", R"({"name": "add"})"),
          std::string(R"({"class_name": "TFOpLambda", "config": {"name": "tf.math.add", "function": "math.add"}})"),
          std::string(R"({"class_name": "Dense", "config": {"name": "d", "units": 1}})"),
      })
    EXPECT_TRUE(Judge(Model(layer)).findings.empty()) << layer;
}

TEST(JudgeKerasConfig, FindsLambdaCodeInEveryForm) {
  const auto legacy = [](const std::string& code) {
    return R"({"class_name": "Lambda", "config": {"function": [")" + code +
           R"(\n", null, null], "function_type": "lambda", "module": "__main__"}})";
  };
  const auto modern = [](const std::string& code) {
    return Layer(
        "keras.layers", "Lambda",
        R"({"function": {"class_name": "__lambda__", "config": {"code": ")" + code + R"(", "defaults": null}}})");
  };
  EXPECT_EQ(RulesOf(Judge(Model(legacy(kEvil)))), Rules{"RF-KER-002"});
  EXPECT_EQ(RulesOf(Judge(Model(modern(kEvil)))), Rules{"RF-KER-002"});
  EXPECT_EQ(RulesOf(Judge(Model(legacy(kMild)))), Rules{"RF-KER-001"});
  EXPECT_EQ(RulesOf(Judge(Model(modern(kMild)))), Rules{"RF-KER-001"});
  EXPECT_EQ(Judge(Model(legacy(kEvil))).verdict(), Verdict::kMalicious);
  EXPECT_EQ(Judge(Model(legacy(kMild))).verdict(), Verdict::kSuspicious);
  EXPECT_EQ(
      RulesOf(Judge(Model(R"({"class_name": "Lambda", "config": {"function": ")" + std::string(kEvil) + R"("}})"))),
      Rules{"RF-KER-002"})
      << "without its type";
  const std::string by_name =
      R"({"class_name": "Lambda", "config": {"function": "NAME", "function_type": "function", "module": "MODULE"}})";
  const auto named = [&](const std::string& module, const std::string& name) {
    std::string text = by_name;
    text.replace(text.find("NAME"), 4, name);
    return Model(text.replace(text.find("MODULE"), 6, module));
  };
  EXPECT_EQ(RulesOf(Judge(named("os", "system"))), Rules{"RF-KER-004"});
  EXPECT_EQ(RulesOf(Judge(named("__main__", "scale"))), Rules{"RF-KER-003"});
}

TEST(JudgeKerasConfig, FindsNamesThatRunCode) {
  for (const auto& [module, name] :
       std::initializer_list<std::pair<const char*, const char*>>{{"os", "system"},
                                                                  {"builtins", "exec"},
                                                                  {"builtins", "eval"},
                                                                  {"subprocess", "Popen"},
                                                                  {"numpy", "load"},
                                                                  {"importlib", "import_module"},
                                                                  {"pickle", "loads"},
                                                                  {"keras.saving", "load_model"},
                                                                  {"keras.src.utils.os", "system"}})
    EXPECT_EQ(Judge(Model(Layer(module, "function", std::string("\"") + name + "\""))).verdict(), Verdict::kMalicious)
        << module << "." << name;
  EXPECT_EQ(Judge(Model(Layer("subprocess", "run", "{}"))).verdict(), Verdict::kMalicious);
  EXPECT_EQ(RulesOf(Judge(Model(Layer("keras.utils", "function", "\"get_file\"")))), Rules{"RF-KER-009"});
  EXPECT_EQ(RulesOf(Judge(Model(Layer("keras.config", "function", "\"enable_unsafe_deserialization\"")))),
            Rules{"RF-KER-007"});
}

TEST(JudgeKerasConfig, TakesCustomObjectsForRemarks) {
  // What Keras writes for a function of the user's own.
  const auto custom = Judge(Model(Layer("builtins", "function", "\"dice_coefficient\"")));
  EXPECT_EQ(RulesOf(custom), Rules{"RF-KER-006"});
  EXPECT_EQ(custom.verdict(), Verdict::kClean);
  EXPECT_EQ(Judge(Model(Layer("spektral.layers", "GCNConv", "{}"))).verdict(), Verdict::kClean);
  EXPECT_EQ(Judge(Model(Layer("__main__", "Scale", "{}"))).verdict(), Verdict::kClean);
}

TEST(JudgeKerasConfig, SuspectsModulesThatTheLoaderWouldImport) {
  for (const std::string& layer :
       {Layer("my_package.layers", "Scale", "{}"), Layer("payload", "function", "\"run\"")}) {
    const auto report = Judge(Model(layer));
    EXPECT_EQ(RulesOf(report), Rules{"RF-KER-015"}) << layer;
    EXPECT_EQ(report.verdict(), Verdict::kSuspicious) << layer;
  }
}

TEST(JudgeKerasConfig, JudgesTypesByTheirOwnName) {
  const auto type = [](const std::string& module, const std::string& name) {
    return Judge(R"({"class_name": "__typespec__", "spec_name": ")" + name + R"(", "module": ")" + module +
                 R"(", "config": [[null, 3], "float32"], "registered_name": null})");
  };
  EXPECT_EQ(RulesOf(type("builtins", "exec")), Rules{"RF-KER-004"});
  EXPECT_TRUE(type("tensorflow.python.framework.tensor", "TensorSpec").findings.empty());
}

TEST(JudgeKerasConfig, JudgesFilesAndSwitches) {
  const auto vocabulary = [](const std::string& path) {
    return Judge(Model(Layer("keras.layers", "TextVectorization", "{\"vocabulary\": \"" + path + "\"}")));
  };
  EXPECT_EQ(vocabulary("/etc/passwd").findings.at(0).severity, Severity::kHigh);
  EXPECT_EQ(vocabulary("http://example.invalid/x").findings.at(0).severity, Severity::kHigh);
  EXPECT_EQ(vocabulary("/content/words.txt").findings.at(0).severity, Severity::kMedium);
  EXPECT_EQ(vocabulary("words.txt").verdict(), Verdict::kClean);
  EXPECT_EQ(RulesOf(Judge(R"({"class_name": "Dense", "config": {}, "safe_mode": false})")), Rules{"RF-KER-011"});
  EXPECT_TRUE(Judge(R"({"class_name": "Dense", "config": {}, "safe_mode": true})").findings.empty());
  EXPECT_EQ(RulesOf(Judge(Model(R"({"class_name": "TFOpLambda", "config": {"function": "io.write_file"}})"))),
            Rules{"RF-KER-012"});
  EXPECT_EQ(RulesOf(Judge(
                Model(Layer("keras.layers", "TorchModuleWrapper", R"({"module": "gASVIQAAAAAAAACMBXBvc2l4lC4="})")))),
            Rules{"RF-KER-010"});
  EXPECT_EQ(RulesOf(Judge(Model(Layer("keras.layers", "TFSMLayer", R"({"filepath": "saved"})")))), Rules{"RF-KER-014"});
}

TEST(JudgeKerasConfig, SurvivesOddShapes) {
  for (const char* odd :
       {"null", "[]", "3", R"({"class_name": 3, "config": []})", R"({"class_name": "Lambda", "config": null})",
        R"({"class_name": "Lambda", "config": {"function": [null]}})",
        R"({"class_name": "__lambda__", "config": {"code": 5}})", R"({"class_name": "", "module": ""})",
        R"({"class_name": ">", "registered_name": ">", "config": "."})",
        R"({"class_name": "function", "module": ".", "config": "."})",
        R"({"class_name": "StringLookup", "config": {"vocabulary": ""}})"})
    Judge(odd);
}

TEST(ClassifyKerasName, TellsToolsFromModelParts) {
  EXPECT_EQ(ClassifyKerasName("keras.layers", "Dense", false), KerasName::kBuiltin);
  EXPECT_EQ(ClassifyKerasName("keras.activations", "relu", true), KerasName::kBuiltin);
  EXPECT_EQ(ClassifyKerasName("keras.applications.resnet50", "preprocess_input", true), KerasName::kBuiltin);
  EXPECT_EQ(ClassifyKerasName("keras.utils", "normalize", true), KerasName::kBuiltin);
  EXPECT_EQ(ClassifyKerasName("keras.utils", "load_img", true), KerasName::kForeign);
  EXPECT_EQ(ClassifyKerasName("base64", "b64decode", true), KerasName::kForeign);
  EXPECT_EQ(ClassifyKerasName("", "anything", true), KerasName::kBuiltin);
  EXPECT_EQ(ClassifyKerasName("keras.callbacks", "ModelCheckpoint", false), KerasName::kForeign);
}

ArtifactReport InspectFile(const std::string& name) {
  std::ifstream file(RINGFORT_SOURCE_DIR "/" + name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_FALSE(bytes.empty()) << name;
  Inspection inspection(name, Mode::kFull, Limits{}, {});
  InspectHdf5({name, AsBytes(bytes)}, inspection);
  return inspection.TakeReport();
}

TEST(InspectHdf5, DeflatedBytesAreUnpackedAndJudged) {
  static constexpr std::array<Inspector, 1> kInspectors = {
      Inspector{formats::Format::kZlib, [](const Content& content, Inspection& inspection) {
                  inspection.Skip(content.name, "unpacked", content.bytes.size());
                }}};
  std::ifstream file(RINGFORT_SOURCE_DIR "/src/formats/keras/testdata/packed.h5", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  Inspection inspection("packed.h5", Mode::kFull, Limits{}, kInspectors);
  InspectHdf5({"packed.h5", AsBytes(bytes)}, inspection);
  const ArtifactReport report = inspection.TakeReport();
  ASSERT_EQ(report.skipped.size(), 1u);
  EXPECT_EQ(report.skipped[0].reason, "unpacked");
}

TEST(InspectHdf5, JudgesModelsAndWhatLeadsOut) {
  EXPECT_TRUE(InspectFile("src/formats/keras/testdata/earliest.h5").findings.empty());
  EXPECT_EQ(InspectFile("src/formats/keras/testdata/earliest.h5").verdict(), Verdict::kClean);
  EXPECT_EQ(RulesOf(InspectFile("src/formats/keras/testdata/storage.h5")), Rules{"RF-KER-020"});
  EXPECT_EQ(RulesOf(InspectFile("src/formats/keras/testdata/latest.h5")), (Rules{"RF-KER-021", "RF-KER-022"}));
  EXPECT_EQ(InspectFile("src/formats/keras/testdata/dense.h5").verdict(), Verdict::kClean);
  EXPECT_EQ(InspectFile("src/formats/keras/testdata/dense_model.h5").verdict(), Verdict::kMalicious);
  // What PyTables writes: protocol 0, and harmless until the pickle says otherwise.
  const auto pickled = InspectFile("src/formats/keras/testdata/pickled.h5");
  EXPECT_EQ(RulesOf(pickled), Rules{"RF-KER-024"});
  EXPECT_EQ(pickled.findings.at(0).severity, Severity::kLow);
  const auto lambda = InspectFile("fuzz/corpus/hdf5/lambda.h5");
  EXPECT_EQ(lambda.verdict(), Verdict::kMalicious);
  EXPECT_NE(lambda.findings.at(0).evidence.find("CVE-2025-9905"), std::string::npos);
}

TEST(KerasRules, AreCompleteCards) {
  std::set<std::string_view> ids;
  for (const auto rules : {KerasRules(), Hdf5Rules()})
    for (const RuleCard& card : rules) {
      EXPECT_TRUE(ids.insert(card.id).second) << card.id;
      EXPECT_FALSE(card.why.empty() || card.fix.empty() || card.threats.empty()) << card.id;
    }
}

}  // namespace
}  // namespace ringfort::scanners
