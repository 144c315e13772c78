#pragma once

#include <cstddef>

#include "engines/model.h"

// How surprising the most surprising stretch of a text is: the largest mean loss, in nats, of `window`
// tokens in a row. A suffix that was searched for hides in the mean of a long prompt, not in this.
//
//   losses 1 1 1 6 8 1, window 2: 7      window 0, or longer than the text: the mean of all, 3

namespace ringfort::engines {

// 0 for a text without scored tokens. Linear.
double LargestWindowLoss(const TextScore& score, std::size_t window);

}  // namespace ringfort::engines
