#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "engines/torch/network.h"

// In which direction does the residual stream differ between two sets of sequences?
//
//   d(layer, place) = mean over one set - mean over the other
//
// of what stands behind the layer, at a place counted from the end of each sequence (0: the last
// token), so that sequences of different lengths meet where they end alike, as in a chat template.
//
//   one set (3, 0), (5, 0); other (0, 2), (0, 4): d = (4, -3), of length 5, at length one (0.8, -0.6);
//   along it the one set lies at 3.2 and the other at -1.8 on average
//
// Difference in means: A. Arditi et al., "Refusal in Language Models Is Mediated by a Single Direction",
// NeurIPS 2024, arXiv:2406.11717, section 2.3; N. Belrose, 2023, shows that it is the worst case for a
// linear eraser. Limits: two means see nothing of what differs otherwise.

namespace ringfort::engines {

struct ContrastDirection {
  std::uint32_t layer = 0;
  std::uint32_t place = 0;         // from the end
  std::vector<float> direction{};  // as it is, not at length one
  double length = 0;               // of it
  double one_along = 0;            // where the means lie along it, at length one
  double other_along = 0;
};

// Layer after layer, place after place. Errors (kInvalidInput): a set without a sequence, no place, a
// sequence that has fewer tokens than places; the network's own.
Result<std::vector<ContrastDirection>> ContrastDirections(Network& network, std::span<const std::vector<Token>> one,
                                                          std::span<const std::vector<Token>> other,
                                                          std::uint32_t places);

// How many tokens all sequences end with alike, at most the shortest; 0 of no sequence.
std::uint32_t SharedEnding(std::span<const std::vector<Token>> sequences);

}  // namespace ringfort::engines
