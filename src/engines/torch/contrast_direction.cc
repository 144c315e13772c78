#include "engines/torch/contrast_direction.h"

#include <algorithm>
#include <cmath>

namespace ringfort::engines {
namespace {

using Sums = std::vector<std::vector<double>>;  // layer by layer, place by place

Result<Sums> Means(Network& network, std::span<const std::vector<Token>> sequences, std::uint32_t places) {
  const std::size_t width = network.Shape().width, layers = network.Shape().layers;
  Sums sums(layers * places, std::vector<double>(width));
  for (const std::vector<Token>& sequence : sequences) {
    if (sequence.size() < places)
      return Error{Fault::kInvalidInput, "a sequence is shorter than the places that are compared"};
    TRY(states, network.HiddenStates(sequence));
    for (std::size_t layer = 0; layer < layers; ++layer)
      for (std::uint32_t place = 0; place < places; ++place) {
        const std::span<const float> row = states[layer].Row(sequence.size() - 1 - place);
        std::vector<double>& sum = sums[layer * places + place];
        for (std::size_t i = 0; i < width; ++i)
          sum[i] += static_cast<double>(row[i]) / static_cast<double>(sequences.size());
      }
  }
  return sums;
}

}  // namespace

Result<std::vector<ContrastDirection>> ContrastDirections(Network& network, std::span<const std::vector<Token>> one,
                                                          std::span<const std::vector<Token>> other,
                                                          std::uint32_t places) {
  if (one.empty() || other.empty()) return Error{Fault::kInvalidInput, "a contrast needs sequences of both sets"};
  if (places == 0) return Error{Fault::kInvalidInput, "a contrast needs a place to look at"};
  TRY(ones, Means(network, one, places));
  TRY(others, Means(network, other, places));
  std::vector<ContrastDirection> directions;
  for (std::size_t i = 0; i < ones.size(); ++i) {
    ContrastDirection& made = directions.emplace_back();
    made.layer = static_cast<std::uint32_t>(i / places), made.place = static_cast<std::uint32_t>(i % places);
    double squares = 0, one_dot = 0, other_dot = 0;
    for (std::size_t k = 0; k < ones[i].size(); ++k) {
      const double apart = ones[i][k] - others[i][k];
      made.direction.push_back(static_cast<float>(apart));
      squares += apart * apart, one_dot += apart * ones[i][k], other_dot += apart * others[i][k];
    }
    made.length = std::sqrt(squares);
    if (made.length > 0) made.one_along = one_dot / made.length, made.other_along = other_dot / made.length;
  }
  return directions;
}

std::uint32_t SharedEnding(std::span<const std::vector<Token>> sequences) {
  if (sequences.empty()) return 0;
  const std::vector<Token>& first = sequences.front();
  std::size_t shared = first.size();
  for (const std::vector<Token>& sequence : sequences) {
    std::size_t same = 0;
    while (same < std::min(shared, sequence.size()) &&
           sequence[sequence.size() - 1 - same] == first[first.size() - 1 - same])
      ++same;
    shared = same;
  }
  return static_cast<std::uint32_t>(shared);
}

}  // namespace ringfort::engines
