#include "scanners/artifact/text/xml_inspector.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace ringfort::scanners {
namespace {

ArtifactReport Scan(std::string_view source) {
  Inspection inspection("model.xml", Mode::kFull, {}, {});
  InspectXml({"model.xml", AsBytes(source)}, inspection);
  return inspection.TakeReport();
}

#ifdef RINGFORT_WITH_EXPAT

bool Holds(const ArtifactReport& report, std::string_view rule, Severity severity) {
  for (const Finding& finding : report.findings)
    if (finding.rule == rule && finding.severity == severity) return true;
  return false;
}

constexpr std::string_view kPmml = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<PMML xmlns="http://www.dmg.org/PMML-4_4" xmlns:data="http://jpmml.org/jpmml-model/InlineTable" version="4.4">
 <Header><Application name="SkLearn2PMML package" version="0.103.0"/><Timestamp>2024-01-01T00:00:00Z</Timestamp></Header>
 <MiningBuildTask><Extension name="repr">PMMLPipeline(steps=[('classifier', DecisionTreeClassifier())])</Extension></MiningBuildTask>
 <DataDictionary><DataField name="y" optype="categorical" dataType="string"><Value value="setosa"/><Value value="../x"/></DataField></DataDictionary>
 <TransformationDictionary><DerivedField name="d" optype="continuous" dataType="double"><Apply function="x-log1p"><FieldRef field="x"/></Apply></DerivedField></TransformationDictionary>
 <TreeModel functionName="classification"><MiningSchema><MiningField name="y" usageType="target"/></MiningSchema>
 <Node score="setosa"><SimplePredicate field="x" operator="lessOrEqual" value="0.8"/></Node></TreeModel>
</PMML>)";
constexpr std::string_view kOpenVino = R"(<?xml version="1.0"?>
<net name="torch_jit" version="11"><layers>
<layer id="0" name="x" type="Parameter" version="opset1"><data shape="1,3" element_type="f32"/><output><port id="0" precision="FP32"><dim>1</dim></port></output></layer>
<layer id="1" name="w" type="Const" version="opset1"><data element_type="f32" shape="3" offset="0" size="12"/></layer>
<layer id="2" name="r" type="Result" version="opset1"/></layers>
<edges><edge from-layer="0" from-port="0" to-layer="2" to-port="0"/></edges>
<rt_info><MO_version value="2023.0"/><conversion_parameters><input_model value="DIR/model.onnx"/><output_dir value="/home/user/out"/></conversion_parameters></rt_info>
<meta_data><cli_parameters><output_dir value="/home/user/out"/></cli_parameters></meta_data></net>)";

TEST(Xml, HonestModelsAreClean) {
  for (const std::string_view source : {kPmml, kOpenVino}) {
    // A vocabulary value is not a path: only the field's value differs here.
    std::string text(source);
    if (const auto at = text.find("<Value value=\"../x\"/>"); at != std::string::npos) text.erase(at, 21);
    const ArtifactReport report = Scan(text);
    EXPECT_EQ(report.verdict(), Verdict::kClean);
    for (const Finding& finding : report.findings) ADD_FAILURE() << finding.rule << finding.evidence;
  }
  EXPECT_EQ(Scan(kOpenVino).format, "openvino");
}

TEST(Xml, Attacks) {
  EXPECT_TRUE(Holds(Scan("<!DOCTYPE PMML [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><PMML version=\"4.4\">&x;</PMML>"),
                    "RF-XML-001", Severity::kHigh));
  EXPECT_TRUE(Holds(Scan("<!DOCTYPE a SYSTEM \"http://example.invalid/a.dtd\"><a/>"), "RF-XML-001", Severity::kMedium));
  EXPECT_TRUE(Holds(Scan("<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://example.invalid/p\"> %p;]><a/>"), "RF-XML-001",
                    Severity::kHigh));
  std::string bomb = "<!DOCTYPE a [<!ENTITY e0 \"lololololol\">";
  for (int i = 1; i < 10; ++i) {
    bomb += "<!ENTITY e" + std::to_string(i) + " \"";
    for (int j = 0; j < 10; ++j) bomb += "&e" + std::to_string(i - 1) + ";";
    bomb += "\">";
  }
  EXPECT_TRUE(Holds(Scan(bomb + "]><a>&e9;</a>"), "RF-XML-002", Severity::kHigh));
  EXPECT_TRUE(Holds(
      Scan("<PMML version=\"4.4\"><Extension name=\"s\">java.lang.Runtime.getRuntime().exec('x')</Extension></PMML>"),
      "RF-XML-003", Severity::kHigh));
  EXPECT_TRUE(Holds(Scan("<PMML version=\"4.4\"><Apply function=\"java.lang.Runtime\"/></PMML>"), "RF-XML-003",
                    Severity::kHigh));
  EXPECT_TRUE(Holds(Scan("<PMML version=\"4.4\"><script>x</script></PMML>"), "RF-XML-003", Severity::kHigh));
  EXPECT_TRUE(Holds(
      Scan("<net name=\"n\" version=\"10\"><layer type=\"X\" version=\"extension\"/><lib path=\"/tmp/x.so\"/></net>"),
      "RF-XML-004", Severity::kHigh));
  EXPECT_TRUE(Holds(Scan("<net name=\"n\" version=\"10\"><data file=\"../../w.bin\"/></net>"), "RF-XML-005",
                    Severity::kMedium));
}

TEST(Xml, DamageIsIncomplete) {
  for (std::size_t size = 1; size < kPmml.size() - 1; ++size) {
    const Verdict verdict = Scan(kPmml.substr(0, size)).verdict();
    EXPECT_TRUE(verdict == Verdict::kIncomplete || verdict == Verdict::kSuspicious) << size;
  }
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  EXPECT_EQ(Scan(deep).verdict(), Verdict::kIncomplete);
  std::mt19937 random(9);
  for (int round = 0; round < 3000; ++round) {
    std::string text(round % 2 == 0 ? kPmml : kOpenVino);
    for (int i = 0; i < 3; ++i) text[random() % text.size()] = static_cast<char>(random());
    Scan(text);
  }
}

#else

TEST(Xml, ShutDoorIsIncomplete) { EXPECT_EQ(Scan("<PMML/>").verdict(), Verdict::kIncomplete); }

#endif

}  // namespace
}  // namespace ringfort::scanners
