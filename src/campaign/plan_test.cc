#include "campaign/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacks/model_to_data/family.h"
#include "attacks/model_to_model/hidden_dimension.h"

namespace ringfort::campaign {
namespace {

using testing::HasSubstr;

Plan Sample() {
  Plan plan;
  plan.attacks = {{"loss", {}}, {"min_k_probability", {{"fraction", 0.3}}}};
  plan.targets = {{"small", "small.gguf", ""}};
  plan.members = "members.txt";
  plan.held_out = "held_out.txt";
  return plan;
}

TEST(Plan, SaysWhatMakesNoSense) {
  const auto refusal = [](auto change) {
    Plan plan = Sample();
    change(plan);
    const Status status = CheckPlan(plan, attacks::model_to_data::Family());
    return status.ok() ? "none" : status.error().what;
  };
  EXPECT_EQ(refusal([](Plan&) {}), "none");
  EXPECT_THAT(refusal([](Plan& p) { p.targets.clear(); }), HasSubstr("no target"));
  EXPECT_THAT(refusal([](Plan& p) { p.attacks.clear(); }), HasSubstr("no attack"));
  EXPECT_THAT(refusal([](Plan& p) { p.seeds.clear(); }), HasSubstr("no seed"));
  EXPECT_THAT(refusal([](Plan& p) { p.held_out = ""; }), HasSubstr("two text sets"));
  EXPECT_THAT(refusal([](Plan& p) { p.most_texts = 0; }), HasSubstr("no text of each kind"));
  EXPECT_THAT(refusal([](Plan& p) { p.targets[0].source = ""; }), HasSubstr("an `id` and a `source`"));
  EXPECT_THAT(refusal([](Plan& p) { p.targets.push_back(p.targets[0]); }), HasSubstr("target 'small' is named twice"));
  EXPECT_THAT(refusal([](Plan& p) { p.attacks[0].name = "\x1bnonesuch"; }),
              HasSubstr("no attack has the name '\\x1bnonesuch'"));
  EXPECT_THAT(refusal([](Plan& p) { p.attacks.push_back(p.attacks[0]); }), HasSubstr("loss is named twice"));
  EXPECT_THAT(refusal([](Plan& p) { p.attacks[1].settings = {{"fraction", 7}}; }), HasSubstr("min_k_probability"));
  EXPECT_THAT(refusal([](Plan& p) { p.shadows = {{"a", "b", "c"}}; }), HasSubstr("no attack of the plan learns"));
  EXPECT_EQ(refusal([](Plan& p) {
              p.shadows = {{"a", "b", "c"}};
              p.attacks.push_back({"shadow_ensemble", {}});
            }),
            "none");
  EXPECT_THAT(refusal([](Plan& p) { p.attacks[0].settings = {{"fraction", 0.3}}; }), HasSubstr("loss"));
}

TEST(Plan, NeedsNoTextsForAttacksOnTheModelAsSuch) {
  std::vector<attacks::AttackEntry> cards = attacks::model_to_data::Family();
  cards.push_back(attacks::model_to_model::HiddenDimension());
  Plan plan = Sample();
  plan.members = plan.held_out = "";
  EXPECT_THAT(CheckPlan(plan, cards).error().what, HasSubstr("the attack loss reads texts"));
  plan.attacks = {{"hidden_dimension", {}}};
  EXPECT_TRUE(CheckPlan(plan, cards).ok());
}

}  // namespace
}  // namespace ringfort::campaign
