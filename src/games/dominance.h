#pragma once

#include <cstdint>
#include <vector>

#include "games/matrix_game.h"

namespace ringfort::games {

// What is left of a game when actions that another one never does worse than are taken
// out again and again. The value stays, and every solution of what is left is one of
// the whole; solutions that use a dominated action are lost.
struct Reduction {
  struct Removed {
    bool is_row = false;
    std::uint32_t action = 0;
    std::uint32_t by = 0;  // the action, then still in the game, that does no worse everywhere
  };
  std::vector<std::uint32_t> rows{};     // left, ascending
  std::vector<std::uint32_t> columns{};  // left, ascending
  std::vector<Removed> removed{};        // in the order of removal
  bool complete = true;                  // false: the bound on comparisons ended it
};

// Only domination by one pure action is looked for. Of equal actions the first stays.
// Ends after `comparisons` payoff comparisons, which keeps hostile matrices bounded.
Reduction EliminateDominated(const MatrixGame& game, std::uint64_t comparisons = 300'000'000);

// Strategies of what is left, as strategies of the whole game: absent actions get 0.
std::vector<double> Spread(const std::vector<double>& weights, const std::vector<std::uint32_t>& kept,
                           std::size_t actions);

}  // namespace ringfort::games
