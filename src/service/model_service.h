#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engines/model.h"
#include "service/http_call.h"
#include "service/model_answer.h"
#include "service/model_question.h"

// A model as a service in OpenAI's protocol, without the wire:
//
//   GET  /health, /v1/models
//   POST /v1/completions          prompts as texts or tokens, echo with log-probabilities
//   POST /v1/chat/completions     by the model's chat template
//   POST /v1/embeddings           as the model makes them, not normalized
//   POST /tokenize, /detokenize   as llama.cpp's server has them
//
// What the model does not give is answered by 501, what it does not take (too long, no such
// token) by 400, always with the protocol's error object. A text that does not fit into the
// context is refused and never cut. A request without a seed that draws gets one that counts
// up, so that one client's session repeats and two requests of it differ.
//
// Who may ask. With a key only who names it (all but /health). A page of the web that a
// user happens to look at may not: a body must be declared as application/json, which a
// browser sends elsewhere only after asking (and is refused), and where only_loopback is
// set the Host must be this machine's, whatever name an attacker's server gave to 127.0.0.1.
//
// Prompts as tokens are put back into text, since that is what the port takes; tokens that
// the model would not cut that text into are refused.
//
// What a request may cost. One is computed at a time. A stream is sent token by token, but for
// what may be the beginning of a stop text. Who has gone away is computed for no longer; nor is
// a request for longer than rules.time, which is then refused (422, or an event with an error
// in a stream that has begun). llama.cpp ends within a token, torch and the scripted engine
// between two. More tokens than rules.maximum_tokens are not generated (finish reason length).
//
// Threads: AtOnce from any thread, Answer from one at a time.

namespace ringfort::service {

struct ServiceRules {
  std::string key{};  // empty: none is asked for
  bool only_loopback = true;
  std::uint32_t maximum_tokens = 0;   // of one answer; 0: as many as the context holds
  std::chrono::milliseconds time{0};  // that one request may be computed; 0: no bound
};

class ModelService {
 public:
  // REQUIRES: `model` outlives it.
  ModelService(engines::Model& model, ServiceRules rules) : model_(model), rules_(std::move(rules)) {}

  // What can be said of a request by its head alone, before its body is read and without
  // the model: refusals, /health and the list of models.
  std::optional<HttpReply> AtOnce(const HttpCall& call) const;

  // REQUIRES: AtOnce had nothing to say.
  HttpReply Answer(const HttpCall& call, HttpCaller& caller);

 private:
  struct Work;  // one request under way

  HttpReply AnswerWatched(const HttpCall& call, Work& work);
  HttpReply Complete(CompletionQuestion question, bool chat, Work& work);
  Result<Choice> CompleteOne(const CompletionQuestion& question, const std::string& prompt, Counted& counted,
                             const std::function<void(const Choice&)>& begun);
  std::optional<HttpReply> TooLong(const std::string& text, std::size_t more);
  HttpReply Embed(const EmbeddingQuestion& question);
  Result<std::string> TextOf(const AskedText& asked);
  std::optional<HttpReply> OtherModel(const std::string& name) const;

  engines::Model& model_;
  ServiceRules rules_;
  std::uint64_t completions_ = 0;
  std::uint64_t drawn_ = 0;
};

}  // namespace ringfort::service
