#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "defenses/defense.h"
#include "engines/torch/network.h"

// Unlearning by gradient ascent: walk the loss of what is to be forgotten up again, and
// hold what is to stay.
//
// Each step takes a batch of the forgotten texts with weight -1 and one of the retained
// texts with weight +1. Ascent has no bottom: unchecked it ruins the model, and a loss far
// above that of texts never seen tells a membership attack as much as one far below. So a
// step whose forgotten texts already stand at `target` nats a token only holds. The target
// is the loss of texts like them that the model never saw, if the caller knows it.
//
//   loss of the forgotten 0.9, of texts never seen 3.1:  ascends until 3.1, then holds
//
// Limits: verified by a membership attack on the forgotten texts beside a model trained
// without them, never by its own loss. What a text shares with retained texts stays.
//
// J. Jang et al., "Knowledge Unlearning for Mitigating Privacy Risks in Language Models",
// ACL 2023, arXiv:2210.01504; the retain set as in B. Liu et al., 2022, arXiv:2203.12817. The
// target is ours.

namespace ringfort::defenses::model_to_data {

struct GradientAscentRule {
  std::uint32_t steps = 100;
  std::uint32_t batch = 16;  // texts of each kind
  double learning_rate = 2e-4;
  double target = 0;  // nats a token; 0: that of the retained texts times two
  std::uint64_t seed = 1;
};

struct UnlearningReport {
  std::uint64_t steps = 0;                     // in which the forgotten texts were pushed
  double forget_before = 0, forget_after = 0;  // mean loss a token
  double retain_before = 0, retain_after = 0;
};

// Changes the network. Errors (kInvalidInput): no texts to forget or to retain, a rule that
// cannot be; the network's own.
Result<UnlearningReport> UnlearnByAscent(engines::Network& network, std::span<const std::vector<engines::Token>> forget,
                                         std::span<const std::vector<engines::Token>> retain,
                                         const GradientAscentRule& rule);

DefenseEntry GradientAscent();

}  // namespace ringfort::defenses::model_to_data
