#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engines/http/http_client.h"
#include "engines/http/spending.h"
#include "engines/model.h"

// A model behind an endpoint that speaks OpenAI's protocol: /v1/models, /v1/completions,
// /v1/chat/completions, /v1/embeddings, and where it has them /tokenize and /detokenize.
//
// What an endpoint gives is found out by asking it about twenty small questions, never by
// believing it: scores must cover the text and agree with those of generated tokens, a bias
// must change the answer, top_k must bind. What did not hold is in remarks().
//
//   scores            /v1/completions with echo and logprobs
//   top_alternatives  logprobs, in each of completions and chat that works
//   logit_bias        only useful with token numbers, which /tokenize tells; where the
//                     endpoint tells log-probabilities as before the bias, a biased
//                     generation has no tokens, and alternatives are kUnsupported
//   chat, generate    each alone if the other is not there
//
// Token numbers are kNoToken where the endpoint does not tell them; a generation without
// log-probabilities has no tokens. A text that is longer than the context is cut where
// /v1/models tells the context and /tokenize the tokens; else it is the endpoint's
// refusal, kInvalidInput. Answers are as repeatable as the endpoint's.
//
// A budget in tokens and money is looked at before each request (spending.h); the probing
// counts to it, but not to Used(). Score keeps up to settings.http.connections requests
// going at once and asks for all its texts together, so that a budget too small for them
// sends none; all else is one request, or one for 64 embeddings. A request whose answer
// broke off is asked again and may be charged twice by whoever runs the endpoint.

namespace ringfort::engines {

struct HttpModelSettings {
  HttpSettings http{};         // whose url and key are set from the next two
  std::string url{};           // "http://127.0.0.1:8080"; "/v1" is added where there is no path
  std::string key_variable{};  // the environment variable that holds the key; empty: no key
  std::string model{};         // empty: the only one that is listed
  RetryPolicy retries{};
  std::uint64_t seed = 1;  // of the waits between attempts
  bool stream = false;     // take generations as streams: a stall is noticed earlier
  SpendingLimits limits{};
};

class HttpModel final : public Model {
 public:
  // Asks the endpoint what it gives. An error is one sentence: not an address, not
  // reachable, refuses the key, unknown model, nothing works, out of budget.
  static Result<std::unique_ptr<HttpModel>> Make(const HttpModelSettings& settings);
  ~HttpModel() override;

  // The same endpoint for another thread, with connections, a budget and a count of its own,
  // and without asking it again what it gives. Errors: those of Make before anything is asked.
  Result<std::unique_ptr<HttpModel>> Another() const;

  const ModelFacts& Facts() const override { return facts_; }
  Abilities Gives() const override { return gives_; }
  Usage Used() const override { return used_; }
  // What the endpoint does not give, and why; a sentence each.
  const std::vector<std::string>& remarks() const { return remarks_; }
  const Spending& spending() const { return spending_; }
  const HttpClient& client() const { return *client_; }

  Result<std::vector<Token>> Tokenize(std::string_view text) override;
  Result<std::string> Detokenize(std::span<const Token> tokens) override;
  Result<std::vector<TextScore>> Score(std::span<const std::string> texts, bool moments = false) override;
  Result<Generation> Generate(const GenerateRequest& request) override;
  Result<Matrix> Embed(std::span<const std::string> texts) override;

 private:
  HttpModel(const HttpModelSettings& settings, std::unique_ptr<HttpClient> client, std::string path);

  static Result<std::unique_ptr<HttpModel>> Connect(const HttpModelSettings& settings);
  Status Probe();
  Status FindModel();
  Status ProbeGeneration();
  Status ProbeScores();
  Status CompareScores();
  Result<TextScore> Echo(const std::string& text, std::uint32_t generated);
  Status ProbeTokens();
  Status ProbeEmbeddings();
  Status ProbeBias();
  Status ProbeTopK();
  static GenerateRequest Question(Ability route, std::uint32_t maximum_tokens);
  // A remark where the endpoint answered and did not give it; else the error.
  Status Held(const Error& error, std::string_view ability);

  // The body of a good answer; what the endpoint refused is kInvalidInput.
  Result<std::string> Judge(Result<HttpAnswer> answer);
  Result<std::string> Ask(const std::string& target, std::string body);
  Result<Generation> AskGeneration(const GenerateRequest& request, bool log_probabilities);
  Result<std::string> Fitting(const std::string& text);
  Error Garbage(const Error& error) const;
  Status Check(const GenerateRequest& request) const;
  void Count(std::uint64_t told_in, std::uint64_t told_out);

  HttpModelSettings settings_;
  std::unique_ptr<HttpClient> client_;
  std::string path_;  // of the protocol, "/v1"
  std::string root_;  // of /tokenize
  ModelFacts facts_;
  Abilities gives_;
  Usage used_;
  Spending spending_;
  std::vector<std::string> remarks_;
  bool answered_ = false;  // the last request was, well or ill
  bool honors_top_k_ = false;
  bool scores_after_bias_ = true;
  std::uint32_t echo_generates_ = 0;
};

}  // namespace ringfort::engines
