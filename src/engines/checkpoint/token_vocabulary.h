#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "engines/model.h"

// The tokens of a model and how a text is cut into them.
//
//   kSentencePiece  LLaMA's: a space is U+2581, and one is put before a text; neighbors are
//                   joined by the best score, from characters upward; what has no token
//                   becomes bytes (T. Kudo, J. Richardson, 2018, arXiv 1808.06226)
//   kByteLevel      GPT-2's: bytes are written as printable characters, a text is cut into
//                   words first, and neighbors of a word are joined in the order in which
//                   that was learned (R. Sennrich et al., 2016, arXiv 1508.07909). Letters
//                   outside ASCII count as letters, whatever they are.
//   kWordPiece      BERT's: lower case, words and signs, the longest known beginning first
//                   (arXiv 1810.04805). Accents stay: our texts of such models are English.
//
// Texts hold no control tokens: `<s>` in a text is three characters, and `<0x41>` is six. Only
// TokenizeMarked, for what a chat template wrote, takes the names of control tokens for themselves.
// A value once made; any thread.

namespace ringfort::engines {

enum class VocabularyKind : std::uint8_t { kSentencePiece, kByteLevel, kWordPiece };

// As GGUF numbers them.
enum class TokenKind : std::uint8_t { kNormal = 1, kUnknown = 2, kControl = 3, kUser = 4, kUnused = 5, kByte = 6 };

struct VocabularyParts {
  VocabularyKind kind = VocabularyKind::kSentencePiece;
  std::vector<std::string> pieces{};
  std::vector<float> scores{};        // kSentencePiece: one a piece
  std::vector<TokenKind> kinds{};     // one a piece
  std::vector<std::string> merges{};  // kByteLevel: "a b", the first learned first
  std::optional<Token> begin{};       // put before every text; none: nothing is
  std::optional<Token> end{};
  std::optional<Token> unknown{};
  bool space_before = true;  // kSentencePiece
};

class TokenVocabulary {
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using TextNumbers = std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>>;

 public:
  TokenVocabulary() = default;
  // kInvalidInput: lists of unlike lengths, a token number that is none, more than 4 million
  // pieces.
  static Result<TokenVocabulary> Make(VocabularyParts parts);

  std::uint32_t size() const { return static_cast<std::uint32_t>(parts_.pieces.size()); }
  const VocabularyParts& parts() const { return parts_; }
  std::optional<Token> begin() const { return parts_.begin; }
  std::optional<Token> end() const { return parts_.end; }
  bool Has(Token token) const { return token >= 0 && static_cast<std::uint32_t>(token) < size(); }

  // Without the begin token. kLimitExceeded above 256 MB; kInvalidInput for bytes that the
  // vocabulary has no token for and no unknown token either.
  Result<std::vector<Token>> Tokenize(std::string_view text) const;
  // The same, but names of control and unknown tokens are those tokens: the longest names first,
  // each from the left, and what stands between is a text of its own, as llama.cpp has it.
  //   "<|im_start|>user" -> the token <|im_start|>, then the tokens of "user"
  Result<std::vector<Token>> TokenizeMarked(std::string_view text) const;
  // Whether a model is at the end of what it says: the end token, and those tokens whose names
  // say so, like <|im_end|> and <|eot_id|>, as llama.cpp reads them.
  bool EndsGeneration(Token token) const;
  // As it was before Tokenize: with kByteLevel to the byte, with kSentencePiece if it was UTF-8
  // without U+2581, with kWordPiece in lower case and one space between words.
  // REQUIRES: Has() of each.
  std::string Detokenize(std::span<const Token> tokens) const;
  // The bytes of one token inside a text; of control tokens none.
  std::string Piece(Token token) const;

 private:
  std::vector<Token> SentencePieces(std::string_view text) const;
  std::vector<Token> ByteLevelWord(std::string_view word) const;
  std::vector<Token> WordPieces(std::string_view text) const;
  std::optional<Token> Find(std::string_view piece) const;

  VocabularyParts parts_{};
  TextNumbers numbers_{};  // of the pieces
  TextNumbers ranks_{};    // of the merges
};

}  // namespace ringfort::engines
