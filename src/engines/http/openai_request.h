#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engines/model.h"

// The bodies of requests in OpenAI's protocol, as JSON text. Pure.
// REQUIRES everywhere: texts are valid UTF-8.

namespace ringfort::engines {

struct RequestShape {
  std::string model{};
  bool log_probabilities = false;  // of each generated token
  bool stream = false;
};

// /completions from request.prompt, or /chat/completions from request.messages. top_k is
// no part of the protocol, but most servers know it.
std::string CompletionBody(const GenerateRequest& request, const RequestShape& shape);
std::string ChatBody(const GenerateRequest& request, const RequestShape& shape);

// /completions that echoes `text` with the log-probability of each of its tokens, and
// generates `generated` more: 0, or 1 where the server does not take 0.
std::string EchoBody(const std::string& text, std::uint32_t generated, const std::string& model);

// /embeddings of all texts.
std::string EmbeddingsBody(std::span<const std::string> texts, const std::string& model);

// /tokenize and /detokenize, in the words of llama.cpp's server, which vLLM's are near.
std::string TokenizeBody(std::string_view text, const std::string& model);
std::string DetokenizeBody(std::span<const Token> tokens, const std::string& model);

}  // namespace ringfort::engines
