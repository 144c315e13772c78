#include "campaign/believed.h"

#include <gtest/gtest.h>

#include "attacks/model_to_data/discoverable_memorization.h"
#include "attacks/model_to_data/family.h"
#include "attacks/model_to_data/piecewise_extraction.h"
#include "base/random.h"
#include "defenses/model_to_data/memorization_filter.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::campaign {
namespace {

const std::vector<attacks::AttackEntry> kCards = attacks::model_to_data::Family();

MembershipResult Area(const std::string& attack, const std::string& defense, double area) {
  MembershipResult result;
  result.target = "chat";
  result.attack = attack;
  result.defense = defense;
  result.members = result.held_out = 50;
  result.auroc = area;
  return result;
}

SuccessResult Rate(const std::string& attack, const std::string& defense, double rate) {
  SuccessResult result;
  result.target = "chat";
  result.attack = attack;
  result.defense = defense;
  result.label = "member";
  result.judge = "verbatim";
  result.succeeded = 1;
  result.rate = rate;
  return result;
}

TEST(Believe, TellsBothAttackersAndBelievesTheStronger) {
  Summary summary;
  summary.membership = {Area("loss", "", 0.9), Area("loss", "noisy_answers", 0.6),
                        Area("zlib_ratio", "noisy_answers", 0.65), Area("averaged_loss", "noisy_answers", 0.8),
                        Area("averaged_loss", "limited_answers", 0.55)};
  summary.success = {Rate("discoverable_memorization", "memorization_filter", 0.1),
                     Rate("piecewise_extraction", "memorization_filter", 0.05)};
  const auto lines = Believe(summary, kCards);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].defense, "noisy_answers");
  EXPECT_EQ(lines[0].naive->attack, "zlib_ratio");
  EXPECT_EQ(lines[0].believed().attack, "averaged_loss");
  EXPECT_EQ(lines[0].bare->value, 0.9);
  EXPECT_EQ(lines[1].defense, "limited_answers");
  EXPECT_FALSE(lines[1].adaptive) << "averaging knows nothing of limits";
  EXPECT_FALSE(lines[2].area);
  EXPECT_EQ(lines[2].believed().attack, "discoverable_memorization") << "the stronger, even if it knows nothing";
  EXPECT_FALSE(lines[2].bare);
}

TEST(Believe, LeavesOutWhatIsNoAttackOnTheTarget) {
  Summary summary;
  summary.membership = {Area("blind_baseline", "noisy_answers", 0.99)};
  summary.membership[0].target = "";
  summary.success = {Rate("discoverable_memorization", "memorization_filter", 1)};
  summary.success[0].label = "held_out";
  EXPECT_TRUE(Believe(summary, kCards).empty());
}

TEST(AddAdaptiveAttacks, AddsOnlyThoseThatKnowOfADefense) {
  Plan plan;
  plan.attacks = {{"loss", {}}, {"averaged_loss", {{"questions", 4}}}};
  plan.defenses = {{"rounded_answers", {}}};
  AddAdaptiveAttacks(plan, kCards);
  ASSERT_EQ(plan.attacks.size(), 3u);
  EXPECT_EQ(plan.attacks[1].settings.at("questions"), 4) << "stays as it was planned";
  EXPECT_EQ(plan.attacks[2].name, "continuation_agreement");
}

// The two rooms do not see each other; that the attack gets past the defense is seen here.
TEST(PiecewiseExtraction, GetsPastTheMemorizationFilter) {
  const std::string secret = "zebra mixed quartz with jumbo lynx and five dry plums over hot coals";
  engines::Script script;
  script.language.memorized = {secret};
  engines::ScriptedModel model(script);
  const std::vector<std::string> texts = {secret};
  const defenses::DefenseEntry filter = defenses::model_to_data::MemorizationFilter();
  const auto defended = std::get<defenses::WrapModel>(filter.way)(
      model, Settings::Checked(filter.card.settings, {{"characters", 20}}).value(), {texts, 1});
  const auto tried = [&](const attacks::AttackEntry& entry) {
    attacks::Budget budget;
    const Settings settings = Settings::Checked(entry.card.settings, {{"prefix", 20}, {"suffix", 40}}).value();
    return std::get<attacks::MakeAttack>(entry.way)(settings)->Try(*defended, {.text = secret}, budget).value().score;
  };
  EXPECT_LT(tried(attacks::model_to_data::DiscoverableMemorization()), 0.2);
  EXPECT_EQ(tried(attacks::model_to_data::PiecewiseExtraction()), 1);
}

}  // namespace
}  // namespace ringfort::campaign
