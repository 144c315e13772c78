#include "scanners/artifact/weights/numpy_inspector.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace ringfort::scanners {
namespace {

using namespace std::string_literals;

std::string Npy(const std::string& header, const std::string& data) {
  return "\x93NUMPY\x01\0"s + static_cast<char>(header.size()) + static_cast<char>(header.size() >> 8) + header + data;
}
const std::string kFloats = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
const std::string kObjects = "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }";

std::string opened;
const std::array<Inspector, 2> kInspectors = {
    Inspector{formats::Format::kNumpy, InspectNumpy},
    Inspector{formats::Format::kPickle, [](const Content& content, Inspection&) { opened += AsText(content.bytes); }},
};

ArtifactReport Inspect(const std::string& file) {
  opened.clear();
  Inspection inspection("array.npy", Mode::kStructure, {}, kInspectors);
  inspection.InspectArtifact(Content{.name = "array.npy", .bytes = AsBytes(file)});
  return inspection.TakeReport();
}

TEST(InspectNumpy, LeavesNumbersClean) {
  const ArtifactReport report = Inspect(Npy(kFloats, "12345678"));
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  EXPECT_TRUE(report.findings.empty());
}

TEST(InspectNumpy, HandsObjectsToThePickleInspectorWhateverTheyLookLike) {
  const ArtifactReport report = Inspect(Npy(kObjects, "not a pickle"));
  EXPECT_EQ(opened, "not a pickle");
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, "RF-NPY-001");
  EXPECT_EQ(report.verdict(), Verdict::kClean);
}

TEST(InspectNumpy, OpensAPickleBehindNumbersAndBehindABrokenHeader) {
  const ArtifactReport report = Inspect(Npy(kFloats, "12345678\x80\x02N."s));
  EXPECT_EQ(opened, "\x80\x02N."s);
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
  Inspect(Npy("{'descr': '|O'", "\x80\x02N."s));
  EXPECT_EQ(opened, "\x80\x02N."s);
}

TEST(InspectNumpy, TakesSeveralArraysInOneFileForAHabit) {
  const ArtifactReport report = Inspect(Npy(kFloats, "12345678") + Npy(kFloats, "12345678"));
  EXPECT_EQ(report.verdict(), Verdict::kClean);
}

TEST(InspectNumpy, RaisesCodeInTheHeader) {
  const ArtifactReport report = Inspect(Npy("__import__('os').system('echo ringfort-inert')", ""));
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, "RF-NPY-002");
  EXPECT_EQ(Inspect(Npy(kFloats, "1234")).verdict(), Verdict::kIncomplete);
}

}  // namespace
}  // namespace ringfort::scanners
