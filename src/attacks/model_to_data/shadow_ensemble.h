#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "attacks/attack.h"

// The shadow ensemble: all membership scores of a text, weighed together.
//
// Train models of the same kind on data that one knows (shadows). On them one sees how
// each score looks for members and for others; a logistic regression learns from that
// which scores to trust, and is asked about the texts of the target.
//
//   shadow:  loss tells members by 1 standard deviation, lowercase by none
//   learned: weight of loss well above 0, of lowercase near 0  ->  the target's loss decides
//
// Needs shadows and, of the target, what the other attacks need; scores that a view lacks
// count as average. A text never is scored by a fit that saw it, in any shadow
// (cross-fitting by text). Limits: as good as the shadows are like the target.
//
// R. Shokri et al., "Membership Inference Attacks against Machine Learning Models", S&P
// 2017, arXiv:1610.05820; the features and the regression are ours.

namespace ringfort::attacks::model_to_data {

// The scores that are weighed: loss, zlib_ratio, min_k_probability, min_k_plus_plus,
// lowercase, reference, recall, neighborhood, at their usual settings.
inline constexpr std::size_t kEnsembleScores = 8;
using EnsembleScores = std::array<std::optional<double>, kEnsembleScores>;
EnsembleScores ScoresForEnsemble(const TextView& view);

// Log-odds of "member" of each text of the target. Errors (kInvalidInput): no shadow
// text, or shadow texts of one label in what a fold leaves.
Result<std::vector<double>> EnsembleLogOdds(std::span<const LabeledView> target, std::span<const LabeledView> shadows,
                                            std::uint32_t folds, double strength, std::uint64_t seed);

AttackEntry ShadowEnsemble();

}  // namespace ringfort::attacks::model_to_data
