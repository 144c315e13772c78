#include "scanners/artifact/weights/safetensors_inspector.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace ringfort::scanners {
namespace {

using namespace std::string_literals;

std::string File(const std::string& header, const std::string& data) {
  std::string text;
  for (int i = 0; i < 8; ++i) text += static_cast<char>(header.size() >> (8 * i));
  return text + header + data;
}
const std::string kTensor = R"("a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]})";

int opened_pickles = 0;
const std::array<Inspector, 2> kInspectors = {
    Inspector{formats::Format::kSafetensors, InspectSafetensors},
    Inspector{formats::Format::kPickle, [](const Content&, Inspection&) { ++opened_pickles; }},
};

ArtifactReport Inspect(const std::string& file) {
  Inspection inspection("model.safetensors", Mode::kStructure, {}, kInspectors);
  inspection.InspectArtifact(Content{.name = "model.safetensors", .bytes = AsBytes(file)});
  return inspection.TakeReport();
}
std::string Rules(const ArtifactReport& report) {
  std::string ids;
  for (const Finding& finding : report.findings) ids += finding.rule + " ";
  return ids;
}

TEST(InspectSafetensors, LeavesAnHonestFileClean) {
  const ArtifactReport report =
      Inspect(File(R"({"__metadata__":{"format":"pt","license":"mit"},)" + kTensor + "}  ", "data"));
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  EXPECT_EQ(report.format, "safetensors");
  EXPECT_EQ(report.facts.at("license"), "mit");
  EXPECT_EQ(report.facts.at("parameters"), "4");
  EXPECT_EQ(report.facts.at("framework"), "pytorch");
}

TEST(InspectSafetensors, JudgesCodeInTheMetadata) {
  const ArtifactReport report = Inspect(File(
      R"json({"__metadata__":{"format":"pt","init":"__import__('os').system('true')"},)json" + kTensor + "}", "data"));
  EXPECT_EQ(Rules(report), "RF-SFT-010 ");
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
}

TEST(InspectSafetensors, JudgesALengthThatNoFileHas) {
  std::string file = File("{" + kTensor + "}", "data");
  file[7] = 0x40;
  EXPECT_EQ(Rules(Inspect(file)), "RF-SFT-008 ");
}

TEST(InspectSafetensors, OpensAPickleInTheMetadata) {
  opened_pickles = 0;
  Inspect(File(R"({"__metadata__":{"state":"gAJjYWNtZQpsb2FkCilSLg=="},)" + kTensor + "}", "data"));
  EXPECT_EQ(opened_pickles, 1);
}

TEST(InspectSafetensors, OpensAPickleBehindTheTensors) {
  opened_pickles = 0;
  const ArtifactReport report = Inspect(File("{" + kTensor + "}",
                                             "data\x80\x02"
                                             "cos\nsystem\n(tR."s));
  EXPECT_EQ(Rules(report), "RF-SFT-004 ");
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
  EXPECT_EQ(opened_pickles, 1);
}

TEST(InspectSafetensors, TakesARestOfZerosForPadding) {
  const ArtifactReport report = Inspect(File("{" + kTensor + "}", "data"s + std::string(100, '\0')));
  EXPECT_EQ(Rules(report), "RF-SFT-004 ");
  EXPECT_EQ(report.verdict(), Verdict::kClean);
}

TEST(InspectSafetensors, JudgesDuplicatesAndOverlaps) {
  EXPECT_EQ(Rules(Inspect(File("{" + kTensor + "," + kTensor + "}", "data"))), "RF-SFT-001 ");
  EXPECT_EQ(Rules(Inspect(File("{" + kTensor + R"(,"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}})", "data"))),
            "RF-SFT-002 ");
}

TEST(InspectSafetensors, CallsADamagedHeaderIncomplete) {
  EXPECT_EQ(Inspect(File("{\"a\":", "")).verdict(), Verdict::kIncomplete);
  EXPECT_EQ(Inspect(File("{" + kTensor + "}", "dat")).verdict(), Verdict::kIncomplete);
  EXPECT_EQ(Inspect(File(R"({"a":{"dtype":"Z9","shape":[4],"data_offsets":[0,4]}})", "data")).verdict(),
            Verdict::kIncomplete);
}

}  // namespace
}  // namespace ringfort::scanners
