#include "attacks/model_to_data/shadow_ensemble.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace ringfort::attacks::model_to_data {
namespace {

// Members have a higher loss score by `apart`; lowercase is noise.
std::vector<LabeledView> Drawn(int count, double apart, std::uint64_t seed) {
  Random random(seed);
  std::vector<LabeledView> drawn;
  for (int i = 0; i < count; ++i) {
    LabeledView labeled;
    labeled.view.text = "text " + std::to_string(i);
    labeled.member = i % 2 == 1;
    const double level = -3 + (labeled.member ? apart : 0) + random.Uniform();
    for (int t = 0; t < 10; ++t) labeled.view.score.tokens.push_back({.log_probability = level});
    labeled.view.lowercase = engines::TextScore{{{.log_probability = -3 - random.Uniform()}}};
    drawn.push_back(labeled);
  }
  return drawn;
}

double MeanOf(const std::vector<double>& scores, const std::vector<LabeledView>& drawn, bool member) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (drawn[i].member == member) {
      sum += scores[i];
      ++count;
    }
  return sum / count;
}

TEST(EnsembleLogOdds, LearnsOnShadowsWhatTellsOnTheTarget) {
  const auto shadows = Drawn(200, 0.7, 1);
  const auto target = Drawn(100, 0.7, 2);
  const auto scores = EnsembleLogOdds(target, shadows, 5, 1, 1).value();
  EXPECT_GT(MeanOf(scores, target, true), MeanOf(scores, target, false) + 1);
}

TEST(EnsembleLogOdds, LearnsNothingFromShadowsThatShowNothing) {
  const auto shadows = Drawn(400, 0, 1);
  const auto target = Drawn(100, 0.7, 2);
  const auto scores = EnsembleLogOdds(target, shadows, 5, 1, 1).value();
  EXPECT_NEAR(MeanOf(scores, target, true), MeanOf(scores, target, false), 0.5);
}

// What is asked for must not be seen: turning the target's labels changes no score.
TEST(EnsembleLogOdds, DoesNotLookAtTheTargetsLabels) {
  const auto shadows = Drawn(100, 0.5, 1);
  auto target = Drawn(40, 0.5, 2);
  const auto before = EnsembleLogOdds(target, shadows, 5, 1, 1).value();
  for (LabeledView& labeled : target) labeled.member = !labeled.member;
  EXPECT_EQ(EnsembleLogOdds(target, shadows, 5, 1, 1).value(), before);
}

// A shadow text that only remembers its own label by an odd score must not tell itself.
TEST(EnsembleLogOdds, ATextIsNotScoredByAFitThatSawIt) {
  auto shadows = Drawn(50, 0, 3);
  auto target = std::vector<LabeledView>{shadows[7]};
  const double before = EnsembleLogOdds(target, shadows, 5, 1, 1).value()[0];
  shadows[7].view.score.tokens.assign(10, {.log_probability = -30});
  EXPECT_EQ(EnsembleLogOdds(target, shadows, 5, 1, 1).value()[0], before);
}

TEST(EnsembleLogOdds, RefusesToRunWithoutShadowsAndBearsEmptyViews) {
  const auto target = Drawn(10, 1, 1);
  EXPECT_EQ(EnsembleLogOdds(target, {}, 5, 1, 1).error().fault, Fault::kInvalidInput);
  auto shadows = Drawn(50, 1, 2);
  shadows[3].view = {.text = "nothing was seen"};
  const std::vector<LabeledView> blank = {{{.text = "blank"}, false}};
  EXPECT_TRUE(std::isfinite(EnsembleLogOdds(blank, shadows, 5, 1, 1).value()[0]));
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
