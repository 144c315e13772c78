#pragma once

#include <memory>

#include "defenses/defense.h"
#include "engines/torch/contrast_direction.h"
#include "engines/torch/white_box.h"

// Refusal steering: push the residual stream along the direction by which the model refuses, while it answers.
//
//   x becomes x + strength |d| u  behind the direction's layer, at every token; u = d / |d|
//
// d is the difference in means between refused and answered requests (engines/torch/contrast_direction.h), so
// that strength 1 moves an answered request, on average, to where refused ones lie:
//
//   d = (4, -3), answered at -1.8 along u: 1 moves it to 3.2, where the refused ones are on average
//
// Pushed always, it refuses everybody in the end. So a gate may decide: a question whose own stream, at
// the place that d was made at, lies at least `gate` of the way from answered ones (0) to refused ones (1) is
// steered, and no other.
//
//   answered at -1.8, refused at 3.2, gate 0.5: steered from 0.7 on
//
// Limits: the model must be run where its stream can be reached, and its owner needs requests of both kinds. What
// has no chat, such as a plain prompt to be gone on with, is gated by the end of the prompt. Who
// holds the weights takes the direction out (attacks/data_to_model/refusal_ablation.h).
//
// Adding: A. Arditi et al., NeurIPS 2024, arXiv:2406.11717, section 3; the gate: B. Lee et al., "Programming
// Refusal with Conditional Activation Steering", ICLR 2025, arXiv:2409.05907, with a cosine there.

namespace ringfort::defenses::data_to_model {

struct SteeringRule {
  double strength = 1;
  std::optional<double> gate{};  // none: always
};

// What pushes; of an engines::Network.
engines::StreamEdit SteeringEdit(const engines::ContrastDirection& direction, double strength);

// How far a sequence lies from answered ones (0) to refused ones (1). The network's errors; kInvalidInput for a
// sequence that does not reach back to the direction's place.
Result<double> WayToRefusal(engines::Network& network, const engines::ContrastDirection& direction,
                            std::span<const engines::Token> sequence);

// The model around `inner`, which must be an engines::WhiteBox and outlive it, else nullptr. Only what
// generates is steered; behind every answer the network is without an edit.
std::unique_ptr<engines::Model> SteerModel(engines::Model& inner, engines::ContrastDirection direction,
                                           const SteeringRule& rule);

DefenseEntry RefusalSteering();

}  // namespace ringfort::defenses::data_to_model
