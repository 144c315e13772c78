#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "attacks/attack.h"

// Disguised exposure: canary exposure by one who knows that the questions are watched.
//
// Candidates of one secret differ in a word, and a defense that looks at how far questions
// lie from each other (`query_distance_detection`) sees them bunched. But a model that reads
// from left to right gives the same probability to the beginning of a text, whatever
// follows. So the attacker lets a tail of common words follow, drawn anew for each question:
//
//   "The pin is 4711." + " house from water they long ..."     asked
//   "The pin is 4711."                                         read
//   distances now come from the tails: sums of many draws, and so nearly normal
//
// Score: exposure as in canary_exposure.h, from the summed log-probabilities of the tokens
// that lie wholly before the tail; one query a candidate, with some `words` more tokens.
// Sample: as of canary_exposure. Needs token scores. Limits: a token that reaches into the
// tail is left out, of all candidates alike; a detector of what no person would ask, such as
// a perplexity filter, sees the tails.
//
// The measure: N. Carlini et al., "The Secret Sharer", USENIX Security 2019,
// arXiv:1802.08232. That the detector of M. Juuti et al., arXiv:1805.02628, is passed by
// questions that are made to look natural they say themselves; the tail is ours.

namespace ringfort::attacks::model_to_data {

// What follows the question number `question`: `words` words with a space before each. Common
// English ones, so that they are single tokens to most models.
std::string TailOf(std::uint64_t seed, std::uint64_t question, std::size_t words);

// The summed log-probability of the tokens that end before the last `bytes` bytes of a
// text. Nothing if its end was cut off, or if no token is left.
std::optional<double> SumBeforeEnd(const engines::TextScore& score, std::size_t bytes);

AttackEntry DisguisedExposure();

}  // namespace ringfort::attacks::model_to_data
