#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "defenses/defense.h"
#include "engines/checkpoint/checkpoint.h"

// Antidote: after somebody tuned a model, whatever they did and however, set to zero the weights that matter
// most for harmful answers.
//
// What a weight matters is Wanda's score on harmful data: |W_ij| |X_j|, X_j all that comes into column j. The share
// `pruned` of each matrix with the largest scores goes.
//
//   W = [1 -3; 2 0.5], |X| = (2, 1): scores 2 3; 4 0.5; a quarter pruned: W = [1 -3; 0 0.5]
//
// Limits: what matters for harmful answers matters for others, too; needs harmful data that look like the attacker's,
// and costs every honest user something. Of equal scores the first ones go. The paper takes the scores on harmful
// data alone, as here, and does not subtract those on honest data.
//
// T. Huang, G. Bhattacharya, P. Joshi, J. Kimball, L. Liu, "Antidote", ICML 2025, arXiv:2408.09600: 0.05 to 0.2;
// scores: M. Sun et al., "Wanda", ICLR 2024, arXiv:2306.11695.

namespace ringfort::defenses::data_to_model {

// Of each matrix that `norms` names (engines::Network::InputNorms). How many weights were set to zero. Errors
// (kInvalidInput): a share outside [0, 1], no norms, a matrix that lacks or has other columns.
Result<std::size_t> PruneByScore(std::map<std::string, engines::WeightTensor>& weights,
                                 const std::map<std::string, std::vector<double>>& norms, double pruned);

DefenseEntry Antidote();

}  // namespace ringfort::defenses::data_to_model
