#pragma once

#include "engines/model.h"

namespace ringfort::defenses {

// A model that passes every question on to another: what a defense derives from, to
// change the few that it cares about. REQUIRES: `inner` outlives it.
class WrappedModel : public engines::Model {
 public:
  explicit WrappedModel(engines::Model& inner) : inner_(inner) {}

  const engines::ModelFacts& Facts() const override { return inner_.Facts(); }
  engines::Abilities Gives() const override { return inner_.Gives(); }
  engines::Usage Used() const override { return inner_.Used(); }
  Result<std::vector<engines::Token>> Tokenize(std::string_view text) override { return inner_.Tokenize(text); }
  Result<std::string> Detokenize(std::span<const engines::Token> tokens) override { return inner_.Detokenize(tokens); }
  Result<std::vector<engines::TextScore>> Score(std::span<const std::string> texts, bool moments) override {
    return inner_.Score(texts, moments);
  }
  Result<engines::Matrix> Logits(std::span<const engines::Token> tokens) override { return inner_.Logits(tokens); }
  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    return inner_.Generate(request);
  }
  Result<engines::Matrix> Embed(std::span<const std::string> texts) override { return inner_.Embed(texts); }
  Result<std::vector<engines::Matrix>> HiddenStates(std::span<const engines::Token> tokens) override {
    return inner_.HiddenStates(tokens);
  }
  void MeetNewClient() override { inner_.MeetNewClient(); }
  Status UseAdapter(const std::string& path, double scale) override { return inner_.UseAdapter(path, scale); }

 protected:
  engines::Model& inner() { return inner_; }
  const engines::Model& inner() const { return inner_; }

 private:
  engines::Model& inner_;
};

}  // namespace ringfort::defenses
