#include "application/assess.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "base/json.h"
#include "evidence/memory/memory_store.h"

namespace ringfort {
namespace {

const std::string kNewsroom = std::string(RINGFORT_SOURCE_DIR) + "/examples/newsroom";

TEST(Assess, PlacesTheNewsroomsFindingsOnItsAssets) {
  AssessRequest request;
  request.target = kNewsroom;
  request.seed = 7;
  const auto outcome = Assess(request, nullptr);
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  const Assessment& assessment = outcome.value().assessment;
  ASSERT_EQ(assessment.assets.size(), 4u);
  ASSERT_EQ(assessment.ties.size(), 3u);
  EXPECT_EQ(assessment.seed, 7u);
  std::map<std::string, Verdict> verdicts;
  for (const Asset& asset : assessment.assets) verdicts[asset.id] = asset.verdict;
  EXPECT_EQ(verdicts["archive"], Verdict::kClean);
  EXPECT_EQ(verdicts["bigram"], Verdict::kClean);
  EXPECT_EQ(verdicts["downloads"], Verdict::kMalicious);
  EXPECT_FALSE(assessment.findings.empty());
  for (const PlacedFinding& placed : assessment.findings) EXPECT_EQ(placed.asset, "downloads");
}

TEST(Assess, FindingsStandOnTheThreatGraph) {
  AssessRequest request;
  request.target = kNewsroom;
  const auto outcome = Assess(request, nullptr);
  ASSERT_TRUE(outcome.ok());
  ASSERT_TRUE(outcome.value().assessment.reasoning.has_value());
  const Reasoning& reasoning = *outcome.value().assessment.reasoning;
  std::set<std::string> observed;
  for (const ReachedState& state : reasoning.states)
    if (state.observed) observed.insert(state.asset + ": " + state.capability);
  EXPECT_TRUE(observed.contains("downloads: carries_payload"));
  EXPECT_FALSE(observed.contains("bigram: carries_payload")) << "the clean model shows nothing";
  EXPECT_FALSE(reasoning.ways.empty());
}

TEST(Assess, WhatWasMeasuredUpdatesTheSteps) {
  MemoryStore store;
  Observation observation;
  observation.step = "step.entry.endpoint_reach";
  observation.successes = 40;
  observation.trials = 40;
  observation.source = "a test";
  observation.measured_at = "2026-11-21T00:00:00Z";
  observation = Identified(observation);
  ASSERT_TRUE(store.Record({&observation, 1}).ok());
  AssessRequest request;
  request.target = kNewsroom;
  request.store = &store;
  const auto outcome = Assess(request, nullptr);
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  const Reasoning& reasoning = *outcome.value().assessment.reasoning;
  const auto step = std::find_if(reasoning.steps.begin(), reasoning.steps.end(),
                                 [&](const ReasonedStep& each) { return each.id == observation.step; });
  ASSERT_NE(step, reasoning.steps.end());
  EXPECT_EQ(step->trials, 40u);
  EXPECT_EQ(step->ground, Provenance::kMeasured);
  EXPECT_GT(step->probability, 0.9);
}

TEST(Assess, WhatIsNotThereYetStandsInThePlanAsSkipped) {
  AssessRequest request;
  request.target = kNewsroom;
  const auto outcome = Assess(request, nullptr);
  ASSERT_TRUE(outcome.ok());
  std::set<std::string> skipped;
  for (const PlanStep& step : outcome.value().assessment.plan) {
    if (step.status != StepStatus::kSkipped) continue;
    skipped.insert(step.name);
    EXPECT_FALSE(step.reason.empty()) << step.name;
  }
  EXPECT_EQ(skipped, (std::set<std::string>{"scan dependencies", "attack the models", "measure defenses"}))
      << "the newsroom has no model that can be run: one is malicious, one cut, one no GGUF file";
}

TEST(Assess, WritesFourReports) {
  AssessRequest request;
  request.target = kNewsroom;
  const auto outcome = Assess(request, nullptr);
  ASSERT_TRUE(outcome.ok());
  const std::string folder = testing::TempDir() + "assess_" + std::to_string(getpid()) + "/deep";
  ASSERT_TRUE(WriteAssessment(outcome.value().assessment, folder).ok());
  EXPECT_NE(ReadTextFile(folder + "/report.html").value().find("</html>"), std::string::npos);
  for (const char* name : {"assessment.json", "findings.sarif", "mlbom.cdx.json"})
    EXPECT_TRUE(ParseJson(ReadTextFile(folder + "/" + name).value()).ok()) << name;
  EXPECT_FALSE(WriteAssessment(outcome.value().assessment, "/proc/no/such").ok());
  std::filesystem::remove_all(std::filesystem::path(folder).parent_path());
}

TEST(Assess, ASingleFileIsATargetToo) {
  AssessRequest request;
  request.target = kNewsroom + "/model/model.safetensors";
  const auto outcome = Assess(request, nullptr);
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(outcome.value().assessment.scan.artifacts.size(), 1u);
}

}  // namespace
}  // namespace ringfort
