#pragma once

#include <cmath>
#include <string>

#include "base/random.h"
#include "base/text.h"
#include "engines/checkpoint/checkpoint.h"

// Small models of random weights, for tests: what they compute means nothing, but two
// engines must compute the same.

namespace ringfort::engines {

// All bytes, and a few joined pieces.
inline VocabularyParts SampleSentencePieces() {
  VocabularyParts parts{.kind = VocabularyKind::kSentencePiece, .begin = 1, .end = 2, .unknown = 0};
  const auto add = [&](const std::string& piece, float score, TokenKind kind) {
    parts.pieces.push_back(piece), parts.scores.push_back(score), parts.kinds.push_back(kind);
  };
  add("<unk>", 0, TokenKind::kUnknown), add("<s>", 0, TokenKind::kControl), add("</s>", 0, TokenKind::kControl);
  constexpr const char* kDigits = "0123456789ABCDEF";
  for (int byte = 0; byte < 256; ++byte)
    add(std::string("<0x") + kDigits[byte / 16] + kDigits[byte % 16] + ">", 0, TokenKind::kByte);
  float score = -1;
  for (const char* piece : {"th", "the", "\xE2\x96\x81the", "\xE2\x96\x81t", "an", "at",
                            "\xE2\x96\x81"
                            "a",
                            "ca", "\xE2\x96\x81"})
    add(piece, score--, TokenKind::kNormal);
  for (char letter = 'a'; letter <= 'z'; ++letter) add(std::string(1, letter), score--, TokenKind::kNormal);
  return parts;
}

inline VocabularyParts SampleByteLevel() {
  VocabularyParts parts{.kind = VocabularyKind::kByteLevel, .space_before = false};
  std::uint32_t next = 256;
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    const bool printable = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    AppendUtf8(parts.pieces.emplace_back(), printable ? byte : next++);
  }
  parts.merges = {"t h",
                  "th e",
                  "\xC4\xA0 the",
                  "a t",
                  "\xC4\xA0 c",
                  "\xC4\xA0"
                  "c at"};
  for (const std::string& merge : parts.merges) {
    std::string joined = merge;
    joined.erase(joined.find(' '), 1);
    parts.pieces.push_back(joined);
  }
  parts.pieces.push_back("<|endoftext|>");
  parts.kinds.assign(parts.pieces.size(), TokenKind::kNormal);
  parts.kinds.back() = TokenKind::kControl;
  parts.end = static_cast<Token>(parts.pieces.size() - 1);
  return parts;
}

inline VocabularyParts SampleWordPieces() {
  VocabularyParts parts{.kind = VocabularyKind::kWordPiece, .begin = 1, .end = 2, .unknown = 0, .space_before = false};
  parts.pieces = {"[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"};
  parts.kinds.assign(parts.pieces.size(), TokenKind::kControl);
  parts.kinds[0] = TokenKind::kNormal;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    parts.pieces.push_back(std::string(1, letter));
    parts.pieces.push_back("\xE2\x96\x81" + std::string(1, letter));
  }
  for (const char* piece : {"\xE2\x96\x81the",
                            "\xE2\x96\x81"
                            "cat",
                            "at", "\xE2\x96\x81.", "\xE2\x96\x81,"})
    parts.pieces.emplace_back(piece);
  parts.kinds.resize(parts.pieces.size(), TokenKind::kNormal);
  return parts;
}

// Random weights of the size that keeps what is computed in bounds.
inline void DrawWeights(Checkpoint& checkpoint, std::uint64_t seed, bool tied) {
  Random random(seed);
  for (const auto& [name, sides] : TensorsOf(checkpoint.shape, tied || checkpoint.shape.architecture == "bert")) {
    WeightTensor& tensor = checkpoint.tensors[name];
    tensor.shape = sides;
    std::uint64_t count = 1;
    for (const std::uint64_t side : sides) count *= side;
    const bool norm = sides.size() == 1 && name.ends_with(".weight");
    const double size = sides.size() == 1 ? 0.1 : 1.5 / std::sqrt(static_cast<double>(sides.back()));
    for (std::uint64_t i = 0; i < count; ++i)
      tensor.values.push_back(static_cast<float>((norm ? 1.0 : 0.0) + size * 2 * (random.Uniform() - 0.5)));
  }
}

// REQUIRES: llama, gpt2 or bert.
inline Checkpoint SampleCheckpoint(const std::string& architecture, std::uint64_t seed = 1, bool tied = false) {
  Checkpoint checkpoint{.name = "sample"};
  VocabularyParts parts = architecture == "llama"  ? SampleSentencePieces()
                          : architecture == "gpt2" ? SampleByteLevel()
                                                   : SampleWordPieces();
  auto vocabulary = TokenVocabulary::Make(std::move(parts));
  if (vocabulary.ok()) checkpoint.vocabulary = std::move(vocabulary).value();
  checkpoint.shape = {.architecture = architecture,
                      .vocabulary = checkpoint.vocabulary.size(),
                      .width = 48,
                      .layers = 2,
                      .heads = 4,
                      .key_heads = architecture == "llama" ? 2U : 4U,
                      .feed_forward = 80,
                      .context = 64,
                      .rotated = architecture == "llama" ? 12U : 0U};
  DrawWeights(checkpoint, seed, tied);
  return checkpoint;
}

// As small as one can be, for tests that go over every byte of its file.
inline Checkpoint TinyCheckpoint(const std::string& architecture, bool tied = false) {
  Checkpoint checkpoint{.name = "tiny"};
  VocabularyParts parts{.pieces = {"[UNK]", "a", "b", "ab"},
                        .kinds = {TokenKind::kUnknown, TokenKind::kNormal, TokenKind::kNormal, TokenKind::kNormal},
                        .end = 0,
                        .unknown = 0,
                        .space_before = false};
  if (architecture == "llama") parts.scores = {0, -2, -3, -1};
  if (architecture == "gpt2") parts.kind = VocabularyKind::kByteLevel, parts.merges = {"a b"};
  if (architecture == "bert") parts.kind = VocabularyKind::kWordPiece;
  auto vocabulary = TokenVocabulary::Make(std::move(parts));
  if (vocabulary.ok()) checkpoint.vocabulary = std::move(vocabulary).value();
  checkpoint.shape = {.architecture = architecture,
                      .vocabulary = 4,
                      .width = 4,
                      .layers = 1,
                      .heads = 2,
                      .key_heads = architecture == "llama" ? 1U : 2U,
                      .feed_forward = 3,
                      .context = 5,
                      .rotated = architecture == "llama" ? 2U : 0U};
  DrawWeights(checkpoint, 1, tied);
  return checkpoint;
}

}  // namespace ringfort::engines
