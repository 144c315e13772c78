#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engines/llama_cpp/library_internal.h"
#include "engines/model.h"

// The tokens of one llama.cpp model: texts to numbers and back. Holds as long as the model.

namespace ringfort::engines {

class Vocabulary {
 public:
  Vocabulary() = default;
  explicit Vocabulary(const llama_model* model);

  std::uint32_t size() const { return size_; }
  // What stands before every sequence; nothing for models that were trained without.
  std::optional<Token> begin() const { return begin_; }
  bool Has(Token token) const { return token >= 0 && static_cast<std::uint32_t>(token) < size_; }
  bool EndsGeneration(Token token) const { return llama_vocab_is_eog(vocabulary_, token); }

  // Without the begin token. `control` takes the names of control tokens for themselves.
  Result<std::vector<Token>> Tokenize(std::string_view text, bool control) const;
  // With whatever the model wants around a whole text: [CLS] and [SEP].
  Result<std::vector<Token>> TokenizeWhole(std::string_view text) const;
  // As it was before Tokenize. REQUIRES: Has() of each.
  Result<std::string> Detokenize(std::span<const Token> tokens) const;
  // The bytes of one token inside a text; control tokens have none unless asked for.
  std::string Piece(Token token, bool control) const;

 private:
  Result<std::vector<Token>> Run(std::string_view text, bool whole, bool control) const;

  const llama_vocab* vocabulary_ = nullptr;
  std::uint32_t size_ = 0;
  std::optional<Token> begin_{};
};

// The prompt that the model's chat template makes of the messages, ready for an answer.
// kUnsupported if it has none, or none that the library knows.
Result<std::string> ApplyChatTemplate(const llama_model* model, std::span<const ChatMessage> messages);

}  // namespace ringfort::engines
