#include "defenses/model_to_model/token_watermark.h"

#include <gtest/gtest.h>

#include <utility>
#include <variant>

#include "engines/scripted/scripted_model.h"
#include "watermarks/mark_evidence.h"

namespace ringfort::defenses::model_to_model {
namespace {

double MarkIn(engines::Model& model, const watermarks::SchemeRule& rule) {
  std::vector<std::vector<engines::Token>> texts;
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto answer = model.Generate({.prompt = "tell", .maximum_tokens = 60, .temperature = 1, .seed = 100 * i + 1});
    EXPECT_TRUE(answer.ok()) << answer.error().what;
    texts.push_back(model.Tokenize(answer.value().text).value());
  }
  return watermarks::FindMark(*std::move(watermarks::MarkingScheme::Make(rule)).value(), texts).probability;
}

TEST(TokenWatermark, MarksWhatItSaysByThePairsOfTokens) {
  engines::ScriptedModel bare;
  const DefenseEntry entry = TokenWatermark();
  const auto settings = Settings::Checked(entry.card.settings, {{"bias", 4}});
  ASSERT_TRUE(settings.ok());
  const auto marked = std::get<WrapModel>(entry.way)(bare, settings.value(), {});
  EXPECT_LT(MarkIn(*marked, {.key = 15485863, .green = 0.25, .width = 1}), 1e-6);
  EXPECT_GT(MarkIn(bare, {.key = 15485863, .green = 0.25, .width = 1}), 1e-3);
  EXPECT_GT(MarkIn(*marked, {.key = 99, .green = 0.25, .width = 1}), 1e-3);  // another key sees nothing
  EXPECT_GT(MarkIn(*marked, {.key = 15485863, .green = 0.25, .width = 2}), 1e-3);
}

TEST(TokenWatermark, TakesItsSettingsToTheirBounds) {
  engines::ScriptedModel bare;
  const DefenseEntry entry = TokenWatermark();
  for (const double green : {0.01, 0.99})
    for (const double bias : {0.0, 100.0}) {
      const auto settings = Settings::Checked(entry.card.settings, {{"green", green}, {"bias", bias}});
      ASSERT_TRUE(settings.ok());
      const auto marked = std::get<WrapModel>(entry.way)(bare, settings.value(), {});
      EXPECT_TRUE(marked->Generate({.prompt = "tell", .maximum_tokens = 3}).ok());
    }
}

}  // namespace
}  // namespace ringfort::defenses::model_to_model
