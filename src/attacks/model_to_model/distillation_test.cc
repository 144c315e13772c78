#include "attacks/model_to_model/distillation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"
#include "engines/torch/torch_library.h"

namespace ringfort::attacks::model_to_model {
namespace {

TEST(PromptOf, EndsAtAWord) {
  EXPECT_EQ(PromptOf("the sea at night", 8), "the sea");
  EXPECT_EQ(PromptOf("the sea", 8), "the sea");
  EXPECT_EQ(PromptOf("seaside", 3), "sea");
  EXPECT_EQ(PromptOf("", 3), "");
}

// The header's example: "the sea " is 8 of the 14 characters of the shorter one.
TEST(SharedPrefix, CountsUpToTheFirstDifference) {
  EXPECT_NEAR(SharedPrefix("the sea at night", "the sea by day"), 8.0 / 14, 1e-12);
  EXPECT_EQ(SharedPrefix("the sea", "the sea at night"), 1);
  EXPECT_EQ(SharedPrefix("", "x"), 0);
  EXPECT_EQ(SharedPrefix("", ""), 1);
}

// Who says, and what the target always adds.
std::vector<std::string> Prompts(std::size_t from, std::size_t count) {
  std::vector<std::string> prompts;
  for (std::size_t i = from; i < from + count; ++i)
    prompts.push_back("tell me of " + std::string(1, static_cast<char>('a' + i % 26)) +
                      std::string(1, static_cast<char>('a' + i / 26)));
  return prompts;
}

engines::Script Target(const std::vector<std::string>& prompts) {
  engines::Script script;
  for (const std::string& prompt : prompts) script.answers[prompt] = " gladly and well";
  return script;
}

const DistillationRule kSmall{
    .budgets = {40, 0},
    .answer_tokens = 16,
    .vocabulary = 300,
    .shape = {.width = 32, .layers = 1, .heads = 2, .key_heads = 2, .feed_forward = 64, .context = 48},
    .epochs = 15,
    .batch = 8,
    .learning_rate = 5e-3};

TEST(Distillation, CopiesWhatItBought) {
  if (engines::TorchVersion().empty()) GTEST_SKIP() << "built without libtorch";
  const auto prompts = Prompts(0, 40), probes = Prompts(40, 5);
  auto all = prompts;
  all.insert(all.end(), probes.begin(), probes.end());
  engines::ScriptedModel target(Target(all));
  Budget budget(100);
  const auto report = Distill(target, prompts, probes, kSmall, budget);
  ASSERT_TRUE(report.ok()) << report.error().what;
  ASSERT_EQ(report.value().copies.size(), 2U);
  const Copy &none = report.value().copies[0], &bought = report.value().copies[1];
  EXPECT_EQ(none.queries, 0U);
  EXPECT_EQ(bought.queries, 40U);
  EXPECT_EQ(none.same, 0);
  EXPECT_GE(bought.same, 0.8);
  EXPECT_GE(bought.first_word, bought.same);
  EXPECT_LT(bought.loss, none.loss / 2);
  EXPECT_EQ(budget.queries(), 100 - 45U);  // each prompt and each probe once, whatever the number of copies
  EXPECT_GT(report.value().checkpoint.Parameters(), 0U);
}

TEST(Distillation, StopsWhereTheBudgetEnds) {
  const auto prompts = Prompts(0, 40);
  engines::ScriptedModel target(Target(prompts));
  Budget budget(10);
  const auto report = Distill(target, prompts, prompts, kSmall, budget);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(target.Used().queries, 10U);
}

TEST(Distillation, RefusesWhatCannotBe) {
  engines::ScriptedModel target;
  Budget budget;
  const auto prompts = Prompts(0, 2);
  EXPECT_THAT(Distill(target, {}, prompts, kSmall, budget).error().what, testing::HasSubstr("prompts"));
  DistillationRule rule = kSmall;
  rule.budgets.clear();
  EXPECT_THAT(Distill(target, prompts, prompts, rule, budget).error().what, testing::HasSubstr("budgets"));
  EXPECT_EQ(target.Used().queries, 0U);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_model
