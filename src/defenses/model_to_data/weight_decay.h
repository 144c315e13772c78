#pragma once

#include <span>

#include "defenses/defense.h"

// Weight decay: each step of training pulls all matrices a little towards zero.
//
//   w <- (1 - rate * decay) w - rate * (Adam's step)
//
// To remember one text a network needs weights that serve this text alone; what no other
// text keeps asking for fades. A weight that nothing asks for is left, after steps of rates
// r1, r2, ..., with the share
//
//   (1 - r1 decay) (1 - r2 decay) ...       rate 3e-3, decay 1, 426 steps:  0.278
//
// The step is that of engines/torch/network.h, the loop that of training/
// language_model_training.h, `ringfort train-lm --weight-decay X`; norms and biases stay free.
// Limits: it bounds nothing, and texts that stand in the set often keep being asked for
// (docs/evidence/privacy_figures.md: the AUROC of the loss attack falls from 0.994 to 0.979 with a decay
// of 1, the exposure of a secret that was planted 16 times from 10.0 to 9.7 bits). No attacker needs to
// know of it.
//
// I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019,
// arXiv:1711.05101. As a defense against membership inference: R. Shokri et al., S&P 2017,
// arXiv:1610.05820, section VIII.

namespace ringfort::defenses::model_to_data {

// What is left of a weight that nothing asks for. `rates`: of learning, one a step.
double ShareLeft(std::span<const double> rates, double decay);

DefenseEntry WeightDecay();

}  // namespace ringfort::defenses::model_to_data
