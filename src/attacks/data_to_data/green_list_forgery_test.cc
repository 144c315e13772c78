#include "attacks/data_to_data/green_list_forgery.h"

#include <gtest/gtest.h>

#include <utility>

#include "engines/scripted/scripted_model.h"
#include "watermarks/mark_evidence.h"

namespace ringfort::attacks::data_to_data {
namespace {

using engines::Token;
using Texts = std::vector<std::vector<Token>>;

TEST(LearnedGreenList, IsTheRatioOfShares) {
  Texts marked(1), plain(1);
  const auto put = [](Texts& texts, Token token, int times) {
    for (int i = 0; i < times; ++i) texts.push_back({7, token});
  };
  put(marked, 1, 12), put(marked, 2, 3), put(marked, 3, 4), put(marked, 4, 1);
  put(plain, 1, 5), put(plain, 2, 9), put(plain, 3, 4), put(plain, 5, 7);
  const LearnedGreenList list(marked, plain, {});
  const Token before[] = {9, 7}, unknown[] = {8};
  EXPECT_EQ(list.Favor(before, 1), 1);
  EXPECT_EQ(list.Favor(before, 2), 0);
  EXPECT_DOUBLE_EQ(list.Favor(before, 3), (4.0 / 20) / (4.0 / 25) / 2);
  EXPECT_EQ(list.Favor(before, 4), 0) << "seen once";
  EXPECT_EQ(list.Favor(before, 5), 0);
  EXPECT_EQ(list.Favor(unknown, 1), 0);
  EXPECT_EQ(list.Favor({}, 1), 0);
  EXPECT_EQ(list.contexts(), 1U);
  EXPECT_EQ(list.favored(), 2U);
  std::vector<float> logits(3, 0);
  list.Raise(before, logits, 4);
  EXPECT_EQ(logits, (std::vector<float>{0, 4, 0}));
}

class Marking final : public engines::LogitsEditor {
 public:
  explicit Marking(const watermarks::MarkingScheme& scheme) : scheme_(scheme) {}
  void Edit(std::span<const Token> before, std::span<float> logits) override {
    if (before.size() >= scheme_.context()) scheme_.Mark(before, logits);
  }

 private:
  const watermarks::MarkingScheme& scheme_;
};

Texts Say(engines::Model& model, engines::LogitsEditor* editor, std::uint64_t seed, std::size_t count) {
  Texts texts;
  for (std::size_t i = 0; i < count; ++i) {
    const auto said =
        model.Generate({.prompt = "tell", .maximum_tokens = 120, .temperature = 1, .seed = seed + i, .editor = editor});
    EXPECT_TRUE(said.ok());
    texts.push_back(model.Tokenize(said.value().text).value());
  }
  return texts;
}

// The owner finds the mark in the forger's texts; the more the forger saw, the surer. With the
// opposite sign it avoids the mark.
TEST(LearnedGreenList, ForgesAndAvoidsTheMark) {
  engines::ScriptedModel model;
  const auto scheme = std::move(watermarks::MarkingScheme::Make({.green = 0.5, .bias = 3})).value();
  Marking marking(*scheme);
  const Texts marked = Say(model, &marking, 1000, 80), plain = Say(model, nullptr, 5000, 80);
  double z[2] = {};
  for (const std::size_t seen : {std::size_t{10}, std::size_t{80}}) {
    const LearnedGreenList list(std::span<const std::vector<Token>>(marked).first(seen), plain, {});
    ForgingEditor forging(list, 4);
    z[seen == 80 ? 1 : 0] = watermarks::FindMark(*scheme, Say(model, &forging, 9000, 6)).z;
  }
  const double own = watermarks::FindMark(*scheme, Say(model, nullptr, 9000, 6)).z;
  EXPECT_GT(z[1], 5);
  EXPECT_GT(z[1], z[0] + 1);
  EXPECT_LT(own, 3);
  const LearnedGreenList list(marked, plain, {});
  ForgingEditor avoiding(list, -4);
  EXPECT_LT(watermarks::FindMark(*scheme, Say(model, &avoiding, 9000, 6)).z, own - 2);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_data
