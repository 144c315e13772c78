#pragma once

#include <cstdint>
#include <vector>

#include "games/attack_core_internal.h"
#include "games/defender_answer_internal.h"
#include "games/purse_internal.h"
#include "games/security_solution.h"

namespace ringfort::games {

// The game over the ways and portfolios found so far, grown by best answers.
class DoubleOracle {
 public:
  // `core` is made from the game, not pruned; its target can be attained. Both must outlive this.
  DoubleOracle(const AttackCore& core, const Purse& purse, const SecurityLimits& limits);

  void Run();

  double undefended() const { return undefended_; }
  double lower() const { return lower_; }
  double upper() const { return upper_; }
  bool optimal() const { return upper_ - lower_ <= limits_.gap * undefended_; }
  const std::vector<MixedSolution::Bounds>& bounds() const { return bounds_; }

  // Every way found; those of the mixture that proves `lower`, by their probability.
  std::vector<WeighedWay>& ways() { return ways_; }
  const std::vector<double>& way_shares() const { return lower_shares_; }
  // Every portfolio found, without what is required; the mixture that proves `upper`.
  const std::vector<Portfolio>& portfolios() const { return portfolios_; }
  const std::vector<double>& portfolio_shares() const { return upper_shares_; }
  // The portfolio found that loses least by itself.
  const Portfolio& best_portfolio() const { return best_portfolio_; }
  double best_loss() const { return best_loss_; }

  // What is left of the graph when ways below the lower bound are left out.
  const AttackCore& core() const { return core_; }

  // False if it was known.
  bool AddWay(WeighedWay way);
  bool AddPortfolio(Portfolio portfolio);

 private:
  struct Play {
    std::vector<double> ways{};
    std::vector<double> portfolios{};
  };
  struct Judged {
    std::vector<double> weights{};
    BestTrees trees{};
    bool fresh = false;
    std::uint64_t used = 0;  // in this round last
  };

  Play Solve() const;
  void Prune();
  void Judge(std::size_t portfolio);
  void ForgetUnused();
  // Whether the player learned something new.
  bool AnswerPortfolios(const Play& play);
  bool AnswerTheWays(const Play& play, WaySearch search);  // its slack as a share of what is known
  // The lower bound of the mixture of ways, as tight as the nodes that are left allow.
  bool Prove(const Play& play, bool to_the_end);

  const SecurityLimits& limits_;
  const Purse& purse_;
  AttackCore core_;
  Portfolio useful_{};
  double undefended_ = 0;
  double lower_ = 0;
  double upper_ = 0;
  double pruned_at_ = 0;
  std::uint64_t round_ = 0;
  std::uint64_t nodes_left_ = 0;
  std::vector<MixedSolution::Bounds> bounds_{};

  std::vector<WeighedWay> ways_{};
  std::vector<Portfolio> portfolios_{};
  std::vector<Judged> judged_{};  // by portfolio
  std::vector<double> lower_shares_{};
  std::vector<double> upper_shares_{};
  Portfolio best_portfolio_{};
  double best_loss_ = 0;
};

}  // namespace ringfort::games
