#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engines/model.h"
#include "service/http_call.h"

// What a model said, written in OpenAI's protocol. Pure.
//
// Log-probabilities of a completion stand in the protocol's parallel lists and once more
// as the list of objects that llama.cpp's server writes (`content`), which holds the number
// and the bytes of each token: in the lists a token is named by its text, and bytes that
// are no whole character as `bytes:\xe2\x82`. Minus infinity, which JSON does not know, is
// -9999. Of an echoed text only the log-probabilities of its own tokens are told, no
// alternatives (null); a token with nothing before it has null.

namespace ringfort::service {

struct Counted {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
};

// What came of one prompt.
struct Choice {
  std::string echoed{};               // in front of the text; empty: no echo
  engines::TextScore echoed_score{};  // of `echoed`, with log-probabilities
  engines::Generation generation{};
};

struct AnswerShape {
  std::string id{};
  std::int64_t created = 0;  // seconds since 1970
  std::string model{};
  bool chat = false;
  bool log_probabilities = false;
  bool usage_in_stream = false;
};

std::string WriteCompletion(std::span<const Choice> choices, Counted counted, const AnswerShape& shape);
// The same as server-sent events: one a token, or a few where a character spans tokens.
std::string WriteCompletionEvents(std::span<const Choice> choices, Counted counted, const AnswerShape& shape);

std::string WriteModels(const engines::ModelFacts& facts);
std::string WriteEmbeddings(const engines::Matrix& vectors, std::uint64_t tokens, const std::string& model,
                            bool base64);
std::string WriteTokens(std::span<const engines::Token> tokens);
std::string WriteDetokenized(const std::string& text);

// {"error": {"message", "type", "param", "code"}}. `code` may be empty.
HttpReply Refusal(int status, std::string_view message, std::string_view code = {});

}  // namespace ringfort::service
