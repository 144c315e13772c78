#include "attacks/model_to_model/unbent_dimension.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/random.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_model {
namespace {

// A row bent as the defense bends it, by hand: `weight` of the way to the uniform distribution over
// the likeliest token and the `taken` least likely ones.
struct Bent {
  std::vector<double> truth{};  // ln of the true probabilities
  std::vector<float> told{};
  std::vector<std::size_t> rising{};  // all but the likeliest
};

Bent BendByHand(std::size_t size, std::size_t taken, double weight, std::uint64_t seed) {
  Random random(seed);
  Bent bent;
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double normal =
        std::sqrt(-2 * std::log(1 - random.Uniform())) * std::cos(2 * std::numbers::pi * random.Uniform());
    bent.truth.push_back(3 * normal);
    sum += std::exp(3 * normal);
  }
  for (double& logit : bent.truth) logit -= std::log(sum);
  const auto top = static_cast<std::size_t>(std::ranges::max_element(bent.truth) - bent.truth.begin());
  for (std::size_t i = 0; i < size; ++i)
    if (i != top) bent.rising.push_back(i);
  std::ranges::sort(bent.rising, {}, [&](std::size_t i) { return bent.truth[i]; });
  std::vector<double> told;
  for (const double logit : bent.truth) told.push_back((1 - weight) * std::exp(logit));
  told[top] += weight / static_cast<double>(taken + 1);
  for (std::size_t i = 0; i < taken; ++i) told[bent.rising[i]] += weight / static_cast<double>(taken + 1);
  for (const double probability : told) bent.told.push_back(static_cast<float>(std::log(probability)));
  return bent;
}

TEST(Unbend, FindsTheLogitsOfALiftedRowButForAShift) {
  // 759 of 768: what the defense takes of such a row (tried with the defense itself in campaign_test).
  const Bent bent = BendByHand(768, 759, 0.29, 3);
  const std::vector<double> found = Unbend(bent.told);
  ASSERT_EQ(found.size(), 768u);
  std::vector<double> shifts;
  for (std::size_t i = 0; i < found.size(); ++i)
    if (std::isfinite(found[i])) shifts.push_back(found[i] - bent.truth[i]);
  ASSERT_GT(shifts.size(), 100u);
  std::ranges::sort(shifts);
  // What is left is the least true number of the row, of which only a bound is known.
  EXPECT_LT(shifts.back() - shifts.front(), 0.05);
  // As told, the same tokens are nowhere near the truth.
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (std::size_t i = 0; i < found.size(); ++i)
    if (std::isfinite(found[i])) {
      least = std::min(least, bent.told[i] - bent.truth[i]);
      most = std::max(most, bent.told[i] - bent.truth[i]);
    }
  EXPECT_GT(most - least, 1);
}

TEST(Unbend, LeavesAnHonestRowAsItIs) {
  const Bent bent = BendByHand(300, 290, 0, 4);
  const std::vector<double> found = Unbend(bent.told);
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], static_cast<double>(bent.told[i]));
}

TEST(Unbend, BearsRowsOfAnyKind) {
  constexpr float kNever = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(Unbend(std::vector<float>{1}).size(), 1u);
  EXPECT_EQ(Unbend(std::vector<float>{0, 0, 0, 0}).size(), 4u);
  EXPECT_EQ(Unbend(std::vector<float>{0, kNever, kNever}).size(), 3u);
  EXPECT_EQ(Unbend(std::vector<float>{-500, 0, -500, -500, -500}).size(), 5u);
}

TEST(UnbentDimension, OfAnHonestModelFindsItsDimension) {
  engines::Script script;
  script.language.hidden_dimension = 12;
  engines::ScriptedModel model(script);
  Budget budget;
  const AttackEntry entry = UnbentDimension();
  const auto attempt = std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings, {{"rows", 128}}).value())
                           ->Try(model, {}, budget);
  ASSERT_TRUE(attempt.ok()) << attempt.error().what;
  EXPECT_EQ(attempt.value().score, 12);
}

TEST(UnbentDimension, KeepsToTheBudget) {
  engines::ScriptedModel model;
  Budget budget(1);
  const AttackEntry entry = UnbentDimension();
  EXPECT_EQ(std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings).value())
                ->Try(model, {}, budget)
                .error()
                .fault,
            Fault::kLimitExceeded);
  EXPECT_EQ(model.Used().queries, 1u);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_model
