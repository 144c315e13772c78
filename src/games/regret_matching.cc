#include "games/regret_matching.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace ringfort::games {
namespace {

class Learner {
 public:
  explicit Learner(std::size_t actions)
      : regrets_(actions, 0), play_(actions, 1 / static_cast<double>(actions)), average_(actions, 0) {}

  const std::vector<double>& play() const { return play_; }
  const std::vector<double>& average() const { return average_; }

  // `sign` is +1 for the player who wants the yields large.
  void Learn(const std::vector<double>& yields, double sign, double weight) {
    double expected = 0;
    for (std::size_t i = 0; i < yields.size(); ++i) expected += play_[i] * yields[i];
    double sum = 0;
    for (std::size_t i = 0; i < yields.size(); ++i) {
      regrets_[i] = std::max(0.0, regrets_[i] + sign * (yields[i] - expected));
      sum += regrets_[i];
    }
    const double uniform = 1 / static_cast<double>(play_.size());
    for (std::size_t i = 0; i < yields.size(); ++i) {
      play_[i] = sum > 0 ? regrets_[i] / sum : uniform;
      average_[i] += weight * play_[i];
    }
  }

 private:
  std::vector<double> regrets_;
  std::vector<double> play_;
  std::vector<double> average_;
};

}  // namespace

Solution SolveByRegretMatching(const MatrixGame& game, const RegretMatchingLimits& limits) {
  Learner row(game.rows());
  Learner column(game.columns());
  Solution best = Certify(game, row.play(), column.play());
  const double target = limits.target_gap * game.range();
  const double round_visits = 2 * static_cast<double>(game.payoffs().size());
  std::vector<double> yields;
  std::uint64_t next_look = 16;
  for (std::uint64_t round = 1; round <= limits.rounds && best.gap() > target; ++round) {
    const double weight = static_cast<double>(round) * static_cast<double>(round);
    game.RowYields(column.play(), yields);
    row.Learn(yields, 1, weight);
    game.ColumnYields(row.play(), yields);
    column.Learn(yields, -1, weight);
    const bool last = round == limits.rounds || round_visits * static_cast<double>(round + 1) > limits.cell_visits;
    if (round < next_look && !last) continue;
    next_look = round + round / 8 + 16;
    // The play of this very round may be an equilibrium already, where an average only nears it.
    for (Solution found : {Certify(game, row.average(), column.average()), Certify(game, row.play(), column.play())}) {
      if (found.gap() < best.gap()) best = std::move(found);
    }
    best.iterations = round;
    if (last) break;
  }
  return best;
}

}  // namespace ringfort::games
