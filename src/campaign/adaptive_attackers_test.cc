// Attackers who know of a defense, beside those who do not, on models of which the truth is known.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>

#include "attacks/model_to_data/canary_exposure.h"
#include "attacks/model_to_data/disguised_exposure.h"
#include "attacks/model_to_data/embedding_inversion.h"
#include "attacks/model_to_data/respelled_inversion.h"
#include "attacks/model_to_model/echo_recovery.h"
#include "attacks/model_to_model/hidden_dimension.h"
#include "attacks/model_to_model/logit_bias_recovery.h"
#include "attacks/model_to_model/unbent_dimension.h"
#include "base/random.h"
#include "defenses/model_to_data/noisy_embeddings.h"
#include "defenses/model_to_model/logit_bias_denial.h"
#include "defenses/model_to_model/prediction_poisoning.h"
#include "defenses/model_to_model/query_distance_detection.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::campaign {
namespace {

using attacks::AttackEntry;
using attacks::Attempt;
using defenses::DefenseEntry;

std::unique_ptr<engines::Model> Around(engines::Model& model, const DefenseEntry& entry,
                                       const Settings::Given& given = {}) {
  return std::get<defenses::WrapModel>(entry.way)(model, Settings::Checked(entry.card.settings, given).value(), {});
}

Result<Attempt> Tried(const AttackEntry& entry, engines::Model& model, const attacks::Sample& sample = {},
                      const Settings::Given& given = {}) {
  attacks::Budget budget;
  return std::get<attacks::MakeAttack>(entry.way)(Settings::Checked(entry.card.settings, given).value())
      ->Try(model, sample, budget);
}

bool KnowsOf(const AttackEntry& attack, const DefenseEntry& defense) {
  for (const std::string_view name : attack.card.adapts_to)
    if (name == defense.card.name) return true;
  return false;
}

TEST(AdaptiveAttackers, FindTheDimensionThatPoisonHides) {
  const AttackEntry naive = attacks::model_to_model::HiddenDimension(),
                    adaptive = attacks::model_to_model::UnbentDimension();
  const DefenseEntry defense = defenses::model_to_model::PredictionPoisoning();
  EXPECT_TRUE(KnowsOf(adaptive, defense));
  EXPECT_FALSE(KnowsOf(naive, defense));
  for (const std::uint32_t dimension : {8U, 16U}) {
    engines::Script script;
    script.language.hidden_dimension = dimension;
    engines::ScriptedModel model(script);
    for (const double distance : {0.1, 0.5, 0.8}) {
      SCOPED_TRACE(distance);
      const auto poisoned = Around(model, defense, {{"distance", distance}});
      EXPECT_EQ(Tried(naive, model).value().score, dimension);
      EXPECT_NE(Tried(naive, *poisoned).value().score, dimension);
      EXPECT_EQ(Tried(adaptive, *poisoned).value().score, dimension);
    }
  }
}

TEST(AdaptiveAttackers, AskAboutSecretsWithoutAnAlarm) {
  const AttackEntry naive = attacks::model_to_data::CanaryExposure(),
                    adaptive = attacks::model_to_data::DisguisedExposure();
  const DefenseEntry defense = defenses::model_to_model::QueryDistanceDetection();
  EXPECT_TRUE(KnowsOf(adaptive, defense));
  engines::Script script;
  for (int i = 0; i < 16; ++i) script.language.memorized.push_back("the seal on crate 11 reads 173");
  script.language.memory_strength = 4;
  engines::ScriptedModel model(script);
  attacks::Sample sample{.text = "the seal on crate 11 reads 173"};
  for (int number = 100; number < 300; ++number)
    if (number != 173) sample.candidates.push_back("the seal on crate 11 reads " + std::to_string(number));
  const auto watched = Around(model, defense);
  EXPECT_EQ(Tried(naive, model, sample).value().score, std::log2(200));
  const auto refused = Tried(naive, *watched, sample);
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().what.starts_with("alarm: ")) << refused.error().what;
  // Whatever the words that are drawn.
  for (const double seed : {1, 2, 3}) {
    watched->MeetNewClient();
    const auto found = Tried(adaptive, *watched, sample, {{"seed", seed}});
    ASSERT_TRUE(found.ok()) << found.error().what;
    EXPECT_EQ(found.value().score, std::log2(200));
  }
}

// An interface that gives no logits, but biases, alternatives and echoed scores.
TEST(AdaptiveAttackers, StealLogitsWithoutABias) {
  const AttackEntry naive = attacks::model_to_model::LogitBiasRecovery(),
                    adaptive = attacks::model_to_model::EchoRecovery();
  const DefenseEntry defense = defenses::model_to_model::LogitBiasDenial();
  EXPECT_TRUE(KnowsOf(adaptive, defense));
  using engines::Ability;
  engines::Script script;
  script.language.hidden_dimension = 12;
  script.gives = {Ability::kTokens, Ability::kScores, Ability::kGenerate, Ability::kTopAlternatives,
                  Ability::kLogitBias};
  engines::ScriptedModel model(script);
  attacks::Sample prompts{.text = "nobody knows this one"};
  for (int i = 0; i < 60; ++i) prompts.candidates.push_back("it was said " + std::to_string(i * 7919));
  const auto denied = Around(model, defense);
  EXPECT_EQ(Tried(naive, model, prompts).value().score, 12);
  EXPECT_FALSE(denied->Gives().Has(naive.card.needs));
  EXPECT_EQ(Tried(naive, *denied, prompts).error().fault, Fault::kUnsupported);
  EXPECT_EQ(Tried(adaptive, *denied, prompts).value().score, 12);
}

// Vectors that add up words, in 24 dimensions. How much better who knows of the noise reads depends
// on the draw, so that several are summed.
TEST(AdaptiveAttackers, ReadBlurredVectorsBetter) {
  const AttackEntry naive = attacks::model_to_data::EmbeddingInversion(),
                    adaptive = attacks::model_to_data::RespelledInversion();
  const DefenseEntry defense = defenses::model_to_data::NoisyEmbeddings();
  EXPECT_TRUE(KnowsOf(adaptive, defense));
  constexpr std::size_t kDimension = 24, kWords = 30, kTexts = 80;
  double by_naive = 0, by_adaptive = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Random random(seed);
    std::vector<std::vector<float>> words(kWords, std::vector<float>(kDimension));
    for (std::vector<float>& word : words)
      for (float& x : word) x = static_cast<float>(random.Uniform() - 0.5);
    engines::Script script;
    script.language.hidden_dimension = kDimension;
    attacks::Sample sample;
    for (std::size_t i = 0; i < kTexts; ++i) {
      std::string text = "text" + std::to_string(i);
      std::vector<float> vector(kDimension, 0);
      for (int k = 0; k < 5; ++k) {
        const std::size_t word = random.Below(kWords);
        text += " word" + std::to_string(word);
        for (std::size_t x = 0; x < kDimension; ++x) vector[x] += words[word][x];
      }
      for (std::size_t spelling = 0; spelling < 8; ++spelling)
        script.embeddings[attacks::model_to_data::Respelled(text, spelling)] = vector;
      (i == 0 ? sample.text : sample.candidates.emplace_back()) = text;
    }
    engines::ScriptedModel model(script);
    const auto blurred = Around(model, defense, {{"deviation", 0.7}});
    by_naive += Tried(naive, *blurred, sample).value().score / 5;
    by_adaptive += Tried(adaptive, *blurred, sample).value().score / 5;
  }
  EXPECT_GT(by_adaptive, by_naive + 0.02) << by_naive << " and " << by_adaptive;
}

}  // namespace
}  // namespace ringfort::campaign
