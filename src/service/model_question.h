#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engines/model.h"

// What a client asks of a model in OpenAI's protocol: the bytes of a body in, what it
// means out. Pure functions over hostile bytes: bounded by the length of the body, nothing
// throws. An error is kInvalidInput and one sentence that names the member at fault.
//
// What we cannot do and would change the answer is refused and never overlooked: n and
// best_of above 1, a suffix, penalties, tools, other forms of answer than text. Members
// that nobody here knows are overlooked, as servers do.

namespace ringfort::service {

inline constexpr std::uint32_t kMostAlternatives = 100;  // logprobs, top_logprobs
inline constexpr std::size_t kMostTexts = 256;           // prompts of one request, inputs of one request
inline constexpr std::size_t kMostStops = 16;

// A text, or the numbers of its tokens: one of the two.
struct AskedText {
  std::string text{};
  std::optional<std::vector<engines::Token>> tokens{};
};

// POST /v1/completions and /v1/chat/completions.
struct CompletionQuestion {
  std::string model{};                 // empty: not said
  std::vector<AskedText> prompts{};    // of /completions; at least one
  engines::GenerateRequest request{};  // all but the prompt; the messages of a chat; a seed only if seed_told
  bool maximum_told = false;           // else request.maximum_tokens is what the protocol says: 16, or of a chat 2^30
  bool seed_told = false;
  bool log_probabilities = false;  // request.top_alternatives says how many beside each
  bool echo = false;
  bool stream = false;
  bool usage_in_stream = false;
};
Result<CompletionQuestion> ParseCompletionQuestion(std::string_view body);
Result<CompletionQuestion> ParseChatQuestion(std::string_view body);

// POST /v1/embeddings.
struct EmbeddingQuestion {
  std::string model{};
  std::vector<AskedText> inputs{};  // at least one
  bool base64 = false;              // else lists of numbers
};
Result<EmbeddingQuestion> ParseEmbeddingQuestion(std::string_view body);

// POST /tokenize and /detokenize, in the words of llama.cpp's server (`content`) or vLLM's
// (`prompt`). A begin token in front is not ours to number, so add_special is refused.
Result<std::string> ParseTokenizeQuestion(std::string_view body);
Result<std::vector<engines::Token>> ParseDetokenizeQuestion(std::string_view body);

}  // namespace ringfort::service
