#pragma once

#include "defenses/defense.h"

// The self-hash: whether a token is green depends on itself and on one token near before it.
//
// Of the last `width` tokens, the marked one among them, each is hashed together with the marked
// one; the least of the hashes decides whether it is green. So a list has no fixed context that who
// collects answers could sort them by, and an edit nearby only counts if it hits the one token.
//
//   width 4, text ... the old dog barked: for `barked` the hashes of (barked, the), (barked, old),
//   (barked, dog), (barked, barked) are 7, 3, 9, 5: `old` decides. Writing `big` for `dog` changes
//   nothing unless (barked, big) is below 3. Of four candidates one edit hits the least in a quarter.
//
// Each token of the vocabulary has to be tried with each of its neighbors, so that the mark costs
// `width` hashes a token of the vocabulary; the source tries the likeliest 40 only, this all.
//
// Tokens that are their own anchor are unigram marks: frequent ones repeat their draw, which counts once.
// Limits: as of every marked model (defenses/marked_model.h).
//
// J. Kirchenbauer et al., "On the Reliability of Watermarks for Large Language Models", ICLR 2024,
// arXiv:2306.04634 (self-hash, algorithm 3 of arXiv:2301.10226). The hash functions are ours.

namespace ringfort::defenses::data_to_data {

DefenseEntry SelfHashWatermark();

}  // namespace ringfort::defenses::data_to_data
