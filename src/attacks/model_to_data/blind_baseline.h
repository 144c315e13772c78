#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacks/attack.h"

// The blind baseline: how well can members be told WITHOUT the model?
//
// Members and others are often collected differently (other years, topics, sources). A
// bag of words that never asks the model then tells them apart, and any attack that is
// no better has measured that difference, not what the model remembers. So no
// membership result may stand without this one beside it.
//
// Each text becomes weights of its words, term count x (ln((1 + n) / (1 + texts with the
// word)) + 1), scaled to length 1; a logistic regression learns on four folds and scores
// the fifth, in turn. The vocabulary, too, comes from the four folds alone.
//
//   members: "in 2019 ..." x 10, others: "in 2024 ..." x 10   ->  every member above every other
//   both drawn from one source                                ->  scores around 0, AUROC near 1/2
//
// Needs no ability of a model. Limits: a bag of words misses what lies in word order or in
// dates as numbers; a low blind score does not prove that two sets are drawn alike.
//
// D. Das, J. Zhang, F. Tramer, "Blind Baselines Beat Membership Inference Attacks for
// Foundation Models", 2024, arXiv:2406.16201. Word rule, folds and strength are ours.

namespace ringfort::attacks::model_to_data {

// Lower-case words of two or more letters, digits or bytes beyond ASCII, in order.
std::vector<std::string> WordsForBag(std::string_view text);

// Log-odds of "member" of each text, by a fit that has not seen it. Errors
// (kInvalidInput): another number of labels than texts; a fold whose rest has one label
// only (too few texts).
Result<std::vector<double>> BlindScores(std::span<const std::string_view> texts, std::span<const std::uint8_t> members,
                                        std::uint32_t folds, double strength, std::uint64_t seed);

// The same of texts apart: fitted to `learned`, asked of `asked`. Errors as above.
Result<std::vector<double>> BlindLogOdds(std::span<const std::string_view> learned,
                                         std::span<const std::uint8_t> members, std::span<const std::string_view> asked,
                                         double strength);

AttackEntry BlindBaseline();

}  // namespace ringfort::attacks::model_to_data
