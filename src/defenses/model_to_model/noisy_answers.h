#pragma once

#include "defenses/defense.h"

// Noisy answers: normal noise on every log-probability, logit and moment that leaves the
// model.
//
//   deviation 0.1:  -0.4076 -> -0.4076 + 0.1 z,  z drawn by the question itself
//
// The same question always gets the same noise: whoever asks twice learns nothing more.
// Whoever asks in other words does; an adaptive attacker averages over paraphrases or
// longer prefixes. Generated text is not changed. Noise is full rank: it hides the
// hidden dimension once it exceeds the smallest singular values.
//
// The countermeasure named by N. Carlini et al., ICML 2024, arXiv:2403.06634.

namespace ringfort::defenses::model_to_model {

// A standard normal number that belongs to the key.
double NormalOf(std::uint64_t key);

DefenseEntry NoisyAnswers();

}  // namespace ringfort::defenses::model_to_model
