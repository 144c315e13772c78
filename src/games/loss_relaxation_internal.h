#pragma once

#include <cstdint>
#include <vector>

#include "games/purse_internal.h"

namespace ringfort::games {

// Ways with their probabilities, as far as the defender is concerned.
struct MixtureOfWays {
  std::vector<double> weights{};                // probability x undefended payoff, each > 0
  std::vector<std::vector<double>> residual{};  // by way, then defense
};

// Parts of defenses, and what each budget is worth there; where one bound ended the next begins.
struct RelaxedPortfolio {
  std::vector<double> parts{};   // by defense, in [0, 1]
  std::vector<double> prices{};  // by budget of the purse, >= 0
};

// How little can be lost to a mixture of ways at least, bounded from below in two manners:
//
// - if parts of defenses could be had, the loss would be a sum of exponentials, convex: each of
//   its tangents, less what any parts within the budgets gain on it, is a bound. What they
//   gain is bounded by prices on the budgets (Lagrange). Parts move by Newton steps, one
//   defense at a time, prices along what is overspent;
// - the savings of a defense shrink as others join, so no set saves more than its members would
//   alone (G. Nemhauser, L. Wolsey, M. Fisher, 1978): better where residuals are near 0.
class LossRelaxation {
 public:
  // The ways and the purse must outlive this.
  LossRelaxation(const Purse& purse, const MixtureOfWays& ways);

  RelaxedPortfolio Begin() const;
  // At most this little is lost if the candidates may join what made `weights` of the ways' weights.
  // Stops after `rounds` or once the bound is `enough`; moves `at`.
  double LeastLoss(const std::vector<double>& weights, const Portfolio& candidates, const std::vector<double>& left,
                   RelaxedPortfolio& at, std::size_t rounds, double enough) const;

  // What the defense saves of the weights alone.
  double Saving(std::uint32_t defense, const std::vector<double>& weights) const;
  void Deploy(std::uint32_t defense, std::vector<double>& weights) const;

 private:
  struct Touch {
    std::uint32_t way;
    double residual;
    double strength;  // - log residual
  };

  double Tangent(const std::vector<double>& losses, const std::vector<double>& exponents, const Portfolio& candidates,
                 const std::vector<double>& left, const RelaxedPortfolio& at) const;
  double Price(std::uint32_t defense, const RelaxedPortfolio& at) const;
  double SavingsBound(const std::vector<double>& weights, const Portfolio& candidates,
                      const std::vector<double>& left) const;

  const Purse& purse_;
  const MixtureOfWays& ways_;
  std::vector<std::vector<Touch>> touches_{};  // by defense
};

}  // namespace ringfort::games
