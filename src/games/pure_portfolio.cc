#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <queue>
#include <utility>

#include "games/loss_relaxation_internal.h"
#include "games/pure_portfolio_internal.h"

namespace ringfort::games {
namespace {

constexpr double kTie = 1e-11;  // of the loss: less is rounding
constexpr std::size_t kBoundedWays = 8;
constexpr std::size_t kRounds = 3;
constexpr double kLeastResidual = 1e-300;

struct Node {
  double lower = 0;
  Portfolio chosen{};
  Portfolio candidates{};
  std::vector<double> left{};
  RelaxedPortfolio at{};
};

struct LeastFirst {
  bool operator()(const Node& a, const Node& b) const {
    return a.lower != b.lower ? a.lower > b.lower : a.chosen.size() < b.chosen.size();
  }
};

// The ways of the mixture that proves the double oracle's lower bound.
MixtureOfWays MixtureOf(DoubleOracle& found) {
  MixtureOfWays mixture;
  for (std::size_t i = 0; i < found.way_shares().size(); ++i) {
    if (!(found.way_shares()[i] > 0)) continue;
    mixture.weights.push_back(found.way_shares()[i] * found.ways()[i].undefended);
    mixture.residual.push_back(found.ways()[i].residual);
  }
  return mixture;
}

class PureSearch {
 public:
  PureSearch(DoubleOracle& found, const Purse& purse)
      : found_(found), purse_(purse), ways_(found.ways()), mixture_(MixtureOf(found)), relaxation_(purse, mixture_) {}

  PurePortfolio Find(std::uint64_t most_nodes) {
    best_.loss = std::numeric_limits<double>::infinity();
    Judge(found_.best_portfolio());
    open_.push({found_.lower(), {}, purse_.Useful(found_.core()), purse_.Whole(), relaxation_.Begin()});
    while (!open_.empty() && Worth(open_.top().lower) && best_.nodes < most_nodes) {
      Node node = open_.top();
      open_.pop();
      Visit(std::move(node));
    }
    const bool proven = open_.empty() || !Worth(open_.top().lower);
    best_.lower = proven ? best_.loss : open_.top().lower;
    Thin();
    return best_;
  }

 private:
  bool Worth(double lower) const { return lower < best_.loss * (1 - kTie); }

  std::optional<WeighedWay> Answer(const Portfolio& portfolio) const;
  void Judge(const Portfolio& portfolio);
  void Visit(Node node);
  // The way that still yields too much, of which the fewest candidates could take anything.
  const WeighedWay* Refutation(const Node& node) const;
  double Lower(Node& node) const;
  void Thin();

  DoubleOracle& found_;
  const Purse& purse_;
  std::vector<WeighedWay>& ways_;
  MixtureOfWays mixture_;
  LossRelaxation relaxation_;
  std::priority_queue<Node, std::vector<Node>, LeastFirst> open_{};
  PurePortfolio best_{};
};

// The attacker's best answer joins the ways; the portfolio may be the best so far.
// The attacker's best answer, if any yields more than nothing.
std::optional<WeighedWay> PureSearch::Answer(const Portfolio& portfolio) const {
  const AttackCore& core = found_.core();
  const BestTrees trees = core.FindBestTrees(core.Weights(portfolio));
  if (!(trees.best[core.target()] > 0)) return std::nullopt;
  return core.Weigh(core.TreeOf(trees));
}

// That answer joins the ways; the portfolio may be the best so far.
void PureSearch::Judge(const Portfolio& portfolio) {
  std::optional<WeighedWay> way = Answer(portfolio);
  const double loss = way ? way->Payoff(portfolio) : 0;
  if (loss < best_.loss) {
    best_.loss = loss;
    best_.portfolio = portfolio;
    std::sort(best_.portfolio.begin(), best_.portfolio.end());
    best_.answer = way ? way->steps : StepTimes();
  }
  if (way) found_.AddWay(std::move(*way));
}

const WeighedWay* PureSearch::Refutation(const Node& node) const {
  const WeighedWay* hardest = nullptr;
  std::ptrdiff_t fewest = 0;
  for (const WeighedWay& way : ways_) {
    if (Worth(way.Payoff(node.chosen))) continue;
    const auto could = std::count_if(node.candidates.begin(), node.candidates.end(),
                                     [&](std::uint32_t defense) { return way.residual[defense] < 1; });
    if (hardest != nullptr && could >= fewest) continue;
    hardest = &way;
    fewest = could;
  }
  return hardest;
}

void PureSearch::Visit(Node node) {
  const WeighedWay* way = Refutation(node);
  if (way == nullptr) {
    Judge(node.chosen);
    way = Refutation(node);
  }
  if (way == nullptr) return;  // rounding alone: it is as good as the best
  const std::vector<double> residual = way->residual;
  Portfolio could;
  for (const std::uint32_t defense : node.candidates)
    if (residual[defense] < 1) could.push_back(defense);
  std::stable_sort(could.begin(), could.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::log(std::max(kLeastResidual, residual[a])) * purse_.Dearest(b) <
           std::log(std::max(kLeastResidual, residual[b])) * purse_.Dearest(a);
  });
  for (const std::uint32_t defense : could) {
    ++best_.nodes;
    std::erase(node.candidates, defense);
    Node with = node;
    with.chosen.push_back(defense);
    purse_.Spend(defense, with.left);
    std::erase_if(with.candidates, [&](std::uint32_t d) { return !purse_.Fits(d, with.left); });
    with.lower = Lower(with);
    if (Worth(with.lower)) open_.push(std::move(with));
  }
}

double PureSearch::Lower(Node& node) const {
  double lower = node.lower;
  // One way alone: how far the candidates can bring it down.
  std::vector<std::pair<double, const WeighedWay*>> worst;
  for (const WeighedWay& way : ways_)
    if (const double payoff = way.Payoff(node.chosen); payoff > lower) worst.push_back({payoff, &way});
  const std::size_t looked = std::min(worst.size(), kBoundedWays);
  std::partial_sort(worst.begin(), worst.begin() + static_cast<std::ptrdiff_t>(looked), worst.end(),
                    [](const auto& a, const auto& b) { return a.first > b.first; });
  worst.resize(looked);
  std::vector<double> strength(node.candidates.size());
  for (const auto& [payoff, way] : worst) {
    const double need = std::log(payoff / best_.loss);
    for (std::size_t i = 0; i < strength.size(); ++i)
      strength[i] = -std::log(std::max(kLeastResidual, way->residual[node.candidates[i]]));
    lower = std::max(lower, payoff * std::exp(-purse_.MostGain(node.candidates, strength, node.left)));
    // More than is needed to bring it below what is known counts for no more than that.
    for (double& one : strength) one = std::min(one, need);
    if (need > 0 && purse_.MostGain(node.candidates, strength, node.left) < need * (1 - kTie)) return best_.loss;
    if (!Worth(lower)) return lower;
  }
  std::vector<double> weights = mixture_.weights;
  for (const std::uint32_t defense : node.chosen) relaxation_.Deploy(defense, weights);
  return std::max(lower, relaxation_.LeastLoss(weights, node.candidates, node.left, node.at, kRounds, best_.loss));
}

// Takes out what the loss does not need, the dearest first.
void PureSearch::Thin() {
  Portfolio order = best_.portfolio;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return purse_.Dearest(a) > purse_.Dearest(b); });
  for (const std::uint32_t defense : order) {
    Portfolio without = best_.portfolio;
    std::erase(without, defense);
    const std::optional<WeighedWay> way = Answer(without);
    if (way && way->Payoff(without) > best_.loss * (1 + kTie)) continue;
    best_.portfolio = std::move(without);
    if (way) best_.answer = way->steps;
  }
}

}  // namespace

PurePortfolio FindPurePortfolio(DoubleOracle& found, const Purse& purse, std::uint64_t nodes) {
  return PureSearch(found, purse).Find(nodes);
}

}  // namespace ringfort::games
