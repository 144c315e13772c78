#pragma once

#include <optional>
#include <vector>

#include "defenses/defense.h"

// Query-distance detection: do these questions come from a thief?
//
// What people ask lies anywhere: the distance from a question to the nearest of those
// answered alike is a little of everything, and nearly normal. A thief makes questions
// from questions, in steps of one size: the distances bunch up. Per answer a set of
// questions is kept; each new one tells its distance to the nearest there, and the alarm
// goes when the Shapiro-Wilk W over all distances (those beyond three deviations left out)
// falls below `least_normality`.
//
//   questions at 0, 10, 23, 30, 41      distances 10, 13, 7, 11: near normal
//   at 0, 10 and each + 0.1, + 0.2...   distances 10, 0.1, 0.1, 0.1...: W near 0.4, alarm
//
// A question joins its set only if its distance exceeds mean - deviation of that set's.
// Questions are points: embeddings of texts, pixels, features. Needs 100 distances before
// it says anything. Limits: a thief who asks natural questions (knockoff) is not seen; nor
// is one who mixes in random questions, or spreads them over many accounts. Memory and
// time grow with the set kept: at most 5000 points of each answer.
//
// M. Juuti et al., "PRADA: Protecting against DNN Model Stealing Attacks", EuroS&P 2019,
// arXiv:1805.02628.

namespace ringfort::defenses::model_to_model {

// W of the distances without those beyond three deviations; nothing for fewer than 3 that
// differ.
std::optional<double> NormalityOfDistances(const std::vector<double>& distances);

DefenseEntry QueryDistanceDetection();

}  // namespace ringfort::defenses::model_to_model
