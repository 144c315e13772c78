#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "detectors/detector.h"

// Whether a text holds a reference nearly word for word: a changed name, a dropped
// comma or another spelling hides a copy from verbatim_overlap.h, and from nobody else.
//
//   text       well he said the quick red fox jumps and left
//   reference           the quick brown fox jumps
//   nearest stretch     the quick red fox jumps        1 edit of 5 words: score 0.8
//
//   NearestStretch  fewest edits (a word put in, left out, replaced) that turn the
//                   reference into some stretch of the text. P. Sellers, J. Algorithms 1
//                   (1980); O(n m) time, O(m) memory.
//   EditDistance    of the whole texts, given up beyond `limit` edits: E. Ukkonen,
//                   Information and Control 64 (1985); O(limit * min(n, m)).
//   BleuScore       the geometric mean of how many of the text's runs of 1 to 4 words
//                   stand in the reference, times a penalty for a shorter text; no
//                   smoothing (K. Papineni et al., ACL 2002). D. Ippolito et al., arXiv
//                   2210.17546, call a text approximately memorized above 0.75.
//
// Near-verbatim from kNearVerbatim on: at most one word in ten edited. That bound is ours.

namespace ringfort::detectors {

inline constexpr double kNearVerbatim = 0.9;
inline constexpr double kApproximatelyMemorized = 0.75;  // of BleuScore
inline constexpr std::size_t kMostCells = 100'000'000;   // about a second

std::optional<std::size_t> EditDistance(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second,
                                        std::size_t limit);

// Where text * reference exceeds kMostCells, only the first part of the text is read.
std::size_t NearestStretch(std::span<const std::uint32_t> text, std::span<const std::uint32_t> reference);

double BleuScore(std::span<const std::uint32_t> text, std::span<const std::uint32_t> reference);

// 1 - edits of the nearest stretch / words of the reference, in [0, 1]; 0 for an empty one.
double NearOverlapScore(std::string_view text, std::string_view reference);

DetectorEntry NearOverlap();

}  // namespace ringfort::detectors
