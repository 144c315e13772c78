#include <algorithm>
#include <utility>

#include "games/attacker_answer_internal.h"
#include "games/double_oracle_internal.h"
#include "games/linear_program.h"
#include "games/matrix_game.h"
#include "games/regret_matching.h"

namespace ringfort::games {
namespace {

constexpr double kLeastShare = 1e-12;  // rounding of the solver, no play
constexpr double kPruneAgain = 1.01;   // when the lower bound has grown by this factor

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

const DoubleOracle::Judged& DoubleOracle::Judge(std::size_t portfolio) {
  Judged& judged = judged_[portfolio];
  if (judged.fresh) return judged;
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
  return judged;
}

DoubleOracle::Play DoubleOracle::Solve() const {
  std::vector<double> payoffs;
  payoffs.reserve(ways_.size() * portfolios_.size());
  for (const WeighedWay& way : ways_)
    for (const Portfolio& portfolio : portfolios_) payoffs.push_back(way.Payoff(portfolio) / undefended_);
  auto game = MatrixGame::Make(ways_.size(), portfolios_.size(), std::move(payoffs));
  if (!game.ok()) return {};
  if (HasLinearProgram())
    if (auto solved = SolveByLinearProgram(game.value()); solved.ok())
      return {Cleaned(std::move(solved.value().row)), Cleaned(std::move(solved.value().column))};
  RegretMatchingLimits regret;
  regret.target_gap = limits_.gap / 4;
  regret.rounds = 100'000;
  Solution solved = SolveByRegretMatching(game.value(), regret);
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

bool DoubleOracle::AnswerTheWays(const Play& play) {
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
  DefenderAnswer answer =
      AnswerWays(purse_, mixture, useful_, known, limits_.gap * undefended_ / 8, limits_.defender_nodes);
  if (answer.lower > lower_) {
    lower_ = answer.lower;
    lower_shares_ = play.ways;
  }
  return answer.loss < known && AddPortfolio(std::move(answer.portfolio));
}

void DoubleOracle::Run() {
  for (std::uint64_t round = 0; round < limits_.rounds && !optimal(); ++round) {
    const Play play = Solve();
    if (play.ways.empty()) break;
    const bool better_way = AnswerPortfolios(play);
    const bool better_portfolio = AnswerTheWays(play);
    bounds_.push_back({lower_, upper_});
    if (!better_way && !better_portfolio) break;
    if (lower_ > pruned_at_ * kPruneAgain) Prune();
  }
}

}  // namespace ringfort::games
