#include <algorithm>
#include <utility>

#include "games/attacker_answer_internal.h"
#include "games/double_oracle_internal.h"
#include "games/matrix_game.h"
#include "games/restricted_game_internal.h"

namespace ringfort::games {
namespace {

constexpr double kLeastShare = 1e-12;            // rounding of the solver, no play
constexpr std::uint64_t kRemembered = 5;         // rounds
constexpr std::uint64_t kNodesOfRound = 20'000;  // enough to find a better portfolio, not always to prove the best
constexpr double kPruneAgain = 1.01;             // when the lower bound has grown by this factor

std::vector<double> Cleaned(std::vector<double> shares) {
  double sum = 0;
  for (double& share : shares) {
    if (share < kLeastShare) share = 0;
    sum += share;
  }
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace

DoubleOracle::DoubleOracle(const AttackCore& core, const Purse& purse, const SecurityLimits& limits)
    : limits_(limits), purse_(purse), core_(core.Pruned(0)) {
  useful_ = purse.Useful(core_);
  const BestTrees undefended = core_.FindBestTrees(core_.Weights({}));
  AddWay(core_.Weigh(core_.TreeOf(undefended)));
  undefended_ = upper_ = best_loss_ = ways_.front().undefended;
  AddPortfolio({});
  upper_shares_ = {1};
  lower_shares_ = {1};
  // With everything deployed that any portfolio could hold the attacker still gets this much.
  const BestTrees defended = core_.FindBestTrees(core_.Weights(useful_));
  lower_ = defended.best[core_.target()] * core_.scale();
  if (lower_ > 0) {
    WeighedWay way = core_.Weigh(core_.TreeOf(defended));
    lower_ = std::min(lower_, way.Payoff(useful_));
    if (AddWay(std::move(way))) lower_shares_ = {0, 1};
  }
  Prune();
}

bool DoubleOracle::AddWay(WeighedWay way) {
  for (const WeighedWay& known : ways_)
    if (known.undefended == way.undefended && known.residual == way.residual) return false;
  ways_.push_back(std::move(way));
  return true;
}

bool DoubleOracle::AddPortfolio(Portfolio portfolio) {
  if (std::find(portfolios_.begin(), portfolios_.end(), portfolio) != portfolios_.end()) return false;
  portfolios_.push_back(std::move(portfolio));
  judged_.emplace_back();
  return true;
}

void DoubleOracle::Prune() {
  core_ = core_.Pruned(lower_);
  pruned_at_ = lower_;
  for (Judged& judged : judged_) judged = {};
}

void DoubleOracle::Judge(std::size_t portfolio) {
  Judged& judged = judged_[portfolio];
  judged.used = round_;
  if (judged.fresh) return;
  judged.weights = core_.Weights(portfolios_[portfolio]);
  judged.trees = core_.FindBestTrees(judged.weights);
  judged.fresh = true;
  const double loss = judged.trees.best[core_.target()] * core_.scale();
  if (loss < best_loss_) {
    best_loss_ = loss;
    best_portfolio_ = portfolios_[portfolio];
  }
  if (loss < upper_) {
    upper_ = loss;
    upper_shares_.assign(portfolios_.size(), 0);
    upper_shares_[portfolio] = 1;
  }
}

// What is known of a portfolio is as large as the graph.
void DoubleOracle::ForgetUnused() {
  for (Judged& judged : judged_)
    if (judged.fresh && judged.used + kRemembered < round_) judged = {};
}

DoubleOracle::Play DoubleOracle::Solve() const {
  std::vector<double> payoffs;
  payoffs.reserve(ways_.size() * portfolios_.size());
  for (const WeighedWay& way : ways_)
    for (const Portfolio& portfolio : portfolios_) payoffs.push_back(way.Payoff(portfolio) / undefended_);
  auto game = MatrixGame::Make(ways_.size(), portfolios_.size(), std::move(payoffs));
  if (!game.ok()) return {};
  Solution solved = SolveRestricted(game.value(), limits_.gap / 4);
  return {Cleaned(std::move(solved.row)), Cleaned(std::move(solved.column))};
}

bool DoubleOracle::AnswerPortfolios(const Play& play) {
  std::vector<MixedPortfolio> mixture;
  // All of them first: what is judged stays where it is from then on.
  for (std::size_t i = 0; i < portfolios_.size(); ++i)
    if (play.portfolios[i] > 0) Judge(i);
  for (std::size_t i = 0; i < portfolios_.size(); ++i) {
    if (!(play.portfolios[i] > 0)) continue;
    mixture.push_back({play.portfolios[i], &judged_[i].weights, &judged_[i].trees});
  }
  double known = 0;
  for (const WeighedWay& way : ways_) {
    double payoff = 0;
    for (std::size_t i = 0; i < portfolios_.size(); ++i)
      if (play.portfolios[i] > 0) payoff += play.portfolios[i] * way.Payoff(portfolios_[i]);
    known = std::max(known, payoff);
  }
  AttackerAnswer answer = AnswerMixture(core_, mixture, known, limits_.gap * undefended_ / 8, limits_.attacker_labels);
  if (answer.upper < upper_) {
    upper_ = answer.upper;
    upper_shares_ = play.portfolios;
  }
  bool learned = false;
  for (const StepTimes& way : answer.ways) learned |= AddWay(core_.Weigh(way));
  return learned;
}

bool DoubleOracle::AnswerTheWays(const Play& play, WaySearch search) {
  MixtureOfWays mixture;
  for (std::size_t i = 0; i < play.ways.size(); ++i) {
    if (!(play.ways[i] * ways_[i].undefended > 0)) continue;
    mixture.weights.push_back(play.ways[i] * ways_[i].undefended);
    mixture.residual.push_back(ways_[i].residual);
  }
  double known = undefended_;
  for (const Portfolio& portfolio : portfolios_) {
    double loss = 0;
    for (std::size_t i = 0; i < play.ways.size(); ++i) loss += play.ways[i] * ways_[i].Payoff(portfolio);
    known = std::min(known, loss);
  }
  search.slack *= known;
  DefenderAnswer answer = AnswerWays(purse_, mixture, useful_, known, search);
  nodes_left_ -= std::min(nodes_left_, answer.nodes);
  if (answer.lower > lower_) {
    lower_ = answer.lower;
    lower_shares_ = play.ways;
  }
  bool learned = false;
  for (Portfolio& portfolio : answer.portfolios) learned |= AddPortfolio(std::move(portfolio));
  return learned;
}

bool DoubleOracle::Prove(const Play& play, bool to_the_end) {
  // A bound a little below the loss takes far fewer nodes than the loss itself, and an
  // exact one that does not end says little.
  bool learned = false;
  for (const double slack : {0.1, 0.03, 0.01, 0.003, 0.001, 0.0}) {
    if (optimal() || nodes_left_ == 0 || (learned && !to_the_end)) break;
    const std::uint64_t nodes = to_the_end ? nodes_left_ : nodes_left_ / 4;
    learned |= AnswerTheWays(play, {std::max(slack, limits_.gap / 8), nodes, to_the_end});
  }
  return learned;
}

void DoubleOracle::Run() {
  nodes_left_ = limits_.defender_nodes;
  Play play;
  for (round_ = 0; round_ < limits_.rounds && !optimal() && nodes_left_ > limits_.defender_nodes / 2; ++round_) {
    play = Solve();
    if (play.ways.empty()) return;
    bool learned = AnswerPortfolios(play);
    learned |= AnswerTheWays(play, {limits_.gap / 8, std::min(kNodesOfRound, nodes_left_), false});
    if (!learned) learned = Prove(play, false);
    bounds_.push_back({lower_, upper_});
    if (!learned) return;
    ForgetUnused();
    if (lower_ > pruned_at_ * kPruneAgain) Prune();
  }
  if (optimal() || play.ways.empty()) return;
  Prove(play, true);
  bounds_.push_back({lower_, upper_});
}

}  // namespace ringfort::games
