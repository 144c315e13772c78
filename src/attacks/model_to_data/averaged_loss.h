#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "attacks/attack.h"

// The averaged loss: the loss attack of one who knows that the numbers are blurred.
//
// A defense that adds noise to log-probabilities, or rounds them, blurs the same question
// always alike, so that asking twice tells nothing. But a text behind another opening is
// another question, with noise of its own, while the text's own probability hardly moves.
// The attacker asks for the text behind k openings and averages what is its own: noise of
// deviation d shrinks to d / sqrt(k), and rounding errors, which fall now up and now down,
// shrink alike.
//
//   truth -2.0   "(1) The cat sat" -2.3   "(2) The cat sat" -1.8   "(3) The cat sat" -1.9
//   mean of the text's tokens: -2.0
//
// Score: the mean over openings of the mean log-probability a token of the text. `text` is
// scored as it is and behind `questions` - 1 openings: as many queries a text, and as many
// times its tokens. Needs token scores. Limits: what an opening does to the first tokens
// of a text stays in the mean, alike for members and others; noise that is fixed for each
// text, whatever stands before it, would not be averaged out.
//
// Averaging over repeated questions is the oldest answer to noise (I. Dinur, K. Nissim,
// PODS 2003); openings as the way to make questions differ are ours.

namespace ringfort::attacks::model_to_data {

// What stands before the text in its question number `question`: nothing for 0.
std::string OpeningOf(std::size_t question);

AttackEntry AveragedLoss();

}  // namespace ringfort::attacks::model_to_data
