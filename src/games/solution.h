#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "games/matrix_game.h"

namespace ringfort::games {

// A pair of mixed strategies and what they prove, whoever found them: the row player
// gets at least `low` whatever the column player does, and the column player pays at
// most `high` whatever the row player does, so the game's value lies between.
struct Solution {
  std::vector<double> row{};     // probabilities, as many as rows
  std::vector<double> column{};  // probabilities, as many as columns
  double low = 0;
  double high = 0;
  std::uint64_t iterations = 0;  // pivots or rounds of the solver

  double gap() const { return high - low; }
  double value() const { return low + (high - low) / 2; }
};

// The certificate: both weights are clipped at zero and made to sum to one, then
// low = min over columns of x A and high = max over rows of A y are computed and
// moved apart by a bound on the rounding of that computation itself, 2 g max|a| with
// g = k u / (1 - k u), k = actions + 2, u = 2^-53 (N. Higham, Accuracy and Stability of
// Numerical Algorithms, lemma 3.1). Nothing that a solver did wrong can make it narrower.
// Weights that are not finite or sum to nothing count as uniform. REQUIRES: as many
// weights as rows and as columns.
Solution Certify(const MatrixGame& game, std::vector<double> row, std::vector<double> column);

}  // namespace ringfort::games
