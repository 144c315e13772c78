#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "attacks/attack.h"

// Distillation that washes what it bought: for a thief who knows that answers are marked.
//
// A watermark that survives distillation (`token_watermark`) stands in pairs of neighboring tokens. The
// thief breaks pairs before anything is trained on them: of every answer one word in so many gives way to
// another that fits between its neighbors. He needs neither key nor model for that, but counts words in
// texts of his own, which nobody marked. As he knows that the evidence is in pairs, he spreads his edits:
//
//   every second word, "the old [dog] ran [away] from [home]": no pair of words is left as it was,
//   where as many edits at random leave a quarter of them, (1 - 1/2)^2
//
//   one in `every`: about 1 - 2 / every of the pairs are left, at a share of 1 / every of edits
//
// Pairs of tokens within a word that stays are left as well. The price is what the copy learns: the
// replaced words are not the target's. Both are told by `ringfort distill --watermark --wash N`: the mark
// in what the copy says, and its fidelity beside that of a copy that washed nothing.
//
// Limits: a word model of two neighbors, which knows no syntax; hard answers only. A mark in something
// else than pairs (unigram) is weakened by the edits alone.
//
// The survival of marks: T. Sander et al., 2024, arXiv:2402.14904, whose section 6 names paraphrase before
// training as the way out. Edits that are spread evenly are ours.

namespace ringfort::attacks::model_to_model {

// Washes each of `texts`, which begins with the prompt of the same number and goes on with an
// answer; words are counted in `own`. REQUIRES: every > 0, as many texts as prompts or fewer.
void WashAnswers(std::span<std::string> texts, std::span<const std::string> prompts, std::span<const std::string> own,
                 std::uint32_t every, std::uint64_t seed);

AttackEntry WashedDistillation();

}  // namespace ringfort::attacks::model_to_model
