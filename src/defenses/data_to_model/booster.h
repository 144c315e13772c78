#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "defenses/defense.h"
#include "engines/torch/network.h"

// Booster: align a model so that a step towards harm takes it less far.
//
// With f the loss of alignment data and h that of harmful answers, what is made small is
//
//   f(w) + lambda (h(w) - h(w - alpha grad h(w) / |grad h(w)|))
//
// the second part of which is how much one normalized step of harmful tuning would lower h. Its gradient is taken with
// the normalized step as a constant, so that a step of alignment costs three gradients:
//
//   g = grad f(w) + lambda (grad h(w) - grad h(w - alpha grad h(w) / |grad h(w)|))
//
//   grad f = 1, grad h = 4 here and 3 there, lambda 5: g = 1 + 5 (4 - 3) = 6
//
// Limits: for who aligns, before anybody tunes; needs harmful answers to ward off, and three times the time. A
// step is weakened, not forbidden: who tunes longer gets there.
//
// T. Huang, S. Hu, F. Ilhan, S. F. Tekin, L. Liu, "Booster", ICLR 2025, arXiv:2409.01586: lambda 5, alpha 0.1.

namespace ringfort::defenses::data_to_model {

struct BoosterRule {
  std::uint32_t steps = 100;
  std::uint32_t batch = 16;
  double learning_rate = 5e-4;
  double weight = 5;  // lambda
  double step = 0.1;  // alpha
  std::uint64_t seed = 1;
};

struct BoosterReport {
  double alignment_loss = 0;  // of the last step, before it
  double harmful_loss = 0;
  double harmful_drop = 0;  // by the normalized step
};

// f + lambda (h - h_moved), tensor by tensor. Error (kInvalidInput): they are not alike.
Result<engines::WeightGradients> BoosterGradient(const engines::WeightGradients& alignment,
                                                 const engines::WeightGradients& harmful,
                                                 const engines::WeightGradients& moved, double weight);

// Changes the network. Errors (kInvalidInput): no data of either kind, a rule that cannot be; the network's own.
// Deterministic.
Result<BoosterReport> AlignWithBooster(engines::Network& network, std::span<const engines::TrainingText> alignment,
                                       std::span<const engines::TrainingText> harmful, const BoosterRule& rule);

DefenseEntry Booster();

}  // namespace ringfort::defenses::data_to_model
