#pragma once

#include <span>

#include "attacks/attack.h"

// Neighborhood: was this text in the training data?
//
// Change a word of the text here and there. A model that only finds the text plausible
// finds its neighbors as plausible; one that knows it by heart finds them worse.
//
//   mean log-prob of the text -1.0, of three neighbors -2.0, -2.5, -3.0
//   score = -1.0 - (-2.5) = 1.5
//
// Needs token scores of the text and of n neighbors: n + 1 times the work. Neighbors
// come from word_proposals.h, a proposal model of ours in place of the paper's masked
// language model; worse proposals make all texts look like members alike.
//
// J. Mattern et al., "Membership Inference Attacks against Language Models via
// Neighbourhood Comparison", Findings of ACL 2023, arXiv:2305.18462.

namespace ringfort::attacks::model_to_data {

// `neighbors` are mean log-probabilities; nothing without any.
std::optional<double> NeighborhoodScore(const engines::TextScore& score, std::span<const double> neighbors);

AttackEntry Neighborhood();

}  // namespace ringfort::attacks::model_to_data
