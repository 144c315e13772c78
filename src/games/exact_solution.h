#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "games/matrix_game.h"
#include "games/solution.h"

// Small games without rounding. Payoffs are given as they were written (payoff.h), so
// that `0.1` and `1/3` are what they say.

namespace ringfort::games {

inline constexpr std::size_t kMostExactCells = 10'000;

struct ExactSolution {
  std::string value{};             // a fraction: `-1/18`, `2`
  std::vector<std::string> row{};  // probabilities, as fractions
  std::vector<std::string> column{};
  Solution rounded{};  // the same as numbers; low and high differ by rounding alone
};

// The value and a pair of optimal strategies. The optimum is checked once more, by
// itself, before it is returned: x A >= value >= A y in every place, without rounding.
// Errors: more than kMostExactCells, or more arithmetic than some ten seconds (kLimitExceeded);
// a text that is no payoff; kInternal if the check fails. REQUIRES: rows x columns texts.
Result<ExactSolution> SolveExactly(std::size_t rows, std::size_t columns, std::span<const std::string> payoffs);
Result<ExactSolution> SolveExactly(const MatrixGame& game);  // each payoff as its shortest decimal

// What the strategies prove in exact arithmetic, moved outward to the next doubles: at
// least as narrow as Certify's interval and just as true. Errors as above.
struct ExactInterval {
  double low = 0;
  double high = 0;
};
Result<ExactInterval> CertifyExactly(std::size_t rows, std::size_t columns, std::span<const std::string> payoffs,
                                     const Solution& solution);

// Each payoff as its shortest decimal that reads back the same.
std::vector<std::string> WrittenPayoffs(const MatrixGame& game);

}  // namespace ringfort::games
