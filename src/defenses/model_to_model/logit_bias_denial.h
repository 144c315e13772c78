#pragma once

#include "defenses/defense.h"

// Logit-bias denial: a request with a logit bias is refused.
//
//   bias on 4 tokens, 5 alternatives asked for   ->   refused
//   bias alone, and `with_probabilities_only`    ->   answered
//
// A bias lifts any token into the few alternatives that an API shows, and so, a few at a
// time, the whole row of logits leaves the model: its last layer can be stolen. Without
// the bias only the likeliest few are ever seen. Text with a bias but without
// probabilities still leaks by binary search, slowly; hence all biases are refused
// unless the setting says otherwise. Text, scores and logits are not touched.
//
// N. Carlini et al., "Stealing Part of a Production Language Model", ICML 2024,
// arXiv:2403.06634.

namespace ringfort::defenses::model_to_model {

DefenseEntry LogitBiasDenial();

}  // namespace ringfort::defenses::model_to_model
