#include "games/stackelberg.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "games/exact_payoffs_internal.h"
#include "games/exact_simplex_internal.h"
#include "games/exact_solution.h"
#include "games/payoff.h"

namespace ringfort::games {

Result<Commitment> Commit(std::size_t rows, std::size_t columns, std::span<const std::string> leader_payoffs,
                          std::span<const std::string> follower_payoffs) {
  if (rows == 0 || columns == 0) return Error{Fault::kInvalidInput, "a player has no action"};
  if (rows > kMostExactCells / columns)
    return Error{Fault::kLimitExceeded, fmt::format("{} x {} payoffs are too many to commit in; the most is {}", rows,
                                                    columns, kMostExactCells)};
  for (const auto payoffs : {leader_payoffs, follower_payoffs})
    for (const std::string& payoff : payoffs)
      if (!ReadPayoff(payoff)) return Error{Fault::kInvalidInput, fmt::format("`{}` is no payoff", payoff)};
  mpz_class leader_scale;
  mpz_class follower_scale;
  TRY(leader, WholePayoffs(leader_payoffs, leader_scale));
  TRY(follower, WholePayoffs(follower_payoffs, follower_scale));

  // With the leader's payoffs moved to be positive, probabilities that sum to less than
  // one are never best, so `at most one` says `one` and x = 0 is a place to begin. Nothing
  // but x = 0 is left where no mixture makes the answer a best one.
  const mpz_class shift = 1 - *std::min_element(leader.begin(), leader.end());
  std::optional<ExactOptimum> best;
  Commitment commitment;
  double work = kExactWork;
  for (std::size_t answer = 0; answer < columns; ++answer) {
    ExactProgram program;
    for (std::size_t i = 0; i < rows; ++i) program.objective.push_back(leader[i * columns + answer] + shift);
    for (std::size_t other = 0; other < columns; ++other) {
      if (other == answer) continue;
      program.constraints.emplace_back();
      for (std::size_t i = 0; i < rows; ++i)
        program.constraints.back().push_back(follower[i * columns + other] - follower[i * columns + answer]);
      program.bounds.emplace_back(0);
    }
    program.constraints.emplace_back(rows, 1);
    program.bounds.emplace_back(1);
    TRY(optimum, Maximize(program, work));
    work = optimum.work_left;  // each program may use what the ones before it left
    ++commitment.programs;
    if (optimum.value > 0 && (!best || optimum.value > best->value)) {
      best = std::move(optimum);
      commitment.answer = answer;
    }
  }
  if (!best) return Error{Fault::kInternal, "no answer is a best one"};
  const mpq_class leader_value = (best->value - shift) / leader_scale;
  mpq_class follower_value;
  for (std::size_t i = 0; i < rows; ++i) {
    follower_value += best->primal[i] * follower[i * columns + commitment.answer];
    commitment.leader.push_back(best->primal[i].get_str());
    commitment.leader_numbers.push_back(best->primal[i].get_d());
  }
  follower_value /= follower_scale;
  commitment.leader_value = leader_value.get_str();
  commitment.follower_value = follower_value.get_str();
  commitment.leader_number = leader_value.get_d();
  commitment.follower_number = follower_value.get_d();
  return commitment;
}

}  // namespace ringfort::games
