#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engines/ability.h"

// A language model under test, whatever runs it. Adapters: llama_cpp/ (GGUF files),
// torch/ (white box), http/ (an OpenAI-compatible endpoint), scripted/ (tests).
// tests/conformance/model_conformance.h is what every adapter owes.
//
// All log-probabilities are natural logarithms. Texts are UTF-8.

namespace ringfort::engines {

using Token = std::int32_t;
inline constexpr Token kNoToken = -1;  // where the engine does not tell its numbers

// What is known of a model before it is asked anything. Zero or empty: not known.
struct ModelFacts {
  std::string name{};
  std::string engine{};          // "llama_cpp", "torch", "http", "scripted"
  std::string engine_version{};  // of the library or server that computes
  std::string architecture{};    // "llama", "gpt2", "bert"...
  std::string digest{};          // SHA-256 of the model's files in lower-case hex; empty for an endpoint
  std::uint64_t parameters = 0;
  std::uint32_t vocabulary = 0;
  std::uint32_t context = 0;           // tokens that fit into one sequence
  std::uint32_t hidden_dimension = 0;  // an endpoint does not tell it, which is why it can be stolen
  std::uint32_t layers = 0;
  bool has_chat_template = false;
};

// One token of a given text, seen by the model.
struct TokenScore {
  Token token = kNoToken;
  std::string text{};          // its bytes; not always whole UTF-8
  double log_probability = 0;  // of this token given all before it
  // Mean and variance of log p over the model's whole next-token distribution at this
  // place (Min-K%++ needs them). The mean is minus the entropy. Only with kMoments.
  std::optional<double> expected_log_probability{};
  std::optional<double> log_probability_variance{};
};

// The scored tokens of one text, in order. A token that nothing comes before has no
// score and is left out: with a begin token that is the begin token itself.
struct TextScore {
  std::vector<TokenScore> tokens{};
  bool cut = false;  // the text was longer than the context; its end was not scored

  double Sum() const {
    double sum = 0;
    for (const TokenScore& token : tokens) sum += token.log_probability;
    return sum;
  }
  // Mean log-probability a token; 0 for none.
  double Mean() const { return tokens.empty() ? 0 : Sum() / static_cast<double>(tokens.size()); }
};

// Rows of numbers, one after the other.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values{};  // rows * columns

  std::span<const float> Row(std::size_t row) const { return {values.data() + row * columns, columns}; }
};

struct ChatMessage {
  std::string role{};  // "system", "user", "assistant"
  std::string content{};
};

struct LogitBias {
  Token token = kNoToken;
  double bias = 0;  // added to the logit before softmax
};

// Stands where the model runs, between the logits of the next token and the choice of it.
class LogitsEditor {
 public:
  virtual ~LogitsEditor() = default;
  // `before`: all tokens that stand in front, with the begin token if there is one. `logits`,
  // biases added, may be changed in place; at least one must stay finite.
  virtual void Edit(std::span<const Token> before, std::span<float> logits) = 0;
};

struct GenerateRequest {
  std::string prompt{};                 // used if there are no messages
  std::vector<ChatMessage> messages{};  // needs kChat
  std::uint32_t maximum_tokens = 64;
  double temperature = 0;   // 0: the likeliest token each time
  std::uint32_t top_k = 0;  // 0: no limit
  double top_p = 1;
  std::uint64_t seed = 1;
  std::vector<std::string> stop{};      // generation ends before any of these
  std::vector<LogitBias> logit_bias{};  // needs kLogitBias
  std::uint32_t top_alternatives = 0;   // needs kTopAlternatives; how many a token
  LogitsEditor* editor = nullptr;       // needs kLogits; outlives the call
};

struct Alternative {
  Token token = kNoToken;
  std::string text{};
  double log_probability = 0;
};

// log_probability is that of the unsampled distribution at temperature 1, after any
// bias and edit; 0 where the engine does not tell it.
struct GeneratedToken {
  Token token = kNoToken;
  std::string text{};
  double log_probability = 0;
  std::vector<Alternative> alternatives{};  // likeliest first
};

enum class FinishReason : std::uint8_t { kStop, kLength, kFiltered };

struct Generation {
  std::string text{};  // without the prompt and without the stop text
  std::vector<GeneratedToken> tokens{};
  FinishReason finish = FinishReason::kStop;
};

// What was asked of a model so far, for budgets and the trial log.
struct Usage {
  std::uint64_t queries = 0;  // texts scored, embedded or generated from
  std::uint64_t tokens_in = 0;
  std::uint64_t tokens_out = 0;
};

// Looks on while a model computes. Called on the thread that asked the model.
class Watcher {
 public:
  virtual ~Watcher() = default;
  // Asked between tokens, and by llama.cpp several times within one: answer quickly. False
  // ends the call with Stopped(); the model can be asked again.
  virtual bool GoesOn() = 0;
  // Each generated token, in order, once it is known that no stop text ends in it: where one
  // does, that token is in Generation::tokens and is not seen.
  virtual void See(const GeneratedToken& /*token*/) {}
};

// What a call yields that a watcher ended: kLimitExceeded.
Error Stopped();

// One model. Not thread-safe: one thread at a time asks one Model; adapters say
// where more may. Every call is deterministic for the same arguments, but for an
// endpoint that is not. What Gives() lacks yields kUnsupported; an engine that does not
// answer kUnavailable; a text or token that cannot be kInvalidInput. Nothing throws.
class Model {
 public:
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  virtual const ModelFacts& Facts() const = 0;
  virtual Abilities Gives() const = 0;
  virtual Usage Used() const = 0;

  // The begin token is part of what a text is scored after, and is not in this list.
  virtual Result<std::vector<Token>> Tokenize(std::string_view text);
  virtual Result<std::string> Detokenize(std::span<const Token> tokens);

  // In the order of `texts`; moments only if asked for. Batched where the engine can. An
  // empty text has no tokens.
  virtual Result<std::vector<TextScore>> Score(std::span<const std::string> texts, bool moments = false);

  // Logits after each of `tokens`, which stand behind the begin token: row i is the
  // distribution of what follows token i. tokens.size() x vocabulary.
  virtual Result<Matrix> Logits(std::span<const Token> tokens);

  virtual Result<Generation> Generate(const GenerateRequest& request);

  // One vector a text, not normalized, all of one length.
  virtual Result<Matrix> Embed(std::span<const std::string> texts);

  // One matrix a layer, tokens.size() x hidden_dimension: the residual stream after it.
  virtual Result<std::vector<Matrix>> HiddenStates(std::span<const Token> tokens);

  // What is asked from now on comes from another client. Only a defense that watches its clients
  // heeds this; who calls a service has no say in it.
  virtual void MeetNewClient() {}

  // From now on `watcher` looks on; null: nobody. It outlives its use. Models that compute in
  // this process heed it in Score, Generate and Embed, an endpoint does not.
  void LetWatch(Watcher* watcher) { watcher_ = watcher; }

  // Lays a LoRA adapter file over the weights from now on; scale 0 takes it off.
  virtual Status UseAdapter(const std::string& path, double scale);

 protected:
  Model() = default;

  bool GoesOn() const { return watcher_ == nullptr || watcher_->GoesOn(); }
  void Show(const GeneratedToken& token) const {
    if (watcher_ != nullptr) watcher_->See(token);
  }

 private:
  Watcher* watcher_ = nullptr;
};

}  // namespace ringfort::engines
