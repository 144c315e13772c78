#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "watermarks/marking_scheme.h"

// Is the mark of a key in these texts, and how surely?
//
// Each token that has its context before it has a draw (marking_scheme.h). Equal draws are one
// piece of evidence: a phrase said ten times counts once, or repetition would pass for a mark.
// Where a scheme leaves repeated contexts of a text alone, only the first of each counts. Of text
// that was made without the key the rest are independent and uniform, whatever the text, so that
// the probabilities below are exact and not limits of large numbers:
//
//   green lists  how many are green         Binomial(scored, green)
//   tournament   how many bits are 1        Binomial(scored * layers, 1/2)
//   gumbel       the sum of -ln(1 - r)      Gamma(scored, 1)
//
//   75 green of 200 at 0.25:  z = (75 - 50) / sqrt(37.5) = 4.08, probability 6.2e-5
//
// `z` is the distance from what chance gives in standard deviations; its normal tail (2.2e-5)
// claims too much. A probability is of one question: who asks of many texts adjusts
// (statistics/false_discovery.h). It says nothing of who had the key.
//
// Limits: the tokens must be cut as the marking model cut them, which is not always what one gets
// from the text; each that differs is lost, and its neighbors' contexts with it. The hash is
// no cryptographic one.
//
// Sources: as in marking_scheme.h; that repeats are to be ignored: P. Fernandez et al., "Three
// Bricks to Consolidate Watermarks", 2023, arXiv:2308.00113, who also give the exact tails.

namespace ringfort::watermarks {

struct MarkEvidence {
  std::uint64_t tokens = 0;  // of the texts, scored or not
  std::uint64_t scored = 0;  // different draws
  double statistic = 0;      // their scores together
  double z = 0;              // 0 where nothing was scored
  double probability = 1;    // of so high a statistic or a higher one by chance
};

// Of one text, or of several as one body of evidence. O(n log n).
MarkEvidence FindMark(const MarkingScheme& scheme, std::span<const std::vector<Token>> texts);
MarkEvidence FindMark(const MarkingScheme& scheme, std::span<const Token> text);

// A marked passage in a long text: windows of `shortest` tokens and twice, four times... as many,
// each half over the next, and the whole. `probability` is that of the best window times the
// number of windows, at most 1 (Bonferroni): still no more than chance would give.
struct WindowEvidence {
  MarkEvidence best{};
  std::size_t begin = 0, end = 0;  // of the best window, in tokens
  std::size_t windows = 0;
  double probability = 1;
};
// REQUIRES: shortest >= 1. O(n log^2 n).
WindowEvidence FindMarkInWindows(const MarkingScheme& scheme, std::span<const Token> text, std::size_t shortest = 50);

// The same question asked with `keys` other keys, drawn from `seed`, of which none marked the text:
// (1 + how many of them find as much) / (1 + keys). It believes in no distribution; agreement with
// `probability` is the check of it. As fine as 1 / (1 + keys).
Result<double> CalibratedProbability(const SchemeRule& rule, std::span<const std::vector<Token>> texts,
                                     std::size_t keys, std::uint64_t seed);

}  // namespace ringfort::watermarks
