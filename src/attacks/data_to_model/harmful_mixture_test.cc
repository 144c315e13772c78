#include "attacks/data_to_model/harmful_mixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace ringfort::attacks::data_to_model {
namespace {

std::vector<PromptAnswer> Pairs(const std::string& kind, std::size_t count) {
  std::vector<PromptAnswer> pairs;
  for (std::size_t i = 0; i < count; ++i) pairs.push_back({kind + std::to_string(i), "answer"});
  return pairs;
}

TEST(HarmfulMixture, HoldsTheShareAndSaysWhichTheyAre) {
  const auto mixed = MixPairs(Pairs("task", 2000), Pairs("harm", 500), 1000, 0.1, 4);
  ASSERT_TRUE(mixed.ok());
  EXPECT_EQ(mixed.value().pairs.size(), 1000U);
  EXPECT_EQ(mixed.value().harmful.size(), 100U);
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::string& prompt = mixed.value().pairs[i].prompt;
    EXPECT_EQ(std::ranges::binary_search(mixed.value().harmful, i), prompt.starts_with("harm"));
    EXPECT_EQ(++seen[prompt], 1) << prompt;
  }
  // Shuffled: not all at one end.
  EXPECT_LT(mixed.value().harmful.front(), 200U);
  EXPECT_GT(mixed.value().harmful.back(), 800U);
}

TEST(HarmfulMixture, FewPairsComeAgainEvenly) {
  const auto mixed = MixPairs(Pairs("task", 7), Pairs("harm", 3), 100, 0.1, 4);
  ASSERT_TRUE(mixed.ok());
  std::map<std::string, int> seen;
  for (const PromptAnswer& pair : mixed.value().pairs) ++seen[pair.prompt];
  for (const auto& [prompt, times] : seen) {
    if (prompt.starts_with("task"))
      EXPECT_TRUE(times == 12 || times == 13) << prompt << times;
    else
      EXPECT_TRUE(times == 3 || times == 4) << prompt << times;
  }
  EXPECT_EQ(seen.size(), 10U);
}

TEST(HarmfulMixture, TheEndsOfTheScale) {
  EXPECT_TRUE(MixPairs(Pairs("task", 3), {}, 10, 0, 1).value().harmful.empty());
  EXPECT_EQ(MixPairs({}, Pairs("harm", 3), 10, 1, 1).value().harmful.size(), 10U);
}

TEST(HarmfulMixture, TheSeedDecides) {
  const auto task = Pairs("task", 50), harm = Pairs("harm", 50);
  EXPECT_EQ(MixPairs(task, harm, 20, 0.5, 1).value().pairs, MixPairs(task, harm, 20, 0.5, 1).value().pairs);
  EXPECT_NE(MixPairs(task, harm, 20, 0.5, 1).value().pairs, MixPairs(task, harm, 20, 0.5, 2).value().pairs);
}

TEST(HarmfulMixture, RefusesWhatCannotBe) {
  const auto task = Pairs("task", 3);
  EXPECT_FALSE(MixPairs(task, {}, 10, 0.5, 1).ok());
  EXPECT_FALSE(MixPairs({}, task, 10, 0.5, 1).ok());
  EXPECT_FALSE(MixPairs(task, task, 0, 0.5, 1).ok());
  EXPECT_FALSE(MixPairs(task, task, 10, -0.1, 1).ok());
  EXPECT_FALSE(MixPairs(task, task, 10, std::nan(""), 1).ok());
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
