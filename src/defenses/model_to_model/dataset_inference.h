#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "defenses/defense.h"
#include "statistics/mean_difference.h"

// Dataset inference: was this model, or the one that it was copied from, trained on my texts?
//
// The owner has texts of his own and others like them that nobody can have trained on (the
// drafts beside the published ones). What a membership score says of one text is little;
// the mean over hundreds is much. Which of the many scores to trust differs from model to
// model, so both sets are dealt in two. On one half the weights of the scores are learned;
// on the other, which they have not seen, the owner's texts are compared with the others:
//
//   learned:  weight of min_k_plus_plus 1.9, of lowercase 0.1
//   tested:   mine 0.8, 1.1, 0.4 ...  others -0.2, 0.3, -0.6 ...   t = 7.1, p < 1e-4
//
// If the model never saw the owner's texts, both tested halves are drawn alike whatever was
// learned, and any dealing of their scores is as likely: the probability by permutation
// errs no more often than it says. That holds only where the two *sets* are drawn alike. So
// the same test has to be made with a score that never asks the model (a bag of words): if
// that finds a difference as well, nothing is shown.
//
// Scores are standardized by the learned half and cut off at three deviations; one that is
// missing counts as average. The learned half must hold twice as many texts as scores. A
// score that runs the wrong way is turned by its weight. Asks the suspect as many questions
// as the scores do, and needs no access but theirs.
//
// Limits: the owner's word that the others were never trained on; sets that differ in what a
// bag of words does not see; a suspect that is trained with privacy, or that has
// generalized, shows nothing. "Not shown" is no proof of innocence. One dealing decides: who
// tries many seeds and tells the best one cheats.
//
// P. Maini, M. Yaghini, N. Papernot, "Dataset Inference: Ownership Resolution in Machine
// Learning", ICLR 2021, arXiv:2104.10706; for language models P. Maini, H. Jia, N. Papernot, A.
// Dziedzic, "LLM Dataset Inference: Did you train on my dataset?", 2024, arXiv:2406.06443,
// with linear regression for the weights and a t-test. Logistic regression, the cut at three
// deviations and the permutation beside the t-test are ours.

namespace ringfort::defenses::model_to_model {

// Of one text, by every score; all texts have equally many.
using MembershipScores = std::vector<std::optional<double>>;

struct InferenceRule {
  double strength = 1;  // how closely the regression fits
  std::uint32_t permutations = 9999;
  std::uint64_t seed = 1;  // of the dealing
};

// Which texts are learned from (1); the others, as many or one more of a set, are tested.
struct Dealing {
  std::vector<std::uint8_t> mine{}, others{};
};
Dealing DealTexts(std::size_t mine, std::size_t others, std::uint64_t seed);

struct Inference {
  std::vector<double> weights{};     // of each score, a standard deviation of it
  std::size_t mine = 0, others = 0;  // texts tested
  statistics::MeanDifference test{};
};

// Errors (kInvalidInput): fewer than four texts in a set; no score, or too many for so few
// texts; texts with other numbers of scores; scores that are all missing.
Result<Inference> InferDataset(std::span<const MembershipScores> mine, std::span<const MembershipScores> others,
                               const InferenceRule& rule);

DefenseEntry DatasetInference();

}  // namespace ringfort::defenses::model_to_model
