#pragma once

#include "defenses/defense.h"

// Rounded answers: every log-probability, logit and moment that leaves the model is
// rounded to a few decimals.
//
//   decimals 1:  -0.4076 -> -0.4     -2.1429 -> -2.1
//
// Meant against attacks that solve equations (MM-01: the error of what is stolen grows as
// 10^-decimals) and against those that read small differences. Sorting attacks hardly
// feel it: where two scores differ by more than a step, their order stays. Generated text
// is not changed.
//
// F. Tramer et al., USENIX Security 2016, arXiv:1609.02943, section on countermeasures.

namespace ringfort::defenses::model_to_model {

double Rounded(double value, int decimals);

DefenseEntry RoundedAnswers();

}  // namespace ringfort::defenses::model_to_model
