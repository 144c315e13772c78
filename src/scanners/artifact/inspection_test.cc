#include "scanners/artifact/inspection.h"

#include <gtest/gtest.h>

#include <string>

#include "scanners/artifact/inspection_rules.h"

namespace ringfort::scanners {
namespace {

using formats::Format;

constexpr RuleCard kRule{"RF-TST-001", "test", Severity::kMedium, "Test", "why", "fix", {}};

Inspection Make(Limits limits = {}, std::span<const Inspector> inspectors = {}) {
  return Inspection("dir/model.bin", Mode::kFull, limits, inspectors);
}

TEST(Inspection, TheSameEvidenceIsCountedNotRepeated) {
  Inspection inspection = Make();
  inspection.Raise(kRule, 1, "a");
  inspection.Raise(kRule, Severity::kHigh, 2, "a");
  inspection.Raise(kRule, 3, "b");
  ASSERT_EQ(inspection.report().findings.size(), 2u);
  EXPECT_EQ(inspection.report().findings[0].count, 2u);
  EXPECT_EQ(inspection.report().findings[0].severity, Severity::kHigh);
}

TEST(Inspection, AFloodOfSmallFindingsDoesNotPushOutAGraveOne) {
  Inspection inspection = Make({.findings = 10});
  for (int i = 0; i < 100; ++i) inspection.Raise(kRule, 0, std::to_string(i));
  inspection.Raise(kRule, Severity::kCritical, 0, "the one that matters");
  EXPECT_EQ(inspection.report().findings.size(), 10u);
  EXPECT_EQ(inspection.report().verdict(), Verdict::kMalicious);
}

TEST(Inspection, UnknownContentIsIncompleteNotClean) {
  Inspection inspection = Make();
  const std::uint8_t bytes[] = {0x13, 0x37, 0, 0, 1, 0xFE};
  inspection.InspectArtifact({.name = "model.bin", .bytes = bytes});
  EXPECT_EQ(inspection.report().format, "unknown");
  EXPECT_EQ(inspection.report().verdict(), Verdict::kIncomplete);
}

TEST(Inspection, RawWeightsBesideTheirGraphAreNotDamage) {
  const std::uint8_t bytes[] = {0x13, 0x37, 0, 0, 1, 0xFE};
  for (const char* sibling : {"model.xml", "net.onnx"}) {
    Inspection inspection("dir/model.bin", Mode::kFull, {}, {}, {sibling});
    inspection.InspectArtifact({.name = "dir/model.bin", .bytes = bytes});
    EXPECT_EQ(inspection.report().verdict(), Verdict::kClean) << sibling;
  }
  Inspection other("dir/model.bin", Mode::kFull, {}, {}, {"other.xml"});
  other.InspectArtifact({.name = "dir/model.bin", .bytes = bytes});
  EXPECT_EQ(other.report().verdict(), Verdict::kIncomplete);
}

// A broken graph stands among its siblings too.
TEST(Inspection, ABrokenGraphIsNotItsOwnRawWeights) {
  const std::uint8_t bytes[] = {0x13, 0x37, 0, 0, 1, 0xFE};
  Inspection inspection("dir/Model.ONNX", Mode::kFull, {}, {}, {"Model.ONNX", "other.onnx"});
  inspection.InspectArtifact({.name = "dir/Model.ONNX", .bytes = bytes});
  EXPECT_EQ(inspection.report().verdict(), Verdict::kIncomplete);
}

TEST(Inspection, WhatIsImportedByItsNameIsReadAsCode) {
  const std::string prose = "These are only words,\nand none of them is a statement.\n";
  for (const auto& [name, format] : {std::pair("words.txt", "text"), std::pair("modeling.py", "python"),
                                     std::pair("chat_template.jinja", "jinja")}) {
    Inspection inspection(name, Mode::kFull, {}, {});
    inspection.InspectArtifact({.name = name, .bytes = AsBytes(prose)});
    EXPECT_EQ(inspection.report().format, format);
  }
}

TEST(Inspection, ATextInPlaceOfAModelIsIncomplete) {
  Inspection inspection("model.safetensors", Mode::kFull, {}, {});
  inspection.InspectArtifact({.name = "model.safetensors", .bytes = AsBytes("version https://git-lfs\n")});
  EXPECT_EQ(inspection.report().verdict(), Verdict::kIncomplete);
}

// A container that holds itself must end at the depth limit, with a reason.
void DescendForever(const Content& content, Inspection& inspection) { inspection.Descend(content, 0); }

TEST(Inspection, DepthIsBounded) {
  const Inspector inspectors[] = {{Format::kUnknown, DescendForever, true}};
  Inspection inspection = Make({.depth = 5}, inspectors);
  const std::uint8_t bytes[] = {0x13, 0x37, 0, 0, 1, 0xFE};
  inspection.InspectArtifact({.name = "model.bin", .bytes = bytes});
  ASSERT_FALSE(inspection.report().findings.empty());
  EXPECT_EQ(inspection.report().findings[0].rule, kNestedTooDeep.id);
  EXPECT_EQ(inspection.container(), "dir/model.bin") << "the path is restored on the way up";
}

TEST(Inspection, ExpansionIsBounded) {
  Inspection inspection = Make();
  EXPECT_TRUE(inspection.TakeExpansion(std::uint64_t{32} << 20, 10)) << "small things may expand much";
  EXPECT_FALSE(inspection.TakeExpansion(std::uint64_t{64} << 20, 10));
  EXPECT_EQ(inspection.report().findings[0].rule, kExpansionBomb.id);
  EXPECT_FALSE(inspection.report().skipped.empty());
}

TEST(Inspection, TimeIsBounded) {
  Inspection inspection = Make({.time = std::chrono::milliseconds(0)});
  EXPECT_TRUE(inspection.Expired());
  EXPECT_TRUE(inspection.Expired());
  EXPECT_EQ(inspection.report().skipped.size(), 1u);
}

TEST(Inspection, ANameThatClaimsAHarmlessFormatIsHeldAgainstAPickle) {
  Inspection inspection = Make();
  const std::string pickle("\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00N.", 13);
  inspection.InspectArtifact({.name = "model.safetensors", .bytes = AsBytes(pickle)});
  ASSERT_EQ(inspection.report().findings.size(), 1u);
  EXPECT_EQ(inspection.report().findings[0].rule, kNameClaimsOtherFormat.id);
}

}  // namespace
}  // namespace ringfort::scanners
