#pragma once

#include "attacks/attack.h"

// ReCaLL: was this text in the training data?
//
// Put texts that were surely not in the training data before it. What the model knows by
// heart suffers more from the strange company than what it only finds plausible:
//
//   mean log-prob    alone   behind the prefix    score = second / first
//   a member          -1.0        -1.3             1.3
//   another text      -2.0        -2.0             1.0
//
// Needs token scores of the text behind a prefix; the prefix is the observer's, the same
// for all texts. Limits: a prefix of another time or topic than the members measures
// that shift; set the blind baseline beside it.
//
// R. Xie et al., "ReCaLL", EMNLP 2024, arXiv:2406.15968.

namespace ringfort::attacks::model_to_data {

// Nothing where a score is empty or the text's own is 0.
std::optional<double> RecallScore(const engines::TextScore& score, const engines::TextScore& conditioned);

AttackEntry Recall();

}  // namespace ringfort::attacks::model_to_data
