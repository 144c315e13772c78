#pragma once

#include <span>
#include <vector>

#include "base/result.h"

// The model C = B log2(1 + S/N) of multimodal systems: a task's signal S, the power N
// that disturbs it, and the band B of what a system may do. The reading of the four
// letters is published (arXiv 2411.11195); how each becomes a number is ours:
//
//   S  |<e(x), u>|^2, e(x) the embedding of the input, u the unit mean of clean
//      references of the task (squared, so that S and N are powers)
//   N  |e(x) - <e(x), u> u|^2 plus the variance of the embedding (internal uncertainty)
//   B  the entropy in bits of the policy over the actions that are still allowed
//   C  bits an action. That C_eff is I(z; y | task) and how it is estimated is in
//      flow_estimate.h.
//
// Which of S, N and B an attack moves is a row of the catalog, not decided here.

namespace ringfort::information_flow {

// The direction of a task: the mean of clean references, of length 1. Errors: no
// reference; lengths that differ or 0; a number that is not finite; a mean of zero.
Result<std::vector<double>> ConceptVector(std::span<const std::vector<double>> references);

struct SignalAndNoise {
  double signal = 0;
  double noise = 0;

  // Infinity without noise (0 if there is no signal either).
  double ratio() const { return signal == 0 ? 0 : signal / noise; }
};

// `variance`: the power of the embedding's own uncertainty, >= 0. Errors: lengths that
// differ, a number that is not finite, a negative variance.
Result<SignalAndNoise> MeasureSignal(std::span<const double> embedding, std::span<const double> concept_vector,
                                     double variance = 0);

// Entropy of `policy` restricted to the actions marked in `allowed`, bits. Errors: no
// action; lengths that differ; the policy is no distribution; no allowed action has a chance.
Result<double> ActionBandwidth(std::span<const double> policy, const std::vector<bool>& allowed);

// B log2(1 + S/N): 0 without signal or without choice, infinity without noise.
double SemanticCapacity(double bandwidth, const SignalAndNoise& signal);

}  // namespace ringfort::information_flow
