#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "defenses/defense.h"

// A watermark in the choice of tokens: whoever trains on the answers, inherits it.
//
// A secret key and the token before split the vocabulary: about a share gamma of it is green. The
// served model's green logits are raised by delta before a token is drawn. Of text that
// nobody marked a share gamma of the tokens is green, of marked text more:
//
//   z = (g - gamma T) / sqrt(T gamma (1 - gamma))        g green ones of T
//
//   75 of 200 green, gamma 0.25:  z = 4.08; the exact binomial tail is 6.2e-5, the normal
//   one 2.2e-5, too optimistic: the exact one is told
//
// A copy that was trained on marked answers has learned to prefer the same pairs, so its own
// text is green as well: evidence of the theft without the thief's help (T. Sander et al., 2024,
// arXiv:2402.14904). Each pair of neighbors counts once: repetition would count as evidence.
//
// Limits: needs a target that takes biases; answers in plain continuation only, chats are not
// given; the token before is that of the text cut anew, so that a detector who has only text sees the
// same. Each token is a question to the inner model. A paraphrase weakens the mark; whoever
// has the key or enough answers can forge it.
//
// J. Kirchenbauer et al., "A Watermark for Large Language Models", ICML 2023,
// arXiv:2301.10226, with width 1. That each token is green by a hash of its own, in the place
// of a permutation of the vocabulary, is ours.

namespace ringfort::defenses::model_to_model {

struct WatermarkKey {
  std::uint64_t secret = 15485863;
  double green = 0.25;  // gamma, in (0, 1)
};

// Whether `token` behind `before` is green.
bool IsGreen(const WatermarkKey& key, engines::Token before, engines::Token token);

struct WatermarkEvidence {
  std::uint64_t scored = 0;  // pairs of neighbors that differ, each once
  std::uint64_t green = 0;
  double z = 0;
  double probability = 1;  // of so many green ones or more by chance, exact
};

// Of one or several texts, cut by the served model's own vocabulary; pairs are counted over
// all of them. No pairs: z 0, probability 1.
WatermarkEvidence FindWatermark(std::span<const std::vector<engines::Token>> texts, const WatermarkKey& key);

// P(X >= successes) for X ~ Binomial(trials, share). REQUIRES: share in (0, 1).
double BinomialTail(std::uint64_t successes, std::uint64_t trials, double share);

DefenseEntry TokenWatermark();

}  // namespace ringfort::defenses::model_to_model
