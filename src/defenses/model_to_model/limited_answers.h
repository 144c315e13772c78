#pragma once

#include "defenses/defense.h"

// Limited answers: text, and at most a few alternatives a token; no scores of given
// texts, no logits, no hidden states.
//
//   alternatives 1:  "sat" (-0.7), on (-1.2), by (-3.0)   ->   "sat" (-0.7)
//   alternatives 0:  text alone, without any probability
//
// Takes from most attacks what they need: membership attacks have no scores to read, the
// hidden dimension no rows to stack. What works on text alone stays: extraction by
// generation, distillation, label-only attacks. With one alternative and a logit bias a
// patient attacker still recovers logits; deny the bias as well.
//
// Output limits as in F. Tramer et al., 2016, arXiv:1609.02943. Embeddings are not touched.

namespace ringfort::defenses::model_to_model {

DefenseEntry LimitedAnswers();

}  // namespace ringfort::defenses::model_to_model
