#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "detectors/detector.h"

// How much of a reference (a training text, a secret) stands word for word in a text.
//
//   text       a  b  c  x  b  c  d
//   reference  q  b  c  d  e        longest common run: b c d, 3 long
//
// Two measures, over any numbers: an engine's tokens, or words (words.h):
//   LongestCommonRun  length and places of the longest run that both hold
//   WindowShare       the share of the reference's windows of `window` tokens that stand
//                     in the text; with 50 tokens, the unit of N. Carlini et al.,
//                     "Quantifying Memorization Across Neural Language Models",
//                     arXiv 2202.07646. A reference shorter than that is one window.
//
// Rolling hashes modulo 2^61 - 1 (R. Karp, M. Rabin, IBM J. 31, 1987). Each hit is
// compared in full, so nothing is found that is not there; two windows of the text with one
// hash would hide the second, which of a million has a chance of 10^-6. Time
// O((n + m) log min(n, m)) for the run, O(n + m) for the windows; memory O(n + m).

namespace ringfort::detectors {

struct CommonRun {
  std::size_t length = 0;
  std::size_t text_begin = 0;  // the first place in the text; 0 for no run
  std::size_t reference_begin = 0;
};

CommonRun LongestCommonRun(std::span<const std::uint32_t> text, std::span<const std::uint32_t> reference);
// In bytes.
CommonRun LongestCommonCharacters(std::string_view text, std::string_view reference);
// In words.
CommonRun LongestCommonWords(std::string_view text, std::string_view reference);

inline constexpr std::size_t kMemorizedTokens = 50;

// In [0, 1]; 0 for an empty reference or a window of 0.
double WindowShare(std::span<const std::uint32_t> text, std::span<const std::uint32_t> reference,
                   std::size_t window = kMemorizedTokens);

// WindowShare in words.
double VerbatimOverlapScore(std::string_view text, std::string_view reference);

DetectorEntry VerbatimOverlap();

}  // namespace ringfort::detectors
