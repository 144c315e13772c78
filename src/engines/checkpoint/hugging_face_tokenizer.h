#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engines/checkpoint/token_vocabulary.h"

// `tokenizer.json`, in which Hugging Face's tokenizers keep a vocabulary.
//
//   BPE with byte_fallback    kSentencePiece. The score of a piece is minus the rank of the
//                             first merge that makes it, so that pieces join in that order.
//   BPE behind ByteLevel      kByteLevel, with its merges ("a b" or ["a", "b"])
//   WordPiece                 kWordPiece; `##ing` becomes `ing`, `the` becomes U+2581 + `the`, as
//                             GGUF spells them
//
// The begin token, and WordPiece's end token, are those that the post-processor puts
// around a text. Tokens that the network has and the file does not are kUnused. Tokens are looked
// for in texts by their pieces alone: an added token gets no precedence.
//
// Source: github.com/huggingface/tokenizers, tokenizers/src/models and processors (0.21).

namespace ringfort::engines {

struct TokenizerSettings {
  std::uint32_t tokens = 0;          // of the network; 0: as many as the file names
  std::optional<Token> begin{};      // config.json's
  std::optional<Token> end{};        // config.json's; of kWordPiece not looked at
  std::optional<bool> adds_begin{};  // tokenizer_config.json's; none: the file's post-processor says
};

// kInvalidInput: no JSON, tokens twice or out of range, merges of what are no tokens;
// kUnsupported: another model, or a normalizer, splitter or option that would cut texts otherwise
// than token_vocabulary.h does; kLimitExceeded: base/json.h's bounds.
Result<TokenVocabulary> ReadTokenizerJson(std::string_view text, const TokenizerSettings& settings = {});

// What ReadTokenizerJson reads back and Hugging Face's library cuts texts by in the same
// way, a token of kind kUnused as a control token. kUnsupported for two tokens of one spelling, a spelling that is no
// UTF-8, words without an unknown token.
Result<std::string> WriteTokenizerJson(const TokenVocabulary& vocabulary);

}  // namespace ringfort::engines
