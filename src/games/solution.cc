#include "games/solution.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ringfort::games {
namespace {

void MakeProbabilities(std::vector<double>& weights) {
  double sum = 0;
  for (double& weight : weights) {
    if (!(weight > 0)) weight = 0;  // also what is not a number
    sum += weight;
  }
  if (!(sum > 0) || !std::isfinite(sum)) {
    std::fill(weights.begin(), weights.end(), 1 / static_cast<double>(weights.size()));
    return;
  }
  for (double& weight : weights) weight /= sum;
}

// What a sum of `terms` products with weights that sum to one may be off by, and what
// the weights' sum may be off one by, together.
double Rounding(std::size_t terms, double magnitude) {
  const double unit = static_cast<double>(terms + 2) * 0x1.0p-53;
  return 2 * unit / (1 - unit) * magnitude;
}

}  // namespace

Solution Certify(const MatrixGame& game, std::vector<double> row, std::vector<double> column) {
  MakeProbabilities(row);
  MakeProbabilities(column);
  const std::vector<double> costs = game.ColumnYields(row);
  const std::vector<double> gains = game.RowYields(column);
  Solution solution;
  solution.low = *std::min_element(costs.begin(), costs.end()) - Rounding(game.rows(), game.largest_magnitude());
  solution.high = *std::max_element(gains.begin(), gains.end()) + Rounding(game.columns(), game.largest_magnitude());
  solution.row = std::move(row);
  solution.column = std::move(column);
  return solution;
}

}  // namespace ringfort::games
