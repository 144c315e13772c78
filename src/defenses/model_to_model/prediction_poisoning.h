#pragma once

#include <span>
#include <vector>

#include "defenses/defense.h"

// Prediction poisoning: next-token distributions bent so that a copy learns in a wrong
// direction, while the likeliest token stays the likeliest.
//
// Who trains a copy on the told distribution y follows the gradient y - s, where s is what
// the copy says now (of a softmax layer, times what it is fed). Told y' instead, it follows
// y' - s. Of all y' with the same likeliest token and |y' - y|_1 at most `distance`, wanted
// is the one that turns that direction most, for a copy that knows nothing yet (s uniform).
//
// As in the paper, the worst corner of the allowed set is sought first, and y is then moved
// towards it as far as the distance lets it. The corners that keep the likeliest token are
// the uniform distributions over sets that hold it; of sets of one size the one with the
// least likely other tokens turns most, so one pass over the sizes finds the worst corner:
//
//   y = (0.6, 0.3, 0.1)    corners  {1} (1, 0, 0)   {1, 3} (1/2, 0, 1/2)   {1, 2, 3} none
//   y - s = (0.27, -0.03, -0.23)    cosines  0.92, 0.11    ->  z = (1/2, 0, 1/2)
//   distance 0.4: |z - y|_1 = 0.8, half the way   y' = (0.55, 0.15, 0.3)
//
// Every number told comes from y': rows of logits (ln y'), scores, moments, alternatives.
// Generated text does not change. Whoever trains on the text alone, or on the likeliest token
// alone, does not notice (the paper says so too); that is the adaptive attacker, and the
// defense limited_answers leaves him nothing else. ln y' of a mixture is of full rank, which
// hides the hidden dimension from who looks at all tokens; outside the corner's set ln y' is
// ln y but for a shift, so who knows of the poison and looks at likely tokens alone finds it.
//
// Limits: needs the model's logits and tokens, else the numbers are not told at all; of chats
// they are never told, since the port does not show the tokens of a template. One more pass
// of the model over each text, and a row of the vocabulary for each token. Membership is read
// from likelihood of given texts, which is bent by a known rule: not what this is for.
//
// T. Orekondy, B. Schiele, M. Fritz, "Prediction Poisoning: Towards Defenses Against DNN
// Model Stealing Attacks", ICLR 2020, arXiv:1906.10908 (MAD-argmax). The surrogate that knows
// nothing, which makes the worst corner exact, is ours.

namespace ringfort::defenses::model_to_model {

// The poisoned distribution in place of exp(logits) / sum. As long as `logits`; sums to 1.
// REQUIRES: at least one finite logit; none is not-a-number or plus infinity.
std::vector<double> Poisoned(std::span<const float> logits, double distance);

DefenseEntry PredictionPoisoning();

}  // namespace ringfort::defenses::model_to_model
