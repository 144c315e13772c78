#include "engines/checkpoint/hugging_face_tokenizer.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "engines/checkpoint/checkpoint_sample_internal.h"

namespace ringfort::engines {
namespace {

TokenVocabulary Read(const std::string& text, const TokenizerSettings& settings = {}) {
  auto read = ReadTokenizerJson(text, settings);
  EXPECT_TRUE(read.ok()) << read.error().what;
  return read.ok() ? std::move(read).value() : TokenVocabulary{};
}

std::string Failure(const std::string& text, const TokenizerSettings& settings = {}) {
  const auto read = ReadTokenizerJson(text, settings);
  return read.ok() ? "" : read.error().what;
}

// Files as Hugging Face's library writes them, shortened by hand.
const std::string kPieces = R"({"version":"1.0",
 "added_tokens":[{"id":0,"content":"<unk>","special":true},{"id":1,"content":"<s>","special":true}],
 "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},
   {"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
 "pre_tokenizer":null,
 "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},
   {"Sequence":{"id":"A","type_id":0}}],"special_tokens":{}},
 "model":{"type":"BPE","unk_token":"<unk>","byte_fallback":true,
  "vocab":{"<unk>":0,"<s>":1,"<0x0A>":2,"▁":3,"a":4,"t":5,"c":6,"at":7,"▁c":8,"cat":9,"▁cat":10},
  "merges":["a t","▁ c",["▁c","at"],"c at",["▁","cat"]]}})";

const std::string kBytes = R"({"added_tokens":[{"id":5,"content":"<|endoftext|>","special":true}],
 "normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},
 "post_processor":{"type":"ByteLevel","trim_offsets":true},
 "model":{"unk_token":null,"vocab":{"a":0,"t":1,"Ġ":2,"at":3,"Ġat":4},"merges":["a t","Ġ at"]}})";

const std::string kWords = R"({"added_tokens":[{"id":0,"content":"[UNK]","special":true},
  {"id":1,"content":"[CLS]","special":true},{"id":2,"content":"[SEP]","special":true}],
 "normalizer":{"type":"BertNormalizer","lowercase":true,"strip_accents":null},
 "pre_tokenizer":{"type":"BertPreTokenizer"},
 "post_processor":{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]},
 "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
  "vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"the":3,"##re":4,"##":5}}})";

TEST(ReadTokenizerJson, ReadsSentencePieces) {
  const TokenVocabulary vocabulary = Read(kPieces);
  EXPECT_EQ(vocabulary.parts().kind, VocabularyKind::kSentencePiece);
  EXPECT_TRUE(vocabulary.parts().space_before);
  EXPECT_EQ(vocabulary.begin(), 1);
  EXPECT_EQ(vocabulary.parts().unknown, 0);
  EXPECT_EQ(vocabulary.parts().kinds[0], TokenKind::kUnknown);
  EXPECT_EQ(vocabulary.parts().kinds[1], TokenKind::kControl);
  EXPECT_EQ(vocabulary.parts().kinds[2], TokenKind::kByte);
  // The first merge that makes a piece; a letter, which none makes, comes behind them all.
  EXPECT_EQ(vocabulary.parts().scores, (std::vector<float>{0, 0, 0, -6, -6, -6, -6, -1, -2, -4, -3}));
  EXPECT_EQ(vocabulary.Tokenize("cat at\n").value(), (std::vector<Token>{10, 3, 7, 2}));
  // The end is config.json's, and a begin token that nobody wants is none.
  EXPECT_EQ(Read(kPieces, {.end = 1}).end(), 1);
  EXPECT_EQ(Read(kPieces, {.end = 11}).end(), std::nullopt);
  EXPECT_EQ(Read(kPieces, {.adds_begin = false}).begin(), std::nullopt);
}

TEST(ReadTokenizerJson, ReadsByteLevel) {
  const TokenVocabulary vocabulary = Read(kBytes, {.begin = 5, .end = 5});
  EXPECT_EQ(vocabulary.parts().kind, VocabularyKind::kByteLevel);
  EXPECT_EQ(vocabulary.parts().merges, (std::vector<std::string>{"a t", "\xC4\xA0 at"}));
  EXPECT_EQ(vocabulary.Tokenize("at at").value(), (std::vector<Token>{3, 4}));
  EXPECT_EQ(vocabulary.begin(), std::nullopt);  // the file puts none before a text
  EXPECT_EQ(vocabulary.end(), 5);
  EXPECT_EQ(Read(kBytes, {.begin = 5, .adds_begin = true}).begin(), 5);
}

TEST(ReadTokenizerJson, ReadsWordPiecesInGgufsSpelling) {
  const TokenVocabulary vocabulary = Read(kWords);
  EXPECT_EQ(vocabulary.parts().pieces,
            (std::vector<std::string>{"[UNK]", "[CLS]", "[SEP]", "\xE2\x96\x81the", "re", ""}));
  EXPECT_EQ(vocabulary.begin(), 1);
  EXPECT_EQ(vocabulary.end(), 2);
  EXPECT_EQ(vocabulary.Tokenize("There then").value(), (std::vector<Token>{3, 4, 0}));
}

TEST(ReadTokenizerJson, FillsUpAPaddedNetwork) {
  const TokenVocabulary vocabulary = Read(kBytes, {.tokens = 8});
  EXPECT_EQ(vocabulary.size(), 8u);
  EXPECT_EQ(vocabulary.parts().pieces[7], "[PAD7]");
  EXPECT_EQ(vocabulary.parts().kinds[7], TokenKind::kUnused);
  EXPECT_NE(Failure(kBytes, {.tokens = 5}).find("no number below 5"), std::string::npos);
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(ReadTokenizerJson, SaysWhatIsWrong) {
  const std::vector<std::pair<std::string, const char*>> cases = {
      {"", "not valid JSON"},
      {"[]", "no model"},
      {"{}", "no model"},
      {R"({"model":{}})", "keep their case"},
      {Replaced(kPieces, "\"a\":4", "\"a\":-4"), "no number"},
      {Replaced(kPieces, "\"a\":4", "\"a\":4.5"), "no number"},
      {Replaced(kPieces, "\"a\":4", "\"a\":4000000000"), "no number below 13"},
      {Replaced(kPieces, "\"a\":4", "\"a\":5"), "two tokens have the number 5"},
      {Replaced(kPieces, "\"id\":0,\"content\":\"<unk>\"", "\"id\":4,\"content\":\"<unk>\""),
       "two tokens have the number 4"},
      {Replaced(kPieces, "\"a t\"", "\"a t c\""), "merge 1 is not of two pieces"},
      {Replaced(kPieces, "\"a t\"", "\"at\""), "merge 1 is not of two pieces"},
      {Replaced(kPieces, "\"a t\"", "[\"a\"]"), "merge 1 is not of two pieces"},
      {Replaced(kPieces, "\"a t\"", "7"), "merge 1 is not of two pieces"},
      {Replaced(kPieces, "\"a t\"", "\"t c\""), "merge 1 is of pieces that are no tokens"},
      {Replaced(kPieces, "\"merges\":", "\"x\":"), "no merges"},
      {Replaced(kPieces, "\"vocab\":", "\"x\":"), "no vocabulary"},
  };
  for (const auto& [text, words] : cases)
    EXPECT_NE(Failure(text).find(words), std::string::npos) << words << ": " << Failure(text);
}

// Texts would be cut otherwise than the model learned it, and no number would be right.
TEST(ReadTokenizerJson, RefusesOtherWaysOfCutting) {
  const std::vector<std::string> cases = {
      Replaced(kPieces, "\"type\":\"BPE\"", "\"type\":\"Unigram\""),
      Replaced(kPieces, "\"byte_fallback\":true", "\"byte_fallback\":false"),
      Replaced(kPieces, "\"byte_fallback\":true", "\"byte_fallback\":true,\"ignore_merges\":true"),
      Replaced(kPieces, "\"byte_fallback\":true", "\"byte_fallback\":true,\"dropout\":0.1"),
      Replaced(kPieces, "{\"type\":\"Prepend\",\"prepend\":\"▁\"}", "{\"type\":\"NFKC\"}"),
      Replaced(kPieces, "\"normalizer\":", "\"other\":"),
      Replaced(kPieces, "\"pre_tokenizer\":null", "\"pre_tokenizer\":{\"type\":\"Split\"}"),
      Replaced(kBytes, "\"add_prefix_space\":false", "\"add_prefix_space\":true"),
      Replaced(kBytes, "\"use_regex\":true", "\"use_regex\":false"),
      Replaced(kBytes, "\"normalizer\":null", "\"normalizer\":{\"type\":\"NFC\"}"),
      Replaced(kBytes, "\"type\":\"ByteLevel\"", "\"type\":\"Sequence\""),
      Replaced(kWords, "\"lowercase\":true", "\"lowercase\":false"),
      Replaced(kWords, "\"continuing_subword_prefix\":\"##\"", "\"continuing_subword_prefix\":\"@@\""),
  };
  for (const std::string& text : cases) {
    const auto read = ReadTokenizerJson(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().fault, Fault::kUnsupported) << read.error().what;
  }
}

TEST(WriteTokenizerJson, IsReadBackAndCutsTheSame) {
  for (const VocabularyParts& parts : {SampleSentencePieces(), SampleByteLevel(), SampleWordPieces()}) {
    const auto vocabulary = TokenVocabulary::Make(parts);
    ASSERT_TRUE(vocabulary.ok());
    const auto written = WriteTokenizerJson(vocabulary.value());
    ASSERT_TRUE(written.ok()) << written.error().what;
    const TokenVocabulary read = Read(written.value(), {.begin = parts.begin, .end = parts.end});
    EXPECT_EQ(read.parts().kind, parts.kind);
    EXPECT_EQ(read.parts().pieces, parts.pieces);
    EXPECT_EQ(read.parts().kinds, parts.kinds);
    EXPECT_EQ(read.parts().merges, parts.merges);
    EXPECT_EQ(read.begin(), parts.begin);
    EXPECT_EQ(read.end(), parts.end);
    EXPECT_EQ(read.parts().unknown, parts.unknown);
    EXPECT_EQ(read.parts().space_before, parts.space_before);
    EXPECT_EQ(WriteTokenizerJson(read).value(), written.value());
    Random random(4);
    for (int round = 0; round < 200; ++round) {
      std::string text;
      for (std::uint64_t left = random.Below(40); left > 0; --left)
        text += "the cat  sat, an\n\xC3\xA9Z."[random.Below(20)];
      EXPECT_EQ(read.Tokenize(text).value(), vocabulary.value().Tokenize(text).value()) << text;
    }
  }
}

TEST(WriteTokenizerJson, SaysWhatItCannotSay) {
  const auto fails = [](VocabularyParts parts) {
    const auto vocabulary = TokenVocabulary::Make(std::move(parts));
    EXPECT_TRUE(vocabulary.ok());
    const auto written = WriteTokenizerJson(vocabulary.value());
    return !written.ok() && written.error().fault == Fault::kUnsupported;
  };
  EXPECT_TRUE(fails({.pieces = {"a", "a"}, .scores = {0, 0}}));
  EXPECT_TRUE(fails({.pieces = {"\xFF"}, .scores = {0}}));
  EXPECT_TRUE(fails({.kind = VocabularyKind::kWordPiece, .pieces = {"a"}}));
  EXPECT_EQ(WriteTokenizerJson({}).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::engines
