#include <algorithm>
#include <cmath>
#include <utility>

#include "games/defender_answer_internal.h"

namespace ringfort::games {
namespace {

constexpr double kLeastResidual = 1e-300;  // its logarithm is a number
constexpr std::size_t kTangents = 3;

// Frank-Wolfe steps towards the least of the relaxed loss; the tangent at each place is a bound.
double BestTangent(const Purse& purse, const MixtureOfWays& ways, const std::vector<double>& weights,
                   const Portfolio& candidates, const std::vector<double>& left, std::size_t tangents) {
  const std::size_t count = ways.weights.size();
  std::vector<double> strength(count * candidates.size());
  for (std::size_t way = 0; way < count; ++way)
    for (std::size_t i = 0; i < candidates.size(); ++i)
      strength[way * candidates.size() + i] = -std::log(std::max(kLeastResidual, ways.residual[way][candidates[i]]));
  // Begin where every budget is spread evenly.
  double share = 1;
  for (std::size_t budget = 0; budget < purse.budgets(); ++budget) {
    double all = 0;
    for (const std::uint32_t defense : candidates) all += purse.Costs(defense)[budget];
    if (all > left[budget]) share = std::min(share, std::max(0.0, left[budget]) / all);
  }
  std::vector<double> part(candidates.size(), share);
  std::vector<double> gains(candidates.size());
  std::vector<double> exponent(count);
  std::vector<double> towards(count);
  double best = 0;
  for (std::size_t round = 0; round < tangents; ++round) {
    for (std::size_t way = 0; way < count; ++way) {
      exponent[way] = 0;
      for (std::size_t i = 0; i < candidates.size(); ++i)
        exponent[way] += part[i] * strength[way * candidates.size() + i];
    }
    std::fill(gains.begin(), gains.end(), 0.0);
    double at = 0;
    for (std::size_t way = 0; way < count; ++way) {
      const double loss = weights[way] * std::exp(-exponent[way]);
      at += loss * (1 + exponent[way]);
      for (std::size_t i = 0; i < candidates.size(); ++i) gains[i] += loss * strength[way * candidates.size() + i];
    }
    best = std::max(best, at - purse.MostGain(candidates, gains, left));
    if (round + 1 == tangents) break;
    // Towards a corner that fits all budgets, as far as the loss falls.
    std::vector<std::size_t> order(candidates.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return gains[a] * purse.Dearest(candidates[b]) > gains[b] * purse.Dearest(candidates[a]);
    });
    std::vector<double> room = left;
    std::vector<double> corner(candidates.size(), 0);
    for (const std::size_t i : order) {
      double most = 1;
      for (std::size_t budget = 0; budget < purse.budgets(); ++budget) {
        const double cost = purse.Costs(candidates[i])[budget];
        if (cost > 0) most = std::min(most, std::max(0.0, room[budget]) / cost);
      }
      corner[i] = most;
      for (std::size_t budget = 0; budget < purse.budgets(); ++budget)
        room[budget] -= most * purse.Costs(candidates[i])[budget];
    }
    for (std::size_t way = 0; way < count; ++way) {
      towards[way] = -exponent[way];
      for (std::size_t i = 0; i < candidates.size(); ++i)
        towards[way] += corner[i] * strength[way * candidates.size() + i];
    }
    double low = 0;
    double high = 1;
    for (int halving = 0; halving < 8; ++halving) {
      const double middle = (low + high) / 2;
      double slope = 0;
      for (std::size_t way = 0; way < count; ++way)
        slope -= weights[way] * std::exp(-exponent[way] - middle * towards[way]) * towards[way];
      (slope < 0 ? low : high) = middle;
    }
    for (std::size_t i = 0; i < part.size(); ++i) part[i] += low * (corner[i] - part[i]);
  }
  return best;
}

class PortfolioSearch {
 public:
  PortfolioSearch(const Purse& purse, const MixtureOfWays& ways, double known, double slack)
      : purse_(purse), ways_(ways), slack_(slack) {
    best_.loss = known;
  }

  DefenderAnswer Find(const Portfolio& useful, std::uint64_t most_nodes) {
    const std::vector<double> whole = purse_.Whole();
    Greedy(useful);
    std::vector<Node> open;
    open.push_back({{}, useful, ways_.weights, whole, 0});
    double lower = best_.loss;  // of all that was left out
    while (!open.empty()) {
      Node node = std::move(open.back());
      open.pop_back();
      if (best_.nodes >= most_nodes) {
        lower = std::min(lower, node.lower);
        continue;
      }
      ++best_.nodes;
      Take(node);
      std::erase_if(node.candidates, [&](std::uint32_t d) { return !purse_.Fits(d, node.left); });
      node.lower = std::max(node.lower, LeastLoss(purse_, ways_, node.weights, node.candidates, node.left, kTangents));
      if (node.candidates.empty() || node.lower >= best_.loss - slack_) {
        if (!node.candidates.empty()) lower = std::min(lower, node.lower);
        continue;
      }
      Branch(std::move(node), open);
    }
    best_.lower = std::min(lower, best_.loss);
    std::sort(best_.portfolio.begin(), best_.portfolio.end());
    return best_;
  }

 private:
  struct Node {
    Portfolio chosen;
    Portfolio candidates;
    std::vector<double> weights;
    std::vector<double> left;
    double lower;
  };

  void Take(const Node& node) {
    double loss = 0;
    for (const double weight : node.weights) loss += weight;
    if (!(loss < best_.loss)) return;
    best_.loss = loss;
    best_.portfolio = node.chosen;
  }

  void Add(std::uint32_t defense, Node& node) const {
    node.chosen.push_back(defense);
    for (std::size_t way = 0; way < node.weights.size(); ++way) node.weights[way] *= ways_.residual[way][defense];
    purse_.Spend(defense, node.left);
    std::erase(node.candidates, defense);
  }

  double Gain(std::uint32_t defense, const std::vector<double>& weights) const {
    double gain = 0;
    for (std::size_t way = 0; way < weights.size(); ++way) gain += weights[way] * (1 - ways_.residual[way][defense]);
    return gain;
  }

  // The candidate that gains most for what it costs.
  std::size_t Choose(const Node& node) const {
    std::size_t best = 0;
    double best_density = -1;
    for (std::size_t i = 0; i < node.candidates.size(); ++i) {
      const double density = Gain(node.candidates[i], node.weights) / purse_.Dearest(node.candidates[i]);
      if (density <= best_density) continue;
      best_density = density;
      best = i;
    }
    return best;
  }

  void Greedy(const Portfolio& useful) {
    Node node{{}, useful, ways_.weights, purse_.Whole(), 0};
    for (;;) {
      std::erase_if(node.candidates,
                    [&](std::uint32_t d) { return !purse_.Fits(d, node.left) || !(Gain(d, node.weights) > 0); });
      if (node.candidates.empty()) break;
      Add(node.candidates[Choose(node)], node);
    }
    Take(node);
  }

  void Branch(Node node, std::vector<Node>& open) {
    const std::uint32_t defense = node.candidates[Choose(node)];
    Node with = node;
    Add(defense, with);
    std::erase(node.candidates, defense);
    if (Gain(defense, node.weights) > 0) {
      open.push_back(std::move(node));
      open.push_back(std::move(with));
    }  // else nothing that is left gains anything
  }

  const Purse& purse_;
  const MixtureOfWays& ways_;
  double slack_;
  DefenderAnswer best_{};
};

}  // namespace

double LeastLoss(const Purse& purse, const MixtureOfWays& ways, const std::vector<double>& weights,
                 const Portfolio& candidates, const std::vector<double>& left, std::size_t tangents) {
  double loss = 0;
  for (const double weight : weights) loss += weight;
  double with_all = loss;
  std::vector<double> gains(candidates.size(), 0);
  if (!candidates.empty()) {
    with_all = 0;
    for (std::size_t way = 0; way < weights.size(); ++way) {
      double all = weights[way];
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        const double residual = ways.residual[way][candidates[i]];
        gains[i] += weights[way] * (1 - residual);
        all *= residual;
      }
      with_all += all;
    }
  }
  const double alone = std::max(with_all, loss - purse.MostGain(candidates, gains, left));
  if (tangents == 0 || candidates.size() < 2) return alone;
  return std::max(alone, BestTangent(purse, ways, weights, candidates, left, tangents));
}

DefenderAnswer AnswerWays(const Purse& purse, const MixtureOfWays& ways, const Portfolio& useful, double known,
                          double slack, std::uint64_t nodes) {
  return PortfolioSearch(purse, ways, known, slack).Find(useful, nodes);
}

}  // namespace ringfort::games
