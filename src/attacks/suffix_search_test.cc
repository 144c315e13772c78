#include "attacks/suffix_search.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks {
namespace {

engines::ScriptedModel Plain() {
  engines::Script script;
  script.gives = script.gives.Without({engines::Ability::kChat});
  return engines::ScriptedModel(script);
}

std::vector<std::string> Letters() {
  std::vector<std::string> letters;
  for (char c = ' '; c <= '~'; ++c) letters.emplace_back(1, c);
  return letters;
}

TEST(WithSuffix, StandsAtTheMarkOrBehind) {
  EXPECT_EQ(WithSuffix("Q: why? {}\nA:", "x y"), "Q: why? x y\nA:");
  EXPECT_EQ(WithSuffix("why?", "x"), "why? x");
  EXPECT_EQ(WithSuffix("why?", ""), "why?");
  EXPECT_EQ(WithSuffix("a {} b", ""), "a  b");
}

TEST(OpeningLogProbability, IsThatOfTheWholeOpeningOrOfItsFirstToken) {
  engines::ScriptedModel plain = Plain(), chats;
  Budget budget;
  Interview first(plain, budget, {}), second(chats, budget, {});
  const std::vector<std::string> texts = {"why?Sure"};
  double sum = 0;
  const auto score = plain.Score(texts).value()[0];
  for (std::size_t i = 4; i < 8; ++i) sum += score.tokens[i].log_probability;
  EXPECT_DOUBLE_EQ(OpeningLogProbability(first, "why?", "Sure").value(), sum);
  EXPECT_EQ(first.questions(), 1u);
  EXPECT_EQ(OpeningLogProbability(first, std::string(255, 'a'), "Sure").error().fault, Fault::kInvalidInput);
  engines::GenerateRequest request{.maximum_tokens = 1, .top_alternatives = 20};
  request.messages = {{"user", "why?"}};
  const auto alternatives = chats.Generate(request).value().tokens[0].alternatives;
  const std::string opening = alternatives[3].text + "...";
  EXPECT_DOUBLE_EQ(OpeningLogProbability(second, "why?", opening).value(), alternatives[3].log_probability);
  EXPECT_DOUBLE_EQ(OpeningLogProbability(second, "why?", "\x01").value(), alternatives[19].log_probability)
      << "not among them: no more than the least";
}

TEST(SearchSuffix, FindsWhatItSaysAndCountsItsQuestions) {
  engines::ScriptedModel model = Plain();
  Budget budget;
  Interview interview(model, budget, {});
  const FoundSuffix found =
      SearchSuffix(interview, "why?", "Sure", Letters(), {.steps = 300, .pieces = 5, .change = 2, .seed = 3}).value();
  EXPECT_GT(found.after, found.before);
  EXPECT_DOUBLE_EQ(OpeningLogProbability(interview, WithSuffix("why?", found.suffix), "Sure").value(), found.after);
  EXPECT_LE(found.curve.points.back().spent, 301);
  for (std::size_t i = 1; i < found.curve.points.size(); ++i)
    EXPECT_GT(found.curve.points[i].gained, found.curve.points[i - 1].gained);
  EXPECT_EQ(interview.questions(), 302u);
}

TEST(SearchSuffix, AsksNothingOfWhatIsNotAdmitted) {
  engines::ScriptedModel model = Plain();
  Budget budget;
  Interview interview(model, budget, {});
  const auto none = [](const std::string&) -> Result<bool> { return false; };
  const FoundSuffix found = SearchSuffix(interview, "why?", "Sure", Letters(), {.steps = 50}, none).value();
  EXPECT_EQ(interview.questions(), 1u);
  EXPECT_EQ(found.suffix, "");
  EXPECT_EQ(found.after, found.before);
}

// Climbing against drawing afresh, with as many questions on the same requests: 16 pairs,
// Student's interval of the mean difference.
TEST(SearchSuffix, ClimbingBeatsRandomStringsByAMargin) {
  std::vector<double> margins;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    engines::Script script;
    script.gives = script.gives.Without({engines::Ability::kChat});
    script.language.seed = seed;
    engines::ScriptedModel model(script);
    Budget budget;
    Interview interview(model, budget, {});
    SuffixSearchSettings settings{.steps = 120, .pieces = 5, .change = 2, .seed = seed};
    const double climbed = SearchSuffix(interview, "why?", "Sure", Letters(), settings).value().after;
    settings.climbs = false;
    const double drawn = SearchSuffix(interview, "why?", "Sure", Letters(), settings).value().after;
    margins.push_back(climbed - drawn);
  }
  double mean = 0;
  for (const double margin : margins) mean += margin / static_cast<double>(margins.size());
  double variance = 0;
  for (const double margin : margins) variance += (margin - mean) * (margin - mean);
  const double error = std::sqrt(variance / 15.0 / 16.0);
  EXPECT_GT(mean - 2.13 * error, 0.1) << "mean " << mean << ", t interval of 15 degrees +- " << 2.13 * error;
}

}  // namespace
}  // namespace ringfort::attacks
