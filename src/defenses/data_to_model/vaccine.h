#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "defenses/defense.h"
#include "engines/torch/network.h"

// Vaccine: align a model so that small drifts of its hidden embeddings, such as tuning on harm brings, do not undo it.
//
// Each step of alignment is made twice. First the gradient of the loss by the stream behind every layer, g_l, tells
// which shift would hurt most:
//
//   e_l = rho g_l / |g|,  |g| over all layers, tokens and texts together
//
// Then the weights step along the gradient of the loss with every e_l added.
//
//   two layers, g = (3) and (4), rho 2: |g| = 5, shifts 1.2 and 1.6, together 2 long
//
// rho 0 is plain alignment, which is the thing to compare with: more alignment alone helps a little. Taken on the
// residual stream behind each layer; the published code takes the outputs of attention.
//
// Limits: for who aligns, before anybody tunes; needs alignment data, and twice the time. How long rho is depends on
// how large the stream is, and so on the model.
//
// T. Huang, S. Hu, L. Liu, "Vaccine", NeurIPS 2024, arXiv:2402.01109: rho 2.

namespace ringfort::defenses::data_to_model {

struct VaccineRule {
  std::uint32_t steps = 100;
  std::uint32_t batch = 16;
  double learning_rate = 5e-4;
  double perturbation = 2;  // rho
  std::uint64_t seed = 1;
};

// The loss of the last step, with its shifts. Changes the network. Errors (kInvalidInput): no data, a rule that
// cannot be; the network's own. Deterministic.
Result<double> AlignWithVaccine(engines::Network& network, std::span<const engines::TrainingText> alignment,
                                const VaccineRule& rule);

DefenseEntry Vaccine();

}  // namespace ringfort::defenses::data_to_model
