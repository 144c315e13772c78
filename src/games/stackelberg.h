#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace ringfort::games {

// What a leader who must show a mixed strategy first can get from a follower who answers
// best, and among equally good answers with the one that the leader likes (the strong
// Stackelberg equilibrium).
struct Commitment {
  std::string leader_value{};  // fractions
  std::string follower_value{};
  std::vector<std::string> leader{};  // probabilities, as fractions
  std::size_t answer = 0;             // the follower's action
  double leader_number = 0;           // the same as numbers
  double follower_number = 0;
  std::vector<double> leader_numbers{};
  std::uint64_t programs = 0;  // linear programs solved
};

// The row player leads. One linear program for each answer, without rounding: the best
// mixture that makes the answer a best one. Errors: more than kMostExactCells payoffs or
// too much arithmetic (kLimitExceeded), a text that is no payoff (payoff.h). REQUIRES: both lists
// have rows x columns texts, row by row.
//
// Source: V. Conitzer, T. Sandholm, "Computing the Optimal Strategy to Commit to",
// EC 2006 (multiple linear programs).
Result<Commitment> Commit(std::size_t rows, std::size_t columns, std::span<const std::string> leader_payoffs,
                          std::span<const std::string> follower_payoffs);

}  // namespace ringfort::games
