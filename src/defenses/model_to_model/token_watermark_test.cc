#include "defenses/model_to_model/token_watermark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::model_to_model {
namespace {

using engines::Token;

// Exact values computed elsewhere with rational arithmetic.
TEST(BinomialTail, IsExact) {
  EXPECT_NEAR(BinomialTail(75, 200, 0.25), 6.153e-5, 5e-9);
  EXPECT_NEAR(BinomialTail(43, 100, 0.25), 6.424e-5, 5e-9);
  EXPECT_NEAR(BinomialTail(129, 200, 0.5), 2.486e-5, 5e-9);
  EXPECT_EQ(BinomialTail(0, 10, 0.3), 1);
  EXPECT_EQ(BinomialTail(11, 10, 0.3), 0);
  EXPECT_NEAR(BinomialTail(10, 10, 0.5), std::pow(0.5, 10), 1e-15);
}

TEST(IsGreen, TakesItsShareAndFollowsTheKey) {
  const WatermarkKey key{.secret = 7, .green = 0.25}, other{.secret = 8, .green = 0.25};
  int green = 0, same = 0;
  for (Token before = 0; before < 100; ++before)
    for (Token token = 0; token < 200; ++token) {
      green += IsGreen(key, before, token) ? 1 : 0;
      same += IsGreen(key, before, token) && IsGreen(other, before, token) ? 1 : 0;
    }
  EXPECT_NEAR(green, 5000, 4 * std::sqrt(20000 * 0.25 * 0.75));
  EXPECT_NEAR(same, 1250, 4 * std::sqrt(20000 * 0.0625 * 0.9375));  // keys are independent
}

TEST(FindWatermark, CountsEachPairOnce) {
  const WatermarkKey key;
  const std::vector<std::vector<Token>> once = {{1, 2, 3, 4, 5, 6}},
                                        often = {{1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}, {}, {9}};
  EXPECT_EQ(FindWatermark(once, key).scored, 5U);
  EXPECT_EQ(FindWatermark(often, key).scored, 5U);
  EXPECT_EQ(FindWatermark({}, key).probability, 1);
}

// Over many keys the probability of unmarked text is uniform, or less than that.
TEST(FindWatermark, SeldomAccusesTheInnocent) {
  Random random(3);
  std::vector<std::vector<Token>> text(1);
  for (int i = 0; i < 200; ++i) text[0].push_back(static_cast<Token>(random.Below(1000)));
  int accused = 0;
  for (std::uint64_t secret = 0; secret < 2000; ++secret)
    accused += FindWatermark(text, {.secret = secret, .green = 0.25}).probability < 0.05 ? 1 : 0;
  EXPECT_LE(accused, 100 + 4 * std::sqrt(2000 * 0.05 * 0.95));
  EXPECT_GT(accused, 30);
}

std::vector<std::vector<Token>> Told(engines::Model& model, std::size_t count) {
  std::vector<std::vector<Token>> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const auto answer = model.Generate({.prompt = "tell", .maximum_tokens = 60, .temperature = 1, .seed = 100 * i + 1});
    EXPECT_TRUE(answer.ok()) << answer.error().what;
    texts.push_back(model.Tokenize("tell" + answer.value().text).value());
  }
  return texts;
}

TEST(TokenWatermark, MarksWhatItSays) {
  engines::ScriptedModel bare;
  const DefenseEntry entry = TokenWatermark();
  const auto settings = Settings::Checked(entry.card.settings, {{"bias", 4}});
  ASSERT_TRUE(settings.ok());
  const auto marked = std::get<WrapModel>(entry.way)(bare, settings.value(), {});
  const WatermarkKey key;
  EXPECT_LT(FindWatermark(Told(*marked, 5), key).probability, 1e-6);
  EXPECT_GT(FindWatermark(Told(bare, 5), key).probability, 1e-3);
  EXPECT_GT(FindWatermark(Told(*marked, 5), {.secret = 99}).probability, 1e-3);  // another key sees nothing
}

TEST(TokenWatermark, HoldsTheBoundsOfTheRequest) {
  engines::ScriptedModel bare;
  const DefenseEntry entry = TokenWatermark();
  const auto marked = std::get<WrapModel>(entry.way)(bare, Settings::Checked(entry.card.settings).value(), {});
  const auto answer = marked->Generate({.prompt = "tell", .maximum_tokens = 7, .temperature = 1, .seed = 5});
  ASSERT_TRUE(answer.ok());
  EXPECT_LE(answer.value().tokens.size(), 7U);
  EXPECT_FALSE(marked->Gives().Has(engines::Ability::kChat));
  EXPECT_EQ(marked->Generate({.messages = {{"user", "tell"}}}).error().fault, Fault::kUnsupported);
  const auto empty = marked->Generate({.prompt = "", .maximum_tokens = 3});
  EXPECT_TRUE(empty.ok());
}

TEST(TokenWatermark, GivesNothingItCannotMark) {
  engines::Script script;
  script.gives = {engines::Ability::kGenerate, engines::Ability::kTokens};
  engines::ScriptedModel bare(script);
  const DefenseEntry entry = TokenWatermark();
  const auto marked = std::get<WrapModel>(entry.way)(bare, Settings::Checked(entry.card.settings).value(), {});
  EXPECT_FALSE(marked->Gives().Has(engines::Ability::kGenerate));
  EXPECT_FALSE(marked->Generate({.prompt = "tell"}).ok());
}

}  // namespace
}  // namespace ringfort::defenses::model_to_model
