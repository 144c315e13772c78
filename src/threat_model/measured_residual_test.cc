#include "threat_model/measured_residual.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ringfort {
namespace {

using knowledge::Mitigation;
using knowledge::StepRule;
using testing::IsEmpty;

// Two steps of extraction and one of evasion, each of which half the tries succeed at as assumed.
knowledge::Catalog SmallCatalog() {
  knowledge::Catalog catalog;
  for (const std::string_view id : {"mitigation.limit", "mitigation.mask"}) {
    Mitigation mitigation;
    mitigation.id = id;
    mitigation.residual = {1, 3, Provenance::kAssumed, "", ""};
    mitigation.residual_adaptive = {3, 1, Provenance::kAssumed, "", ""};
    catalog.mitigations.push_back(mitigation);
  }
  for (const std::string_view id : {"step.copy", "step.distill", "step.fool"}) {
    StepRule rule;
    rule.id = id;
    rule.family = id == "step.fool" ? "evasion" : "model_extraction";
    rule.prior = {2, 2, Provenance::kAssumed, "", ""};
    rule.answered_by = {"mitigation.limit"};
    if (id == "step.copy") rule.answered_by.push_back("mitigation.mask");
    catalog.step_rules.push_back(rule);
  }
  return catalog;
}

Observation Tried(std::string step, std::uint64_t successes, std::uint64_t trials,
                  std::vector<std::string> mitigations = {"mitigation.limit"}, bool adaptive = false) {
  Observation observation;
  observation.step = std::move(step);
  observation.mitigations = std::move(mitigations);
  observation.adaptive = adaptive;
  observation.successes = successes;
  observation.trials = trials;
  return observation;
}

TEST(MeasuredResidual, CountsTheStepsOfAFamilyTogetherEachByItsOwnBaseRate) {
  // Of 20 copies 10 would have succeeded; of 16 distillations, which always succeed, 16.
  const std::vector<Observation> observations = {Tried("step.copy", 2, 20), Tried("step.distill", 4, 16),
                                                 Tried("step.distill", 9996, 9996, {}), Tried("step.fool", 3, 8)};
  const auto beliefs = MeasureResiduals(SmallCatalog(), observations);
  ASSERT_EQ(beliefs.size(), 2u);
  EXPECT_EQ(beliefs[0].family, "evasion");
  EXPECT_DOUBLE_EQ(beliefs[0].residual.alpha(), 1 + 3);
  EXPECT_DOUBLE_EQ(beliefs[0].residual.beta(), 3 + 1);
  EXPECT_EQ(beliefs[0].ground, Provenance::kAssumed) << "four attempts do not outweigh a prior of four";
  EXPECT_EQ(beliefs[1].family, "model_extraction");
  EXPECT_EQ(beliefs[1].mitigation, "mitigation.limit");
  EXPECT_FALSE(beliefs[1].adaptive);
  EXPECT_DOUBLE_EQ(beliefs[1].residual.alpha(), 1 + 2 + 4);
  EXPECT_NEAR(beliefs[1].residual.beta(), 3 + 8 + 12, 0.01);
  EXPECT_EQ(beliefs[1].ground, Provenance::kMeasured);
}

TEST(MeasuredResidual, SharesOutTriesUnderSeveralAndKeepsAttackersApart) {
  const std::vector<std::string> both = {"mitigation.limit", "mitigation.mask"};
  const auto beliefs = MeasureResiduals(
      SmallCatalog(), std::vector{Tried("step.copy", 0, 200, both, true), Tried("step.copy", 1, 2, both, true)});
  ASSERT_EQ(beliefs.size(), 2u);
  for (const ResidualBelief& belief : beliefs) {
    EXPECT_TRUE(belief.adaptive);
    EXPECT_LT(belief.residual.mean(), 0.2);
    EXPECT_DOUBLE_EQ(belief.residual.mean(), beliefs[0].residual.mean()) << "alike before, alike after";
  }
}

TEST(MeasuredResidual, WhatAnswersNoSuchStepSaysNothing) {
  EXPECT_THAT(MeasureResiduals(SmallCatalog(), std::vector{Tried("step.distill", 0, 9, {"mitigation.mask"}),
                                                           Tried("step.gone", 0, 9), Tried("step.copy", 1, 9, {}),
                                                           Tried("step.copy", 1, 9, {"mitigation.gone"})}),
              IsEmpty());
}

TEST(MeasuredResidual, EntersTheIndexOfItsFamily) {
  const knowledge::Catalog& catalog = knowledge::BuiltinCatalog();
  CoverageOptions options;
  options.mitigations = {"mitigation.confidence_masking"};
  const auto before = FindDefenseCoverage(catalog, options);
  const auto answers = [](const StepRule& one) {
    return one.family == "membership_inference" &&
           std::ranges::find(one.answered_by, "mitigation.confidence_masking") != one.answered_by.end();
  };
  const auto masked = std::ranges::find_if(catalog.step_rules, answers);
  ASSERT_NE(masked, catalog.step_rules.end());
  options.residuals =
      MeasureResiduals(catalog, std::vector{Tried(masked->id, 1000, 1000, {"mitigation.confidence_masking"}, true)});
  const auto after = FindDefenseCoverage(catalog, options);
  ASSERT_TRUE(before.ok() && after.ok());
  EXPECT_LT(after.value()[0].adaptive.value, before.value()[0].adaptive.value);
  EXPECT_EQ(after.value()[0].naive.value, before.value()[0].naive.value);
}

}  // namespace
}  // namespace ringfort
