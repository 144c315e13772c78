#pragma once

#include "attacks/attack.h"

// Min-K%++: was this text in the training data?
//
// A low probability means little where the model is unsure anyway. So each token's
// log-probability is set against what a token drawn there would have: with mean mu and
// variance v of log p over the whole next-token distribution,
//
//   z = (log p(token) - mu) / sqrt(v),    score = mean of the k percent lowest z.
//
// Worked by hand: a coin of p = (3/4, 1/4) has mu = 3/4 ln 3/4 + 1/4 ln 1/4 = -0.5623 and
// v = 3/16 (ln 3)^2 = 0.2263; the unlikely side has z = (-1.3863 + 0.5623) / 0.4757 =
// -1.7321 = -sqrt 3, the likely one 0.5774 = 1 / sqrt 3.
//
// Needs token scores with moments: the engine must see the whole distribution. Where
// all tokens are equally likely the variance is 0 and z is taken as 0 (ours).
//
// J. Zhang et al., "Min-K%++", ICLR 2025, arXiv:2404.02936.

namespace ringfort::attacks::model_to_data {

double StandardizedLogProbability(double log_probability, double mean, double variance);

// Nothing for a text without tokens, or with a token whose moments are not known.
std::optional<double> MinKPlusPlusScore(const engines::TextScore& score, double fraction);

AttackEntry MinKPlusPlus();

}  // namespace ringfort::attacks::model_to_data
