#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
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

// The server-sent events of one choice, written while its tokens come: one event a token, or
// a few where a character spans tokens or a stop text might have begun.
class ChoiceEvents {
 public:
  // REQUIRES: `shape` outlives it. `longest_stop`: bytes of the longest stop text, 0 for none.
  ChoiceEvents(const AnswerShape& shape, std::size_t index, std::size_t longest_stop)
      : shape_(shape), index_(index), longest_stop_(longest_stop) {}

  // The first: whose turn it is, and the echo.
  std::string Begin(const std::string& echoed, const engines::TextScore& score);
  // What may be told once this token came, in which no stop text ended; often nothing.
  std::string Add(const engines::GeneratedToken& token);
  // The rest. `generation` has the tokens that were added, and perhaps more.
  std::string Finish(const engines::Generation& generation);

 private:
  std::string Piece(std::string_view text, Json log_probabilities, Json finish) const;
  std::string Event(Json choice) const;
  std::string Tell(std::size_t tokens, std::size_t end);
  std::string TellUntil(std::size_t safe);

  const AnswerShape& shape_;
  std::size_t index_;
  std::size_t longest_stop_;
  std::vector<engines::GeneratedToken> held_{};  // tokens that no event has told
  std::string text_{};
  std::size_t told_ = 0;    // bytes of text_
  std::size_t added_ = 0;   // tokens
  std::size_t offset_ = 0;  // characters that were told, with the echo
};
// Behind the events of all choices.
std::string WriteLastEvents(Counted counted, const AnswerShape& shape);
// Where the answer broke off.
std::string WriteErrorEvent(const HttpReply& refusal);

std::string WriteCompletion(std::span<const Choice> choices, Counted counted, const AnswerShape& shape);

std::string WriteModels(const engines::ModelFacts& facts);
std::string WriteEmbeddings(const engines::Matrix& vectors, std::uint64_t tokens, const std::string& model,
                            bool base64);
std::string WriteTokens(std::span<const engines::Token> tokens);
std::string WriteDetokenized(const std::string& text);

// {"error": {"message", "type", "param", "code"}}. `code` may be empty.
HttpReply Refusal(int status, std::string_view message, std::string_view code = {});

}  // namespace ringfort::service
