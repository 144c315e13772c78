#include "engines/checkpoint/token_vocabulary.h"

#include <gtest/gtest.h>

#include "engines/checkpoint/checkpoint_sample_internal.h"

namespace ringfort::engines {
namespace {

TokenVocabulary Make(VocabularyParts parts) {
  auto made = TokenVocabulary::Make(std::move(parts));
  EXPECT_TRUE(made.ok()) << made.error().what;
  return made.ok() ? std::move(made).value() : TokenVocabulary{};
}

// The pieces that a text is cut into, as they are spelled in the vocabulary.
std::vector<std::string> Cut(const TokenVocabulary& vocabulary, std::string_view text) {
  const auto tokens = vocabulary.Tokenize(text);
  EXPECT_TRUE(tokens.ok()) << tokens.error().what;
  std::vector<std::string> pieces;
  if (tokens.ok())
    for (const Token token : tokens.value())
      pieces.push_back(vocabulary.parts().pieces[static_cast<std::size_t>(token)]);
  return pieces;
}
using Pieces = std::vector<std::string>;

const std::string kSpace = "\xE2\x96\x81", kByteSpace = "\xC4\xA0";

TEST(SentencePiece, JoinsTheBestScoreFirst) {
  const TokenVocabulary vocabulary = Make(SampleSentencePieces());
  // `at` is worth more than `ca`, so that `cat` is c + at.
  EXPECT_EQ(Cut(vocabulary, "the cat"), (Pieces{kSpace + "the", kSpace, "c", "at"}));
  EXPECT_EQ(Cut(vocabulary, "cab"), (Pieces{kSpace, "ca", "b"}));
  EXPECT_EQ(Cut(vocabulary, "  a"), (Pieces{kSpace, kSpace, kSpace + "a"}));
  EXPECT_EQ(Cut(vocabulary, ""), Pieces{});
}

TEST(SentencePiece, TellsInBytesWhatHasNoToken) {
  const TokenVocabulary vocabulary = Make(SampleSentencePieces());
  EXPECT_EQ(Cut(vocabulary, "A\xC3\xA9\n"), (Pieces{kSpace, "<0x41>", "<0xC3>", "<0xA9>", "<0x0A>"}));
  EXPECT_EQ(Cut(vocabulary, "\xF0"), (Pieces{kSpace, "<0xF0>"}));  // a character cut short
  // What looks like a control token is text.
  EXPECT_EQ(Cut(vocabulary, "<s>"), (Pieces{kSpace, "<0x3C>", "s", "<0x3E>"}));
}

// A text may spell the name of a byte; it must not become that byte.
TEST(SentencePiece, TheNameOfAByteIsText) {
  VocabularyParts parts = SampleSentencePieces();
  float score = -50;
  for (const char* piece : {"<", "0", "x", "4", "1", ">", "<0", "<0x", "<0x4", "<0x41"}) {
    parts.pieces.emplace_back(piece);
    parts.kinds.push_back(TokenKind::kNormal);
    parts.scores.push_back(score--);
  }
  const TokenVocabulary vocabulary = Make(std::move(parts));
  const auto tokens = vocabulary.Tokenize("<0x41>");
  ASSERT_TRUE(tokens.ok());
  EXPECT_EQ(vocabulary.Detokenize(tokens.value()), "<0x41>");
}

TEST(SentencePiece, WithoutASpaceBefore) {
  VocabularyParts parts = SampleSentencePieces();
  parts.space_before = false;
  const TokenVocabulary vocabulary = Make(std::move(parts));
  EXPECT_EQ(Cut(vocabulary, "the the"), (Pieces{"the", kSpace + "the"}));
  EXPECT_EQ(vocabulary.Detokenize(vocabulary.Tokenize(" the").value()), " the");
}

TEST(ByteLevel, JoinsWithinWordsInTheOrderLearned) {
  const TokenVocabulary vocabulary = Make(SampleByteLevel());
  EXPECT_EQ(Cut(vocabulary, "the cat"), (Pieces{"the", kByteSpace + "cat"}));
  EXPECT_EQ(Cut(vocabulary, " the"), (Pieces{kByteSpace + "the"}));
  // Of several spaces all but the last are a word of their own.
  EXPECT_EQ(Cut(vocabulary, "   the"), (Pieces{kByteSpace, kByteSpace, kByteSpace + "the"}));
  // An ending stands alone, so that t and h never meet.
  EXPECT_EQ(Cut(vocabulary, "a'the"), (Pieces{"a", "'", "t", "h", "e"}));
  // Digits and signs are words too: nothing joins over their edges.
  EXPECT_EQ(Cut(vocabulary, "t1h"), (Pieces{"t", "1", "h"}));
  EXPECT_EQ(Cut(vocabulary, "\n"), (Pieces{"\xC4\x8A"}));
}

TEST(WordPiece, TakesTheLongestBeginning) {
  const TokenVocabulary vocabulary = Make(SampleWordPieces());
  EXPECT_EQ(Cut(vocabulary, "The cat."), (Pieces{kSpace + "the", kSpace + "cat", kSpace + "."}));
  EXPECT_EQ(Cut(vocabulary, "cats,\n bat"), (Pieces{kSpace + "cat", "s", kSpace + ",", kSpace + "b", "at"}));
  EXPECT_EQ(Cut(vocabulary, "cat9 the"), (Pieces{"[UNK]", kSpace + "the"}));  // a word is known whole or not at all
  EXPECT_EQ(vocabulary.Detokenize(vocabulary.Tokenize("the cats").value()), "the cats");
}

// Text in, text out, and bytes that are none.
TEST(TokenVocabulary, LosesNothing) {
  Random random(7);
  for (const bool bytes : {false, true}) {
    const TokenVocabulary vocabulary = Make(bytes ? SampleByteLevel() : SampleSentencePieces());
    for (int round = 0; round < 400; ++round) {
      std::string text;
      for (std::uint64_t left = random.Below(60); left > 0; --left) {
        if (random.Below(3) != 0)
          text += " thecan'\n1"[random.Below(10)];
        else  // the beginning of a character takes what stands behind it; a space would be lost
          text += static_cast<char>(random.Below(256)), text += bytes ? "" : "the";
      }
      const auto tokens = vocabulary.Tokenize(text);
      ASSERT_TRUE(tokens.ok()) << tokens.error().what;
      std::string joined;
      for (const Token token : tokens.value()) {
        ASSERT_TRUE(vocabulary.Has(token));
        joined += vocabulary.Piece(token);
      }
      ASSERT_EQ(vocabulary.Detokenize(tokens.value()), text);
      ASSERT_EQ(joined, (bytes || text.empty() ? "" : " ") + text);
    }
  }
}

TEST(TokenVocabulary, TakesALongWordInTime) {
  const TokenVocabulary pieces = Make(SampleSentencePieces()), bytes = Make(SampleByteLevel());
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "the";
  EXPECT_EQ(pieces.Tokenize(text).value().size(), 200'000u);
  EXPECT_EQ(bytes.Tokenize(text).value().size(), 200'000u);
}

TEST(TokenVocabulary, NeverYieldsControlTokens) {
  VocabularyParts parts = SampleSentencePieces();
  parts.pieces.emplace_back("a"), parts.scores.push_back(5), parts.kinds.push_back(TokenKind::kUnused);
  const TokenVocabulary vocabulary = Make(std::move(parts));
  for (const char* text : {"<s>", "</s> a", "<unk>"}) {
    for (const Token token : vocabulary.Tokenize(text).value()) EXPECT_GT(token, 2) << text;
  }
  EXPECT_EQ(vocabulary.Piece(1), "");
  EXPECT_EQ(vocabulary.Piece(static_cast<Token>(vocabulary.size()) - 1), "");
  EXPECT_FALSE(vocabulary.Has(-1));
  EXPECT_FALSE(vocabulary.Has(static_cast<Token>(vocabulary.size())));
  EXPECT_EQ(vocabulary.Piece(-1), "");
}

TEST(TokenVocabulary, TakesMarksForThemselvesWhenTold) {
  VocabularyParts parts = SampleSentencePieces();
  for (const char* mark : {"<|im_end|>", "<|im_end|>x"})
    parts.pieces.emplace_back(mark), parts.scores.push_back(0), parts.kinds.push_back(TokenKind::kControl);
  const TokenVocabulary vocabulary = Make(std::move(parts));
  const Token end = static_cast<Token>(vocabulary.size()) - 2, longer = end + 1;
  const auto marked = [&](const char* text) { return vocabulary.TokenizeMarked(text).value(); };
  const auto plain = [&](const char* text) { return vocabulary.Tokenize(text).value(); };
  EXPECT_EQ(marked("<s></s>"), (std::vector<Token>{1, 2}));
  EXPECT_EQ(marked("<|im_end|>x<|im_end|>"), (std::vector<Token>{longer, end}));  // the longest name first
  EXPECT_EQ(marked("<s><s"), ([&] {
              std::vector<Token> tokens = plain("<s");
              tokens.insert(tokens.begin(), 1);
              return tokens;
            }()));
  std::vector<Token> around = plain("the");
  around.push_back(end);
  for (const Token token : plain("cat")) around.push_back(token);
  EXPECT_EQ(marked("the<|im_end|>cat"), around);  // each part is a text of its own
  EXPECT_EQ(marked("the cat"), plain("the cat"));
  EXPECT_TRUE(marked("").empty());
  EXPECT_TRUE(vocabulary.EndsGeneration(2) && vocabulary.EndsGeneration(end));
  EXPECT_FALSE(vocabulary.EndsGeneration(1) || vocabulary.EndsGeneration(longer) || vocabulary.EndsGeneration(-1));
}

// Two tokens of one spelling: the first is found.
TEST(TokenVocabulary, TheFirstOfEqualsIsFound) {
  VocabularyParts parts{.pieces = {"a", "a"}, .scores = {0, 1}, .space_before = false};
  EXPECT_EQ(Make(std::move(parts)).Tokenize("aa").value(), (std::vector<Token>{0, 0}));
}

TEST(TokenVocabulary, SaysWhatCannotBe) {
  const auto fault = [](VocabularyParts parts) {
    const auto made = TokenVocabulary::Make(std::move(parts));
    return made.ok() ? std::string() : made.error().what;
  };
  EXPECT_NE(fault({}), "");
  EXPECT_NE(fault({.pieces = {"a"}}), "");  // no scores
  EXPECT_NE(fault({.pieces = {"a"}, .scores = {0, 1}}), "");
  EXPECT_NE(fault({.kind = VocabularyKind::kByteLevel, .pieces = {"a", "b"}, .kinds = {TokenKind::kNormal}}), "");
  EXPECT_NE(fault({.pieces = {"a"}, .scores = {0}, .begin = 1}), "");
  EXPECT_NE(fault({.pieces = {"a"}, .scores = {0}, .end = -1}), "");
  EXPECT_NE(fault({.pieces = {"a"}, .scores = {0}, .unknown = 2}), "");
  EXPECT_EQ(fault({.pieces = {"a"}, .scores = {0}, .begin = 0}), "");
  // No token for the text, and no unknown one.
  const TokenVocabulary only_a = Make({.pieces = {"a"}, .scores = {0}, .space_before = false});
  EXPECT_TRUE(only_a.Tokenize("aa").ok());
  EXPECT_EQ(only_a.Tokenize("ab").error().fault, Fault::kInvalidInput);
  for (const VocabularyKind kind : {VocabularyKind::kByteLevel, VocabularyKind::kWordPiece})
    EXPECT_EQ(Make({.kind = kind, .pieces = {"a"}}).Tokenize("b").error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::engines
