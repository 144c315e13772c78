#include "attacks/model_to_model/washed_distillation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "attacks/model_to_model/distillation.h"
#include "attacks/word_proposals.h"
#include "base/random.h"
#include "engines/scripted/scripted_model.h"
#include "engines/torch/torch_library.h"
#include "watermarks/mark_evidence.h"

namespace ringfort::attacks::model_to_model {
namespace {

// A language of sixty words, each a token, in which all words are as likely.
class Sixty {
 public:
  Sixty() {
    for (char a = 'a'; a <= 'j'; ++a)
      for (char b = 'a'; b <= 'f'; ++b) {
        numbers_.emplace(std::string{a, b}, static_cast<engines::Token>(words_.size()));
        words_.push_back({a, b});
      }
  }

  // `scheme` may be null: unmarked.
  std::string Write(const watermarks::MarkingScheme* scheme, std::size_t length, std::uint64_t seed) const {
    Random random(seed);
    std::vector<engines::Token> tokens = {static_cast<engines::Token>(random.Below(words_.size()))};
    while (tokens.size() < length) {
      std::vector<float> logits(words_.size(), 0);
      if (scheme != nullptr) scheme->Mark(tokens, logits);
      double sum = 0;
      for (const float logit : logits) sum += std::exp(logit);
      double drawn = random.Uniform() * sum;
      std::size_t token = 0;
      while (token + 1 < logits.size() && (drawn -= std::exp(logits[token])) > 0) ++token;
      tokens.push_back(static_cast<engines::Token>(token));
    }
    std::string text;
    for (const engines::Token token : tokens)
      text += (text.empty() ? "" : " ") + words_[static_cast<std::size_t>(token)];
    return text;
  }

  std::vector<engines::Token> Read(const std::string& text) const {
    std::vector<engines::Token> tokens;
    for (std::size_t i = 0; i < text.size(); i += 3) tokens.push_back(numbers_.at(text.substr(i, 2)));
    return tokens;
  }

 private:
  std::vector<std::string> words_;
  std::map<std::string, engines::Token> numbers_;
};

TEST(WashAnswers, EditsSpreadEvenlyLeaveNoMarkWhereAsManyAtRandomDo) {
  const Sixty language;
  const auto scheme = watermarks::MarkingScheme::Make({.bias = 4}).value();
  std::vector<std::string> answers, own;
  for (std::uint64_t i = 0; i < 40; ++i) {
    answers.push_back(language.Write(scheme.get(), 60, i));
    own.push_back(language.Write(nullptr, 60, 1000 + i));
  }
  const auto z = [&](const std::vector<std::string>& texts) {
    std::vector<std::vector<engines::Token>> tokens;
    for (const std::string& text : texts) tokens.push_back(language.Read(text));
    return watermarks::FindMark(*scheme, tokens).z;
  };
  EXPECT_LT(std::abs(z(own)), 3);
  EXPECT_GT(z(answers), 20);
  std::vector<std::string> spread = answers, random, few = answers;
  const std::vector<std::string> prompts(answers.size());
  WashAnswers(spread, prompts, own, 2, 1);
  WashAnswers(few, prompts, own, 6, 1);
  const WordProposals words(own);
  for (const std::string& answer : answers) random.push_back(words.Neighbors(answer, 1, 30, 1).at(0));
  EXPECT_LT(std::abs(z(spread)), 3);
  EXPECT_GT(z(random), 5);
  EXPECT_GT(z(few), z(random));
}

TEST(WashAnswers, LeavesThePrompt) {
  std::vector<std::string> texts = {"the sea at night is dark and deep"};
  const std::vector<std::string> prompts = {"the sea at night"};
  const std::vector<std::string> own = {"a ship in the day was light or high but far"};
  WashAnswers(texts, prompts, own, 1, 1);
  EXPECT_THAT(texts[0], testing::StartsWith("the sea at night "));
  EXPECT_THAT(texts[0], testing::Not(testing::HasSubstr("dark")));
}

TEST(WashedDistillation, TrainsOnWhatWasWashed) {
  if (engines::TorchVersion().empty()) GTEST_SKIP() << "built without libtorch";
  std::vector<std::string> prompts;
  engines::Script script;
  for (char a = 'a'; a <= 'p'; ++a) {
    prompts.push_back(std::string("tell me of ") + a + a);
    script.answers[prompts.back()] = " gladly and well";
  }
  DistillationRule rule{
      .budgets = {16},
      .answer_tokens = 16,
      .vocabulary = 300,
      .shape = {.width = 32, .layers = 1, .heads = 2, .key_heads = 2, .feed_forward = 64, .context = 48},
      .epochs = 10,
      .batch = 8,
      .learning_rate = 5e-3};
  double loss[2];
  for (const bool washed : {false, true}) {
    rule.wash_every = washed ? 1 : 0;
    engines::ScriptedModel target(script);
    Budget budget;
    const auto report = Distill(target, prompts, std::span(prompts).first(4), rule, budget);
    ASSERT_TRUE(report.ok()) << report.error().what;
    loss[washed ? 1 : 0] = report.value().copies[0].loss;
  }
  EXPECT_GT(loss[1], 2 * loss[0]);
}

TEST(WashedDistillation, KnowsOfTheMark) {
  EXPECT_THAT(WashedDistillation().card.adapts_to, testing::ElementsAre("token_watermark"));
}

}  // namespace
}  // namespace ringfort::attacks::model_to_model
