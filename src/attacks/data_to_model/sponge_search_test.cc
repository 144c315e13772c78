#include "attacks/data_to_model/sponge_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "attacks/data_to_model/secret_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

using testing::ElementsAre;

TEST(SpongeSearch, CrossesAtAPlace) {
  const SpongeWords one = {"a", "b", "c", "d"}, other = {"w", "x", "y", "z"};
  EXPECT_THAT(CrossedWords(one, other, 1), ElementsAre("a", "x", "y", "z"));
  EXPECT_EQ(CrossedWords(one, other, 0), other);
  EXPECT_EQ(CrossedWords(one, other, 9), one);
}

TEST(SpongeSearch, ReplacesAShareOfTheWords) {
  Random random(1);
  const SpongeWords words(2000, "w");  // none of those that are drawn
  EXPECT_EQ(MutatedWords(words, 0, random), words);
  const SpongeWords mutated = MutatedWords(words, 0.25, random);
  const auto kept = std::ranges::count(mutated, "w");
  EXPECT_GT(kept, 1400);
  EXPECT_LT(kept, 1600);
  EXPECT_EQ(std::ranges::count(MutatedWords(words, 1, random), "w"), 0);
}

// Goes on for three tokens for each `again` in the question, and one more.
class Chatterer : public engines::Model {
 public:
  const engines::ModelFacts& Facts() const override { return facts_; }
  engines::Abilities Gives() const override { return {engines::Ability::kGenerate}; }
  engines::Usage Used() const override { return {}; }
  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    std::size_t tokens = 1;
    for (std::size_t at = 0; (at = request.prompt.find("again", at)) != std::string::npos; ++at) tokens += 3;
    engines::Generation answer;
    if (tokens >= request.maximum_tokens) {
      tokens = request.maximum_tokens;
      answer.finish = engines::FinishReason::kLength;
    }
    answer.tokens.resize(tokens);
    return answer;
  }

 private:
  engines::ModelFacts facts_{};
};

TEST(SpongeSearch, BreedsLongerAnswersThanDrawnOnes) {
  Chatterer model;
  Budget budget;
  const Settings::Given given = {{"generations", 40}, {"pool", 40}};
  const auto attempt = Make(SpongeSearch(), given)->Try(model, {.text = "Name a river."}, budget).value();
  EXPECT_EQ(attempt.Number("control_tokens"), 1);
  EXPECT_GE(attempt.score, 1 + 3 * 5);  // most of eight words
  EXPECT_GT(attempt.score, attempt.Number("first_tokens") + 6);
  EXPECT_EQ(attempt.Number("ratio"), attempt.score);
  EXPECT_EQ(attempt.Number("endless"), 0);
  EXPECT_EQ(attempt.Number("questions"), 1 + 40 + 40 * 36);
  EXPECT_TRUE(attempt.prompt.starts_with("Name a river. "));
  const auto again = Make(SpongeSearch(), given)->Try(model, {.text = "Name a river."}, budget).value();
  EXPECT_EQ(again.prompt, attempt.prompt);
}

TEST(SpongeSearch, ABoundOnAnswersBoundsIt) {
  Chatterer model;
  Budget budget;
  const auto attempt =
      Make(SpongeSearch(), {{"generations", 10}, {"tokens", 5}})->Try(model, {.text = ""}, budget).value();
  EXPECT_EQ(attempt.score, 5);
  EXPECT_EQ(attempt.Number("endless"), 1);
}

TEST(SpongeSearch, StopsWhereTheBudgetIsSpent) {
  Chatterer model;
  Budget budget(10);
  EXPECT_EQ(Make(SpongeSearch())->Try(model, {.text = "q"}, budget).error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
