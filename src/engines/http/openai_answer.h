#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engines/model.h"

// What an endpoint answered in OpenAI's protocol: JSON text in, values of the port out.
// Pure functions over hostile bytes: bounded by the length of the text, nothing throws.
// An error is kInvalidInput and one sentence that says which member is not as it should
// be. Numbers must be finite, log-probabilities at most 0 (1e-3 above is rounding).

namespace ringfort::engines {

struct TokenCount {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  bool told = false;
};

struct ListedModel {
  std::string name{};
  std::uint32_t context = 0;  // max_model_len of vLLM, meta.n_ctx of llama.cpp; 0: not told
};
Result<std::vector<ListedModel>> ParseModels(std::string_view text);

struct GenerationAnswer {
  Generation generation{};  // tokens only if log-probabilities were told
  bool log_probabilities = false;
  TokenCount count{};
};
// The first choice of /completions and of /chat/completions, whole or as a stream of
// server-sent events. Log-probabilities in both shapes that servers use: parallel lists
// (tokens, token_logprobs, top_logprobs) and a list of objects (content).
Result<GenerationAnswer> ParseGeneration(std::string_view text);
Result<GenerationAnswer> ParseGenerationStream(std::string_view text);

struct EchoAnswer {
  TextScore score{};
  TokenCount count{};
};
// The scores of the echoed `text`. A token in front without a score is left out, and so
// are tokens that were generated behind it.
Result<EchoAnswer> ParseEcho(std::string_view answer, std::string_view text);

struct EmbeddingsAnswer {
  Matrix embeddings{};
  TokenCount count{};
};
// As many as `expected`, in the order of their index, of one length.
Result<EmbeddingsAnswer> ParseEmbeddings(std::string_view text, std::size_t expected);

Result<std::vector<Token>> ParseTokens(std::string_view text);
Result<std::string> ParseDetokenized(std::string_view text);

// What the server says went wrong, fit to be shown: the message of an error object in
// the usual places, else the beginning of the body.
std::string ErrorSentence(std::string_view body);

}  // namespace ringfort::engines
