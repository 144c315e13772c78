#include <limits>

#include "engines/llama_cpp/chat_template.h"
#include "engines/llama_cpp/vocabulary_internal.h"

namespace ringfort::engines {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 28;

}  // namespace

Vocabulary::Vocabulary(const llama_model* model)
    : vocabulary_(llama_model_get_vocab(model)), size_(static_cast<std::uint32_t>(llama_vocab_n_tokens(vocabulary_))) {
  if (llama_vocab_get_add_bos(vocabulary_) && Has(llama_vocab_bos(vocabulary_))) begin_ = llama_vocab_bos(vocabulary_);
}

Result<std::vector<Token>> Vocabulary::Run(std::string_view text, bool whole, bool control) const {
  if (text.size() > kMostBytes) return Error{Fault::kInvalidInput, "the text is longer than 256 MB"};
  std::vector<Token> tokens(text.size() / 2 + 8);
  for (int attempt = 0; attempt < 2; ++attempt) {
    LibraryCall call(true);
    std::int32_t count = 0;
    const bool ran = call.Run([&] {
      count = llama_tokenize(vocabulary_, text.data(), static_cast<std::int32_t>(text.size()), tokens.data(),
                             static_cast<std::int32_t>(tokens.size()), whole, control);
    });
    if (!ran || count == std::numeric_limits<std::int32_t>::min())
      return Error{Fault::kInvalidInput, "the text cannot be cut into tokens: " + call.Reason()};
    if (count >= 0) {
      tokens.resize(static_cast<std::size_t>(count));
      return tokens;
    }
    tokens.resize(static_cast<std::size_t>(-count));
  }
  return Error{Fault::kInternal, "llama.cpp asked twice for more room for tokens"};
}

Result<std::vector<Token>> Vocabulary::Tokenize(std::string_view text, bool control) const {
  if (text.empty()) return std::vector<Token>{};
  return Run(text, false, control);
}

Result<std::vector<Token>> Vocabulary::TokenizeWhole(std::string_view text) const { return Run(text, true, false); }

Result<std::string> Vocabulary::Detokenize(std::span<const Token> tokens) const {
  std::string text(tokens.size() * 8 + 16, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    LibraryCall call(true);
    std::int32_t count = 0;
    const bool ran = call.Run([&] {
      count = llama_detokenize(vocabulary_, tokens.data(), static_cast<std::int32_t>(tokens.size()), text.data(),
                               static_cast<std::int32_t>(text.size()), false, true);
    });
    if (!ran) return Error{Fault::kInvalidInput, "the tokens make no text: " + call.Reason()};
    if (count >= 0) {
      text.resize(static_cast<std::size_t>(count));
      return text;
    }
    text.resize(static_cast<std::size_t>(-count));
  }
  return Error{Fault::kInternal, "llama.cpp asked twice for more room for text"};
}

std::string Vocabulary::Piece(Token token, bool control) const {
  std::string text(32, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    LibraryCall call(true);
    std::int32_t count = 0;
    if (!call.Run([&] {
          count =
              llama_token_to_piece(vocabulary_, token, text.data(), static_cast<std::int32_t>(text.size()), 0, control);
        }))
      return {};
    text.resize(static_cast<std::size_t>(count < 0 ? -count : count));
    if (count >= 0) return text;
  }
  return {};
}

Result<std::string> ApplyChatTemplate(const llama_model* model, std::span<const ChatMessage> messages) {
  const char* chat_template = llama_model_chat_template(model, nullptr);
  return WriteChat(chat_template == nullptr ? "" : chat_template, messages);
}

}  // namespace ringfort::engines
