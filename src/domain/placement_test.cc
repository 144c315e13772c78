#include "domain/placement.h"

#include <gtest/gtest.h>

#include <vector>

#include "domain/assessment.h"

namespace ringfort {
namespace {

Placement Of(std::vector<std::string_view> threats) { return PlaceOf(threats); }

TEST(Placement, OwnThreatsDecide) {
  EXPECT_EQ(Of({"CWE-502", "supply_chain.unsafe_deserialization", "AML.T0011.000"}),
            (Placement{Axis::kModelToModel, LifecycleStage::kSupplyChain}));
  EXPECT_EQ(Of({"prompt_injection.template"}), (Placement{Axis::kDataToModel, LifecycleStage::kOperation}));
  EXPECT_EQ(Of({"data_leak.secret"}), (Placement{Axis::kModelToData, LifecycleStage::kOperation}));
  EXPECT_EQ(Of({"supply_chain.remote_code"}), (Placement{Axis::kModelToModel, LifecycleStage::kDeployment}));
}

TEST(Placement, OwnWordsBeatAtlasWhateverTheirOrder) {
  EXPECT_EQ(Of({"AML.T0057", "prompt_injection.template"}).axis, Axis::kDataToModel);
}

TEST(Placement, AtlasDecidesWhereWeHaveNoWord) {
  EXPECT_EQ(Of({"CWE-200", "AML.T0024.001"}).axis, Axis::kModelToData);
  EXPECT_EQ(Of({"AML.T0024.002"}).axis, Axis::kModelToModel) << "the longer id stands before its parent";
  EXPECT_EQ(Of({"AML.T0020"}), (Placement{Axis::kDataToModel, LifecycleStage::kTraining}));
}

TEST(Placement, APrefixEndsAtADot) {
  EXPECT_EQ(Of({"backdoor.trigger"}).stage, LifecycleStage::kTraining);
  EXPECT_EQ(Of({"backdoors"}), Placement{}) << "another word that begins alike";
}

TEST(Placement, UnknownIsSupplyChain) {
  EXPECT_EQ(Of({}), Placement{});
  EXPECT_EQ(Of({"CWE-22"}), Placement{});
}

TEST(Names, RoundTrip) {
  for (const std::string_view name : kAxisNames) EXPECT_EQ(Name(*AxisFromName(name)), name);
  for (const std::string_view name : kLifecycleStageNames) EXPECT_EQ(Name(*LifecycleStageFromName(name)), name);
  EXPECT_FALSE(AxisFromName("data_to_nothing"));
}

TEST(PlaceFindings, GivesEachFindingItsAxisAndItsAsset) {
  static constexpr std::string_view kThreats[] = {"prompt_injection.template"};
  static constexpr RuleCard kCard{"RF-X-001", "x", Severity::kHigh, "t", "w", "f", kThreats};
  Assessment assessment;
  assessment.scan.rules = {&kCard};
  assessment.scan.artifacts.resize(2);
  assessment.scan.artifacts[1].findings.resize(2);
  for (Finding& finding : assessment.scan.artifacts[1].findings) finding.rule = "RF-X-001";
  assessment.scan.artifacts[1].findings[1].suppressed = "known";
  assessment.assets.resize(2);
  assessment.assets[0].id = "corpus";
  assessment.assets[0].artifacts = {0};
  assessment.assets[1].id = "model";
  assessment.assets[1].artifacts = {1};
  assessment.findings = PlaceFindings(assessment.scan, assessment.assets);
  ASSERT_EQ(assessment.findings.size(), 2u);
  EXPECT_EQ(assessment.findings[0].asset, "model");
  EXPECT_EQ(assessment.findings[0].placement.axis, Axis::kDataToModel);
  EXPECT_EQ(CountByAxis(assessment), (std::array<std::uint64_t, 4>{0, 1, 0, 0})) << "suppressed findings do not count";
}

}  // namespace
}  // namespace ringfort
