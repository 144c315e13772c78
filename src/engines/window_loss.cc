#include "engines/window_loss.h"

#include <algorithm>

namespace ringfort::engines {

double LargestWindowLoss(const TextScore& score, std::size_t window) {
  const std::size_t size = score.tokens.size();
  if (window == 0 || window >= size) return -score.Mean();
  double sum = 0, most = 0;
  for (std::size_t i = 0; i < size; ++i) {
    sum -= score.tokens[i].log_probability;
    if (i >= window) sum += score.tokens[i - window].log_probability;
    if (i + 1 == window || (i >= window && sum > most)) most = sum;
  }
  return most / static_cast<double>(window);
}

}  // namespace ringfort::engines
