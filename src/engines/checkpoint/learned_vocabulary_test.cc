#include "engines/checkpoint/learned_vocabulary.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace ringfort::engines {
namespace {

const std::string kSpace = "\xE2\x96\x81";

TokenVocabulary Learned(const std::vector<std::string>& texts, std::uint32_t size) {
  auto made = LearnVocabulary(texts, size);
  EXPECT_TRUE(made.ok()) << made.error().what;
  return made.ok() ? std::move(made).value() : TokenVocabulary{};
}

std::vector<std::string> Behind(const TokenVocabulary& vocabulary) {
  const auto& pieces = vocabulary.parts().pieces;
  return {pieces.begin() + 259, pieces.end()};
}

// By hand: b stands 7 times, a and the space 4 times each; `ab` stands 4 times, as does the
// space before it, then `bb` twice where `abbbb` is left. Nothing else stands twice.
TEST(LearnVocabulary, JoinsTheMostFrequentFirst) {
  const TokenVocabulary vocabulary = Learned({"ab ab ab abbbb"}, 300);
  EXPECT_EQ(Behind(vocabulary), (std::vector<std::string>{"b", "a", kSpace, "ab", kSpace + "ab", "bb"}));
  EXPECT_EQ(vocabulary.parts().pieces[0], "<unk>");
  EXPECT_EQ(vocabulary.begin(), 1);
  EXPECT_EQ(vocabulary.end(), 2);
  EXPECT_EQ(vocabulary.parts().pieces[3 + 0x41], "<0x41>");
  const auto& scores = vocabulary.parts().scores;
  EXPECT_TRUE(std::is_sorted(scores.begin() + 259, scores.end(), std::greater<>()));
}

TEST(LearnVocabulary, AFrequentWordBecomesOneToken) {
  std::vector<std::string> texts(20, "the secret of the lighthouse is the lighthouse");
  texts.emplace_back("a word that stands once: zyzzyva");
  const TokenVocabulary vocabulary = Learned(texts, 400);
  EXPECT_EQ(vocabulary.Tokenize("lighthouse").value().size(), 1u);
  EXPECT_EQ(vocabulary.Tokenize("the lighthouse").value().size(), 2u);
  EXPECT_GT(vocabulary.Tokenize("zyzzyva").value().size(), 2u);
  EXPECT_LT(vocabulary.size(), 400u);  // no more pairs that stand there twice
}

TEST(LearnVocabulary, TextInIsTextOut) {
  const std::vector<std::string> texts = {"Once upon a time, there was a little girl.",
                                          "tabs\tand\nlines\r\nand  two spaces ",
                                          "\xC3\x9C"
                                          "ber \xF0\x9F\x98\x80 na\xC3\xAFve",
                                          "<s> </s> <unk> <0x41> <0x41> <0x41> <0x41> <0x41>",
                                          std::string("a zero\0 inside", 14),
                                          "no UTF-8: \xFF\xFE\xC3"};
  const TokenVocabulary vocabulary = Learned(texts, 320);
  Random random(5);
  for (const std::string& text : texts) {
    const auto tokens = vocabulary.Tokenize(text);
    ASSERT_TRUE(tokens.ok());
    EXPECT_EQ(vocabulary.Detokenize(tokens.value()), text);
  }
  for (int round = 0; round < 200; ++round) {
    std::string text;
    for (std::uint64_t left = random.Below(50); left > 0; --left)
      text += static_cast<char>(random.Below(256)), text += "abc ";
    const auto tokens = vocabulary.Tokenize(text);
    ASSERT_TRUE(tokens.ok());
    EXPECT_EQ(vocabulary.Detokenize(tokens.value()), text);
  }
}

// More letters than there is room for: the rare ones are told in bytes.
TEST(LearnVocabulary, KeepsItsSize) {
  std::string text;
  for (std::uint32_t letter = 0x4E00; letter < 0x4E00 + 500; ++letter) {
    text += static_cast<char>(0xE0 | (letter >> 12));
    text += static_cast<char>(0x80 | ((letter >> 6) & 63));
    text += static_cast<char>(0x80 | (letter & 63));
  }
  for (const std::uint32_t size : {300U, 400U, 1000U}) {
    const TokenVocabulary vocabulary = Learned({text}, size);
    EXPECT_EQ(vocabulary.size(), std::min(size, 259 + 501U));
    EXPECT_EQ(vocabulary.Detokenize(vocabulary.Tokenize(text).value()), text);
  }
}

TEST(LearnVocabulary, IsTheSameEveryTime) {
  const std::vector<std::string> texts = {"she sells sea shells", "by the sea shore she sells them"};
  EXPECT_EQ(Learned(texts, 310).parts().pieces, Learned(texts, 310).parts().pieces);
  EXPECT_EQ(Learned({texts[1], texts[0]}, 310).parts().pieces, Learned(texts, 310).parts().pieces);
}

TEST(LearnVocabulary, RefusesWhatCannotBeLearned) {
  const std::vector<std::string> texts = {"some text"};
  EXPECT_EQ(LearnVocabulary(texts, 299).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(LearnVocabulary(texts, 100'001).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(LearnVocabulary({}, 300).error().fault, Fault::kInvalidInput);
  const std::vector<std::string> empty = {"", " \n\t "};
  EXPECT_EQ(LearnVocabulary(empty, 300).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::engines
