#include "attacks/model_to_data/min_k_probability.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

double Score(const std::vector<double>& log_probabilities, double fraction) {
  return *MinKProbabilityScore(engines::ScriptedScores(log_probabilities), fraction);
}

TEST(MinKProbabilityScore, FollowsTheExampleOfItsHeader) {
  EXPECT_DOUBLE_EQ(Score({-0.1, -2.0, -0.5, -0.2, -7.0}, 0.4), -4.5);
}

// The toy vector of the published reference values.
TEST(MinKProbabilityScore, MeetsTheReferenceVector) {
  const std::vector<double> toy = {-0.4076059644443806, -0.7943767694176431, -2.1429316284998996, -1.201942848229244};
  EXPECT_NEAR(Score(toy, 0.5), -1.6724372383645718, 1e-12);
  EXPECT_NEAR(Score(toy, 1), -1.1367143026477917, 1e-12);
}

TEST(MinKProbabilityScore, KeepsAtLeastOneToken) {
  EXPECT_DOUBLE_EQ(Score({-3.0}, 0.01), -3.0);
  EXPECT_FALSE(MinKProbabilityScore({}, 0.2).has_value());
}

TEST(MinKProbabilityScore, IgnoresOrderAndIsMonotone) {
  Random random(20261121);
  for (int round = 0; round < 1000; ++round) {
    std::vector<double> text(1 + random.Below(60));
    for (double& token : text) token = -12 * random.Uniform();
    const double score = Score(text, 0.2);
    std::vector<double> turned(text.rbegin(), text.rend());
    EXPECT_NEAR(Score(turned, 0.2), score, 1e-12);
    EXPECT_GE(Score(text, 0.5), score - 1e-12);
    text[random.Below(text.size())] += 0.5;
    EXPECT_GE(Score(text, 0.2), score - 1e-12);
  }
}

TEST(MinKProbability, ReadsItsSetting) {
  const AttackEntry entry = MinKProbability();
  const auto& reader = std::get<TextReader>(entry.way);
  const TextView view{.score = engines::ScriptedScores(std::vector<double>{-1, -2, -3, -4, -5})};
  EXPECT_EQ(reader.read(view, Settings::Checked(entry.card.settings).value()), -5);
  EXPECT_EQ(reader.read(view, Settings::Checked(entry.card.settings, {{"fraction", 1}}).value()), -3);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
