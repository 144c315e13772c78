#pragma once

#include <functional>

#include "defenses/wrapped_model.h"

namespace ringfort::defenses {

// A model whose every number goes through one function: log-probabilities of given and
// generated tokens, of alternatives, moments and logits. What is generated does not
// change; alternatives stay in the inner model's order.
//
// The function gets the value and a key that is the same whenever the same place of the
// same question is asked for again, so that noise cannot be averaged away by asking twice.
class ChangedNumbers : public WrappedModel {
 public:
  using Change = std::function<double(double value, std::uint64_t key)>;

  ChangedNumbers(engines::Model& inner, std::uint64_t seed, Change change)
      : WrappedModel(inner), seed_(seed), change_(std::move(change)) {}

  Result<std::vector<engines::TextScore>> Score(std::span<const std::string> texts, bool moments) override;
  Result<engines::Matrix> Logits(std::span<const engines::Token> tokens) override;
  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override;

 private:
  std::uint64_t seed_;
  Change change_;
};

}  // namespace ringfort::defenses
