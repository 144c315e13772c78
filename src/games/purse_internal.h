#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "games/attack_core_internal.h"

namespace ringfort::games {

// What the optional defenses cost of what the required ones leave of each budget, as shares
// of that. Budgets without a limit are left out; of several, their mean is one more, which
// often binds where each alone does not.
class Purse {
 public:
  // REQUIRES: a valid game.
  explicit Purse(const SecurityGame& game);

  // The optional defenses that have an effect on the core and that the budgets alone can pay, ascending.
  Portfolio Useful(const AttackCore& core) const;

  std::size_t budgets() const { return budgets_; }
  std::span<const double> Costs(std::uint32_t defense) const { return {costs_.data() + defense * budgets_, budgets_}; }
  std::vector<double> Whole() const { return std::vector<double>(budgets_, 1 + kRounding); }
  bool Fits(std::uint32_t defense, const std::vector<double>& left) const {
    for (std::size_t i = 0; i < budgets_; ++i)
      if (Costs(defense)[i] > left[i]) return false;
    return true;
  }
  void Spend(std::uint32_t defense, std::vector<double>& left) const {
    for (std::size_t i = 0; i < budgets_; ++i) left[i] -= Costs(defense)[i];
  }
  // The most expensive share, so that gains can be put beside costs.
  double Dearest(std::uint32_t defense) const;

  // At most this much do defenses gain together that fit what is left, if each gains so
  // much (by place in `candidates`) and parts of one could be had: the fractional knapsack
  // of each budget, and of those the least.
  double MostGain(const Portfolio& candidates, const std::vector<double>& gains, const std::vector<double>& left) const;

 private:
  static constexpr double kRounding = 1e-13;

  std::size_t budgets_ = 0;
  std::vector<double> costs_{};  // by defense, then budget; infinity where a budget is empty
};

}  // namespace ringfort::games
