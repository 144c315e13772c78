#include "application/defend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "application/newsroom_sample_internal.h"

namespace ringfort {
namespace {

Result<DefensePlan> PlanFor(const Target& target, const DefenseQuestion& question, const ReasonRequest& request = {}) {
  auto reasoned = Reason(target, request);
  EXPECT_TRUE(reasoned.ok()) << reasoned.error().what;
  return PlanDefenses(target, reasoned.value(), question);
}

DefenseQuestion Within(double effort, double latency, double utility) {
  DefenseQuestion question;
  question.budget = {effort, latency, utility};
  question.draws = 0;
  return question;
}

TEST(Defend, ThePlanStaysWithinTheBudgetAndLowersTheLoss) {
  const auto plan = PlanFor(Newsroom(), Within(8, 2, 3));
  ASSERT_TRUE(plan.ok()) << plan.error().what;
  const DefensePlan& found = plan.value();
  ASSERT_FALSE(found.deploy.empty());
  DefenseCost spent;
  double loss = found.loss_undefended.value;
  for (const DefensePlan::Deployment& deployment : found.deploy) {
    spent.effort += deployment.cost.effort;
    spent.latency += deployment.cost.latency;
    spent.utility += deployment.cost.utility;
    EXPECT_LE(deployment.loss_after, loss * (1 + 1e-12)) << deployment.id;
    loss = deployment.loss_after;
  }
  EXPECT_LE(spent.effort, 8 + 1e-9);
  EXPECT_LE(spent.latency, 2 + 1e-9);
  EXPECT_LE(spent.utility, 3 + 1e-9);
  EXPECT_NEAR(loss, found.loss.value, 1e-12) << "after the last one the plan stands";
  EXPECT_TRUE(found.optimal);
  EXPECT_LT(found.loss.value, found.loss_undefended.value);
  EXPECT_LE(found.mixed_loss.value, found.loss.value * (1 + 1e-9)) << "chance never costs";
  double chance = 0;
  for (const DefensePlan::Mixture& part : found.mixed) chance += part.probability;
  EXPECT_NEAR(chance, 1, 1e-9);
  ASSERT_EQ(found.open.size(), 1u) << "something stays open";
  EXPECT_GT(found.open[0].probability, 0);
}

TEST(Defend, MoreBudgetNeverLosesMore) {
  double last = std::numeric_limits<double>::infinity();
  for (const double scale : {0.0, 1.0, 3.0, 8.0}) {
    const auto plan = PlanFor(Newsroom(), Within(scale, scale / 2, scale / 2));
    ASSERT_TRUE(plan.ok()) << plan.error().what;
    EXPECT_LE(plan.value().loss.value, last + 1e-12) << scale;
    last = plan.value().loss.value;
    if (scale == 0) {
      EXPECT_EQ(plan.value().loss.value, plan.value().loss_undefended.value);
    }
  }
}

TEST(Defend, WhatIsInPlaceIsNotRecommendedAgain) {
  const auto before = PlanFor(Newsroom(), Within(8, 2, 3));
  ASSERT_TRUE(before.ok());
  const std::string first = before.value().deploy.at(0).id;
  ReasonRequest request;
  request.options.mitigations = {first};
  const auto after = PlanFor(Newsroom(), Within(8, 2, 3), request);
  ASSERT_TRUE(after.ok());
  for (const DefensePlan::Deployment& deployment : after.value().deploy) EXPECT_NE(deployment.id, first);
  EXPECT_LT(after.value().loss_undefended.value, before.value().loss_undefended.value);
}

TEST(Defend, WhatHasHappenedIsNoStake) {
  Target target = Newsroom();
  target.assets[1].worth = 100;
  ReasonRequest request;
  const auto before = PlanFor(target, Within(0, 0, 0));
  ASSERT_TRUE(before.ok());
  // The worst that a model can come to; once it is seen, what else is open counts.
  for (const auto& entry : knowledge::BuiltinCatalog().assets)
    if (entry.kind == AssetKind::kModel)
      for (const auto& state : entry.capabilities) request.observed.push_back({"bigram", state.id, {0}});
  const auto after = PlanFor(target, Within(0, 0, 0), request);
  ASSERT_TRUE(after.ok()) << after.error().what;
  EXPECT_GT(before.value().loss_undefended.value, 1);
  EXPECT_LE(after.value().loss_undefended.value, 1) << "no state of the model is at stake any more";
}

TEST(Defend, AttackersWhoDoNotKnowTheDefensesGetLess) {
  DefenseQuestion naive = Within(8, 2, 3);
  naive.adaptive = false;
  EXPECT_LT(PlanFor(Newsroom(), naive).value().loss.value, PlanFor(Newsroom(), Within(8, 2, 3)).value().loss.value);
}

TEST(Defend, IntervalsEncloseAndRepeat) {
  DefenseQuestion question = Within(4, 1, 1);
  question.draws = 20;
  const auto first = PlanFor(Newsroom(), question);
  const auto second = PlanFor(Newsroom(), question);
  ASSERT_TRUE(first.ok()) << first.error().what;
  for (const Quantity* loss : {&first.value().loss_undefended, &first.value().loss, &first.value().mixed_loss}) {
    EXPECT_LT(loss->low, loss->high);
    EXPECT_LE(loss->low, loss->value);
    EXPECT_GE(loss->high, loss->value);
    EXPECT_EQ(loss->ground, Provenance::kAssumed);
  }
  EXPECT_EQ(first.value().loss.low, second.value().loss.low);
  EXPECT_EQ(first.value().loss.high, second.value().loss.high);
}

TEST(Defend, WhatIsInPlaceIsNoChoice) {
  ReasonRequest request;
  for (const auto& mitigation : knowledge::BuiltinCatalog().mitigations)
    request.options.mitigations.insert(mitigation.id);
  const auto plan = PlanFor(Newsroom(), Within(8, 2, 3), request);
  ASSERT_FALSE(plan.ok());
  EXPECT_NE(plan.error().what.find("no mitigation of the catalog answers"), std::string::npos) << plan.error().what;
}

TEST(Defend, SaysWhyThereIsNoPlan) {
  const auto nothing = PlanFor(Target{}, Within(8, 2, 3));
  ASSERT_FALSE(nothing.ok());
  EXPECT_NE(nothing.error().what.find("nothing to defend"), std::string::npos) << nothing.error().what;
  EXPECT_FALSE(PlanFor(Newsroom(), Within(-1, 2, 3)).ok());
  EXPECT_FALSE(PlanFor(Newsroom(), Within(std::numeric_limits<double>::quiet_NaN(), 2, 3)).ok());
}

}  // namespace
}  // namespace ringfort
