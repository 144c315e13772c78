#include "statistics/false_discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ringfort::statistics {

Result<std::vector<double>> AdjustForFalseDiscovery(std::span<const double> probabilities,
                                                    FalseDiscoveryMethod method) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (std::isnan(probabilities[i])) continue;
    if (!(probabilities[i] >= 0 && probabilities[i] <= 1))
      return Error{Fault::kInvalidInput, fmt::format("{} is no probability", probabilities[i])};
    order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return probabilities[a] != probabilities[b] ? probabilities[a] < probabilities[b] : a < b;
  });
  double factor = static_cast<double>(order.size());
  if (method == FalseDiscoveryMethod::kBenjaminiYekutieli) {
    double harmonic = 0;
    for (std::size_t i = order.size(); i > 0; --i) harmonic += 1 / static_cast<double>(i);
    factor *= harmonic;
  }
  std::vector<double> adjusted(probabilities.begin(), probabilities.end());
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    least = std::min(least, probabilities[order[rank - 1]] * (factor / static_cast<double>(rank)));
    adjusted[order[rank - 1]] = least;
  }
  return adjusted;
}

}  // namespace ringfort::statistics
