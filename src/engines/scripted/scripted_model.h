#pragma once

#include <map>
#include <string>
#include <vector>

#include "engines/model.h"
#include "engines/scripted/byte_language.h"

// A model that answers from a table, and where the table is silent from a small language
// of its own (byte_language.h). Tests and tutorials use it: it needs no weights, no
// network and no clock, gives every ability of inference, and fails when told to.

namespace ringfort::engines {

// The calls `first` to `last` of a model, counted from 1 over all its methods, yield `error`.
struct ScriptedFault {
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  Error error{};
};

struct Script {
  std::string name = "scripted";
  ByteLanguageShape language{};
  std::uint32_t context = 256;  // tokens of one sequence, without the begin token
  Abilities gives = {Ability::kTokens,          Ability::kScores,      Ability::kMoments,  Ability::kLogits,
                     Ability::kTopAlternatives, Ability::kLogitBias,   Ability::kGenerate, Ability::kChat,
                     Ability::kEmbeddings,      Ability::kHiddenStates};

  // What the table says. Score gives a text's entry as it stands; Generate answers a
  // prompt, or the content of the last message, with the text (its tokens have the
  // log-probability 0, "not told"); the bounds of the request still hold.
  std::map<std::string, TextScore> scores{};
  std::map<std::string, std::string> answers{};
  std::map<std::string, std::vector<float>> embeddings{};  // each of hidden_dimension numbers

  std::vector<ScriptedFault> faults{};
};

// Entries for Script::scores without token numbers.
TextScore ScriptedScores(std::span<const double> log_probabilities);

class ScriptedModel final : public Model {
 public:
  explicit ScriptedModel(Script script = {});

  const ModelFacts& Facts() const override { return facts_; }
  Abilities Gives() const override { return script_.gives; }
  Usage Used() const override { return used_; }
  std::uint64_t calls() const { return calls_; }

  // One token a byte.
  Result<std::vector<Token>> Tokenize(std::string_view text) override;
  // The begin and the end have no text.
  Result<std::string> Detokenize(std::span<const Token> tokens) override;
  Result<std::vector<TextScore>> Score(std::span<const std::string> texts, bool moments = false) override;
  Result<Matrix> Logits(std::span<const Token> tokens) override;
  Result<Generation> Generate(const GenerateRequest& request) override;
  // The mean of the last layer's stream over the text; the stream after the begin token
  // for an empty one.
  Result<Matrix> Embed(std::span<const std::string> texts) override;
  Result<std::vector<Matrix>> HiddenStates(std::span<const Token> tokens) override;

 private:
  Status Begin(Abilities needed);
  Status Check(std::span<const Token> tokens) const;
  Status Check(const GenerateRequest& request) const;
  TextScore ScoreOne(const std::string& text, bool moments);
  Result<Generation> Continue(const GenerateRequest& request, std::string_view prompt);

  Script script_;
  ByteLanguage language_;
  ModelFacts facts_;
  Usage used_;
  std::uint64_t calls_ = 0;
};

}  // namespace ringfort::engines
