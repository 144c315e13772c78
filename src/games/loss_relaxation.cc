#include <algorithm>
#include <cmath>
#include <numeric>

#include "games/loss_relaxation_internal.h"

namespace ringfort::games {
namespace {

constexpr double kLeastResidual = 1e-300;  // its logarithm is a number

double Sum(const std::vector<double>& numbers) { return std::accumulate(numbers.begin(), numbers.end(), 0.0); }

}  // namespace

LossRelaxation::LossRelaxation(const Purse& purse, const MixtureOfWays& ways) : purse_(purse), ways_(ways) {
  const std::size_t defenses = ways.residual.empty() ? 0 : ways.residual.front().size();
  touches_.resize(defenses);
  for (std::uint32_t way = 0; way < ways.residual.size(); ++way)
    for (std::size_t defense = 0; defense < defenses; ++defense) {
      const double residual = ways.residual[way][defense];
      if (residual < 1) touches_[defense].push_back({way, residual, -std::log(std::max(kLeastResidual, residual))});
    }
}

RelaxedPortfolio LossRelaxation::Begin() const {
  RelaxedPortfolio at;
  at.parts.assign(touches_.size(), 0.25);
  at.prices.assign(purse_.budgets(), Sum(ways_.weights) / 16);
  return at;
}

double LossRelaxation::Price(std::uint32_t defense, const RelaxedPortfolio& at) const {
  double price = 0;
  for (std::size_t i = 0; i < at.prices.size(); ++i) price += at.prices[i] * purse_.Costs(defense)[i];
  return price;
}

double LossRelaxation::Tangent(const std::vector<double>& losses, const std::vector<double>& exponents,
                               const Portfolio& candidates, const std::vector<double>& left,
                               const RelaxedPortfolio& at) const {
  double least = 0;
  for (std::size_t way = 0; way < losses.size(); ++way) least += losses[way] * (1 + exponents[way]);
  for (const std::uint32_t defense : candidates) {
    double gain = 0;
    for (const Touch& touch : touches_[defense]) gain += losses[touch.way] * touch.strength;
    least -= std::max(0.0, gain - Price(defense, at));
  }
  for (std::size_t i = 0; i < at.prices.size(); ++i) least -= at.prices[i] * left[i];
  return least;
}

double LossRelaxation::SavingsBound(const std::vector<double>& weights, const Portfolio& candidates,
                                    const std::vector<double>& left) const {
  std::vector<double> with_all = weights;
  std::vector<double> savings;
  for (const std::uint32_t defense : candidates) {
    savings.push_back(Saving(defense, weights));
    Deploy(defense, with_all);
  }
  return std::max(Sum(with_all), Sum(weights) - purse_.MostGain(candidates, savings, left));
}

double LossRelaxation::LeastLoss(const std::vector<double>& weights, const Portfolio& candidates,
                                 const std::vector<double>& left, RelaxedPortfolio& at, std::size_t rounds,
                                 double enough) const {
  if (candidates.empty()) return Sum(weights);
  std::vector<double> exponents(weights.size(), 0);
  for (const std::uint32_t defense : candidates)
    for (const Touch& touch : touches_[defense]) exponents[touch.way] += at.parts[defense] * touch.strength;
  std::vector<double> losses(weights.size());
  for (std::size_t way = 0; way < weights.size(); ++way) losses[way] = weights[way] * std::exp(-exponents[way]);
  double best = 0;
  for (std::size_t round = 0;; ++round) {
    best = std::max(best, Tangent(losses, exponents, candidates, left, at));
    if (best >= enough) return best;
    if (round == rounds) break;
    const double step = 0.5 * Sum(losses) / (1 + 0.3 * static_cast<double>(round));
    for (std::size_t i = 0; i < at.prices.size(); ++i) {
      double overspent = -left[i];
      for (const std::uint32_t defense : candidates) overspent += at.parts[defense] * purse_.Costs(defense)[i];
      at.prices[i] = std::max(0.0, at.prices[i] + step * overspent);
    }
    for (const std::uint32_t defense : candidates) {
      double gain = 0;
      double bend = 0;
      for (const Touch& touch : touches_[defense]) {
        const double slope = losses[touch.way] * touch.strength;
        gain += slope;
        bend += slope * touch.strength;
      }
      if (!(bend > 0)) continue;
      double& part = at.parts[defense];
      const double moved = std::clamp(part + (gain - Price(defense, at)) / bend, 0.0, 1.0) - part;
      if (moved == 0) continue;
      part += moved;
      for (const Touch& touch : touches_[defense]) {
        exponents[touch.way] += moved * touch.strength;
        losses[touch.way] = weights[touch.way] * std::exp(-exponents[touch.way]);
      }
    }
  }
  return std::max(best, SavingsBound(weights, candidates, left));
}

double LossRelaxation::Saving(std::uint32_t defense, const std::vector<double>& weights) const {
  double saving = 0;
  for (const Touch& touch : touches_[defense]) saving += weights[touch.way] * (1 - touch.residual);
  return saving;
}

void LossRelaxation::Deploy(std::uint32_t defense, std::vector<double>& weights) const {
  for (const Touch& touch : touches_[defense]) weights[touch.way] *= touch.residual;
}

}  // namespace ringfort::games
