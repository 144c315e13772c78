#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacks/attack.h"

// Generate and rank: let the model talk, and keep what it finds too likely.
//
// Each try draws one text from the model, from a prompt or from nothing, and scores it as
// membership attacks do. Texts that the model knows by heart stand out: likely, though
// not simple. Over many tries the attacker sorts by score and drops copies.
//
//   "aaaa aaaa aaaa aaaa ..."    likely, but zlib makes little of it     far down
//   "Copyright 1998 by ..."      likely, and hard to compress            on top
//
// Sample: `text` is the prompt, which may be empty, `candidates` known texts; the one with
// the longest run of words in common is told for a judge. The score is the mean log-probability
// over the bytes of the zlib stream (the best single ranking of the paper); the mean itself
// and what lower case does to it stand beside it. Needs generation and token scores.
// Limits: the paper's temperature decays from 10 to 1 over 20 tokens, ours is constant.
//
// N. Carlini et al., "Extracting Training Data from Large Language Models", USENIX
// Security 2021, arXiv:2012.07805.

namespace ringfort::attacks::model_to_data {

// The share of the trigrams of words of the shorter text that the other has, too, copies
// counted once; in [0, 1]. A text of fewer than 3 words is one trigram.
double TrigramOverlap(std::string_view first, std::string_view second);

struct RankedText {
  std::string text{};
  double score = 0;
};

// Best first, without those that share more than `overlap` of their trigrams with a
// better one. O(n^2) in the texts kept; of equals the earlier stays.
std::vector<RankedText> DistinctBestFirst(std::span<const RankedText> texts, double overlap = 0.5);

AttackEntry GenerateAndRank();

}  // namespace ringfort::attacks::model_to_data
