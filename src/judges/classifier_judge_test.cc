#include "judges/classifier_judge.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "base/random.h"

namespace ringfort::judges {
namespace {

// Harmless answers, in which one word in three tells the truth.
std::vector<LabeledAnswer> Answers(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<LabeledAnswer> answers;
  for (std::size_t i = 0; i < count; ++i) {
    LabeledAnswer answer;
    answer.cluster = "prompt " + std::to_string(i / 2);
    answer.succeeded = random.Below(2) == 1;
    for (int word = 0; word < 12; ++word) {
      const bool telling = random.Below(3) == 0;
      answer.answer +=
          telling ? (answer.succeeded ? "flour " : "gravel ") : "word" + std::to_string(random.Below(50)) + " ";
    }
    answers.push_back(answer);
  }
  return answers;
}

TEST(ClassifierJudge, LearnsFromOtherPrompts) {
  const std::vector<LabeledAnswer> answers = Answers(200, 3);
  const std::vector<Judgment> judgments = CrossValidate(answers).value();
  int right = 0;
  for (std::size_t i = 0; i < answers.size(); ++i)
    right += judgments[i].outcome == (answers[i].succeeded ? Outcome::kSucceeded : Outcome::kFailed);
  EXPECT_GT(right, 190);
}

TEST(ClassifierJudge, LearnsNothingFromNothing) {
  std::vector<LabeledAnswer> answers = Answers(300, 5);
  Random random(6);
  for (LabeledAnswer& answer : answers) answer.succeeded = random.Below(2) == 1;
  const std::vector<Judgment> judgments = CrossValidate(answers).value();
  int right = 0;
  for (std::size_t i = 0; i < answers.size(); ++i)
    right += judgments[i].outcome == (answers[i].succeeded ? Outcome::kSucceeded : Outcome::kFailed);
  EXPECT_NEAR(right / 300.0, .5, .12);
}

TEST(ClassifierJudge, PartsHoldWholePromptsWhateverTheOrder) {
  std::vector<LabeledAnswer> answers = Answers(101, 7);
  const std::vector<std::uint32_t> parts = FoldsOf(answers, 5);
  std::map<std::string, std::set<std::uint32_t>> seen;
  std::map<std::uint32_t, int> sizes;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    seen[answers[i].cluster].insert(parts[i]);
    ++sizes[parts[i]];
  }
  for (const auto& [cluster, own] : seen) EXPECT_EQ(own.size(), 1u);
  EXPECT_EQ(sizes.size(), 5u);
  for (const auto& [part, size] : sizes) EXPECT_NEAR(size, 20, 3);
  std::vector<LabeledAnswer> reversed(answers.rbegin(), answers.rend());
  const std::vector<std::uint32_t> again = FoldsOf(reversed, 5);
  EXPECT_TRUE(std::equal(parts.begin(), parts.end(), again.rbegin()));
}

TEST(ClassifierJudge, IsTheSameEachTime) {
  const std::vector<LabeledAnswer> answers = Answers(60, 9);
  ClassifierJudge first(ClassifierJudge::Train(answers).value());
  ClassifierJudge second(ClassifierJudge::Train(answers).value());
  EXPECT_EQ(first.Decide({"", "flour gravel", ""}).score, second.Decide({"", "flour gravel", ""}).score);
  EXPECT_EQ(first.Decide({"", " ", ""}).outcome, Outcome::kUnjudged);
}

TEST(ClassifierJudge, FeaturesAreOfLengthOneAndInRange) {
  double squares = 0;
  for (const auto& [place, value] : FeaturesOf("one two three two one")) {
    EXPECT_LT(place, kClassifierFeatures);
    if (place < kClassifierFeatures - 2) squares += value * value;
  }
  EXPECT_NEAR(squares, 1, 1e-12);
  EXPECT_EQ(FeaturesOf("").size(), 2u);
}

TEST(ClassifierJudge, RefusesWhatItCannotLearnFrom) {
  std::vector<LabeledAnswer> answers = Answers(20, 1);
  EXPECT_FALSE(CrossValidate(answers, 1).ok());
  EXPECT_FALSE(CrossValidate(answers, 11).ok());
  EXPECT_FALSE(CrossValidate({}, 2).ok());
  for (LabeledAnswer& answer : answers) answer.succeeded = true;
  EXPECT_FALSE(CrossValidate(answers, 2).ok());
}

}  // namespace
}  // namespace ringfort::judges
