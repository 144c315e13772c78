#include "attacks/model_to_data/blind_baseline.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace ringfort::attacks::model_to_data {
namespace {

// The share of pairs (member, other) in the right order.
double Order(const std::vector<double>& scores, const std::vector<std::uint8_t>& members) {
  double right = 0, pairs = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (!members[i] || members[j]) continue;
      right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
      ++pairs;
    }
  return right / pairs;
}

struct Texts {
  std::vector<std::string> texts{};
  std::vector<std::uint8_t> members{};
  std::vector<std::string_view> views() const { return {texts.begin(), texts.end()}; }
};

// Twenty words a text out of a hundred; `shift` adds a word that only members have.
Texts Drawn(bool shift, std::uint64_t seed, int count = 120) {
  Random random(seed);
  Texts drawn;
  for (int i = 0; i < count; ++i) {
    std::string text = shift ? (i % 2 == 1 ? "in 2019" : "in 2024") : "in";
    for (int w = 0; w < 20; ++w) text += " word" + std::to_string(random.Below(100));
    drawn.texts.push_back(text);
    drawn.members.push_back(i % 2);
  }
  return drawn;
}

TEST(WordsForBag, LowersAndSplits) {
  EXPECT_EQ(WordsForBag("It's 3 o'clock: DON'T-panic, caf\xc3\xa9!"),
            (std::vector<std::string>{"it", "clock", "don", "panic", "caf\xc3\xa9"}));
  EXPECT_TRUE(WordsForBag("").empty());
}

TEST(BlindScores, ASharedWordOfMembersTellsThem) {
  const Texts drawn = Drawn(true, 1);
  EXPECT_GT(Order(BlindScores(drawn.views(), drawn.members, 5, 1, 1).value(), drawn.members), 0.9);
  EXPECT_GT(Order(BlindScores(drawn.views(), drawn.members, 5, 1000, 1).value(), drawn.members), 0.99);
}

TEST(BlindScores, TextsOfOneSourceAreNotTold) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Texts drawn = Drawn(false, seed);
    sum += Order(BlindScores(drawn.views(), drawn.members, 5, 1, 1).value(), drawn.members) / 8;
  }
  EXPECT_NEAR(sum, 0.5, 0.07);
}

// Every text twice: were the two not held out together, all would be told.
TEST(BlindScores, EqualTextsDoNotGiveEachOtherAway) {
  Texts drawn = Drawn(false, 3, 60);
  const Texts once = drawn;
  drawn.texts.insert(drawn.texts.end(), once.texts.begin(), once.texts.end());
  drawn.members.insert(drawn.members.end(), once.members.begin(), once.members.end());
  EXPECT_LT(Order(BlindScores(drawn.views(), drawn.members, 5, 1, 1).value(), drawn.members), 0.75);
}

TEST(BlindScores, IsTheSameEachTimeAndRefusesTooFewTexts) {
  const Texts drawn = Drawn(true, 2, 40);
  EXPECT_EQ(BlindScores(drawn.views(), drawn.members, 5, 1, 1).value(),
            BlindScores(drawn.views(), drawn.members, 5, 1, 1).value());
  const std::vector<std::string_view> two = {"one text", "another"};
  EXPECT_FALSE(BlindScores(two, std::vector<std::uint8_t>{1, 0}, 5, 1, 1).ok());
  EXPECT_FALSE(BlindScores(two, std::vector<std::uint8_t>{1}, 5, 1, 1).ok());
  EXPECT_FALSE(BlindScores({}, {}, 5, 1, 1).ok());
}

TEST(BlindBaseline, NeverLooksAtScores) {
  const Texts drawn = Drawn(true, 4, 40);
  std::vector<LabeledView> plain, scored;
  for (std::size_t i = 0; i < drawn.texts.size(); ++i) {
    plain.push_back({{.text = drawn.texts[i]}, drawn.members[i] != 0});
    scored.push_back(plain.back());
    scored.back().view.score.tokens = {{.log_probability = -1.0 * static_cast<double>(i)}};
  }
  const auto entry = BlindBaseline();
  const auto& reader = std::get<SetReader>(entry.way);
  const Settings settings = Settings::Checked(entry.card.settings).value();
  EXPECT_EQ(reader.read(plain, {}, settings).value(), reader.read(scored, {}, settings).value());
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
