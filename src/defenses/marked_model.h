#pragma once

#include <memory>

#include "defenses/wrapped_model.h"
#include "watermarks/marking_scheme.h"

// A model that marks what it says (watermarks/marking_scheme.h). Where the inner model gives its
// logits, the mark is made in the engine, token by token, also in a chat; where it only takes
// biases on tokens, a scheme that adds to logits is put on by biases, one question a token and
// in plain continuation only. What can be neither does not generate.
//
// Limits: scores, logits and embeddings are those of the inner model: who is given logits can draw
// without the mark. The context of the first tokens is that of the prompt, which a detector
// may not have. At a temperature of 0 schemes that choose among shares leave no mark.

namespace ringfort::defenses {

class MarkedModel final : public WrappedModel {
 public:
  // REQUIRES: `scheme` is not null.
  MarkedModel(engines::Model& inner, std::unique_ptr<const watermarks::MarkingScheme> scheme);

  engines::Abilities Gives() const override;
  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override;

  const watermarks::MarkingScheme& scheme() const { return *scheme_; }

 private:
  bool CanEdit() const;
  bool CanBias() const;
  Result<engines::Generation> GenerateByBiases(const engines::GenerateRequest& request);

  std::unique_ptr<const watermarks::MarkingScheme> scheme_;
};

// What temperature, top_k and top_p leave, as logarithms of shares; minus infinity for what
// cannot come. REQUIRES: temperature > 0.
void KeepShares(std::span<float> logits, double temperature, std::uint32_t top_k, double top_p);

}  // namespace ringfort::defenses
