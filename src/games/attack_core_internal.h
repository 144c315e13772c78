#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "games/security_game.h"

// The part of a security game's graph that can matter, in the form its solvers want: one
// target above all goals, premises that are never in doubt left out, weights for steps.

namespace ringfort::games {

// How often each step of the core stands in a tree to the target.
using StepTimes = std::vector<std::pair<std::uint32_t, double>>;

// What each fact yields at best, and by which step.
struct BestTrees {
  std::vector<double> best{};            // 0: it cannot be attained
  std::vector<std::uint32_t> choice{};   // kNone where it cannot
  std::vector<std::uint32_t> settled{};  // facts in the order in which their best was known
};

// A way as the defender sees it.
struct WeighedWay {
  StepTimes steps{};               // numbered as in the core made from the game
  double undefended = 0;           // payoff with what is required alone
  std::vector<double> residual{};  // what each defense leaves of it

  double Payoff(const Portfolio& portfolio) const {
    double payoff = undefended;
    for (const std::uint32_t defense : portfolio) payoff *= residual[defense];
    return payoff;
  }
};

class AttackCore {
 public:
  // REQUIRES: a valid game, which must outlive the core.
  explicit AttackCore(const SecurityGame& game);

  // Without the steps by which no way yields `least` or more even undefended, up to one
  // part in 10^9.
  AttackCore Pruned(double least) const;

  std::size_t fact_count() const { return first_to_.size() - 1; }
  std::size_t step_count() const { return conclusion_.size(); }
  std::uint32_t target() const { return target_; }
  // Payoffs are the core's products times this: the largest value of a goal.
  double scale() const { return scale_; }
  const SecurityGame& game() const { return *game_; }

  std::span<const std::uint32_t> Premises(std::uint32_t step) const {
    return {premises_.data() + first_premise_[step], first_premise_[step + 1] - first_premise_[step]};
  }
  std::uint32_t Conclusion(std::uint32_t step) const { return conclusion_[step]; }
  std::span<const std::uint32_t> StepsTo(std::uint32_t fact) const {
    return {to_.data() + first_to_[fact], first_to_[fact + 1] - first_to_[fact]};
  }
  // What the optional defenses leave of the step; residuals below 1 alone.
  struct Touch {
    std::uint32_t defense = 0;
    double residual = 1;
  };
  std::span<const Touch> Touches(std::uint32_t step) const {
    return {touches_.data() + first_touch_[step], first_touch_[step + 1] - first_touch_[step]};
  }

  // The steps' weights in [0, 1] against the portfolio; required defenses always count.
  std::vector<double> Weights(const Portfolio& portfolio) const;
  // D. Knuth's algorithm.
  BestTrees FindBestTrees(const std::vector<double>& weights) const;
  // The best tree to the target. REQUIRES: the target can be attained.
  StepTimes TreeOf(const BestTrees& trees) const;

  // Steps of this core, renumbered as in the core that it was pruned from first.
  WeighedWay Weigh(const StepTimes& steps) const;
  // REQUIRES: this core was made from the game, and not pruned.
  Way WayOf(const StepTimes& steps) const;

 private:
  AttackCore() = default;
  void Index();

  const SecurityGame* game_ = nullptr;
  double scale_ = 0;
  std::uint32_t target_ = 0;
  std::vector<std::uint32_t> first_premise_{0};
  std::vector<std::uint32_t> premises_{};
  std::vector<std::uint32_t> conclusion_{};
  std::vector<double> weight_{};  // with what is required
  std::vector<std::uint32_t> first_touch_{0};
  std::vector<Touch> touches_{};
  std::vector<std::uint32_t> origin_{};  // the game's step, or a goal above all of those
  std::vector<std::uint32_t> root_{};    // the step of the core made from the game
  std::vector<std::uint32_t> first_to_{0};
  std::vector<std::uint32_t> to_{};
  std::vector<std::uint32_t> first_from_{0};
  std::vector<std::uint32_t> from_{};
};

}  // namespace ringfort::games
