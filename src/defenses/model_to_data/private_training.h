#pragma once

#include <cstdint>

#include "base/result.h"
#include "defenses/defense.h"

// Private training (DP-SGD): no single text may move the model by more than noise hides.
//
// Each step draws every text with the probability `rate`, cuts the gradient of each one
// drawn to a norm C, adds normal noise of deviation noise * C to their sum, and divides by
// the number expected. Over all steps the accountant (dp_accountant.h) yields (epsilon,
// delta): no test tells a model trained with a text from one trained without it by more
// than TPR <= e^epsilon FPR + delta. The membership advantage TPR - FPR is then at most
//
//   (e^epsilon - 1 + 2 delta) / (e^epsilon + 1)        epsilon 1, delta 1e-5:  0.462
//
//   600 texts, 16 a step, 20 epochs, epsilon 8, delta 1e-5:  rate 0.0267, 750 steps, noise 0.69
//
// The steps themselves are taken by engines/torch/network.h, the loop is that of
// training/language_model_training.h. Limits: what is private is one record; a text that stands in
// the set k times has k of them, and a person with many texts many.
//
// M. Abadi et al., "Deep Learning with Differential Privacy", CCS 2016, arXiv:1607.00133; the
// bound of the advantage: T. Humphries et al., 2023, arXiv:2010.12112 (from P. Kairouz et
// al., arXiv:1311.0776).

namespace ringfort::defenses::model_to_data {

struct PrivatePlan {
  double rate = 0;          // of drawing one text in one step
  std::uint64_t steps = 0;  // of all epochs
  double noise = 0;         // multiplier that keeps epsilon over these steps
};

// Errors (kInvalidInput): no texts, no batch or epochs, an epsilon that is not above 0, a delta
// outside (0, 1); kUnsupported where a noise of 1000 does not keep it.
Result<PrivatePlan> PlanPrivateTraining(std::uint64_t texts, std::uint64_t batch, std::uint64_t epochs, double epsilon,
                                        double delta);

// The most that a membership attack's TPR - FPR can be. REQUIRES: epsilon >= 0, delta in [0, 1].
double MostAdvantage(double epsilon, double delta);

DefenseEntry PrivateTraining();

}  // namespace ringfort::defenses::model_to_data
