#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "games/attack_core_internal.h"

namespace ringfort::games {
namespace {

using attack_graph::Fact;
using attack_graph::kNone;
using attack_graph::Step;

constexpr double kSlack = 1e-9;

// By which step each fact holds for certain, whatever is deployed; kNone: it is in doubt.
std::vector<Step> CertainSteps(const attack_graph::AttackGraph& graph, const std::vector<bool>& touched) {
  std::vector<Step> certain(graph.fact_count(), kNone);
  std::vector<std::uint32_t> missing(graph.step_count());
  std::vector<Fact> fresh;
  const auto conclude = [&](Step step) {
    const Fact fact = graph.Conclusion(step);
    if (touched[step] || graph.Probability(step) < 1 || certain[fact] != kNone) return;
    certain[fact] = step;
    fresh.push_back(fact);
  };
  for (Step step = 0; step < graph.step_count(); ++step)
    missing[step] = static_cast<std::uint32_t>(graph.Premises(step).size());
  for (const Step step : graph.OpenSteps()) conclude(step);
  while (!fresh.empty()) {
    const Fact fact = fresh.back();
    fresh.pop_back();
    for (const Step step : graph.StepsFrom(fact))
      if (--missing[step] == 0) conclude(step);
  }
  return certain;
}

std::vector<bool> TouchedSteps(const SecurityGame& game) {
  std::vector<bool> touched(game.graph.step_count(), false);
  for (const Defense& defense : game.defenses)
    for (const Effect& effect : defense.effects)
      if (effect.residual < 1) touched[effect.step] = true;
  return touched;
}

// An index of steps by a fact: where each fact's begin, and the steps.
void CountUp(std::vector<std::uint32_t>& first) {
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
}

}  // namespace

AttackCore::AttackCore(const SecurityGame& game) : game_(&game) {
  const attack_graph::AttackGraph& graph = game.graph;
  const std::vector<Step> certain = CertainSteps(graph, TouchedSteps(game));
  // Touches of each step, duplicates multiplied together; what is required is in the weight.
  std::vector<std::vector<Touch>> touches(graph.step_count());
  std::vector<double> required(graph.step_count(), 1);
  for (std::uint32_t defense = 0; defense < game.defenses.size(); ++defense)
    for (const Effect& effect : game.defenses[defense].effects) {
      if (effect.residual >= 1) continue;
      if (game.defenses[defense].required) {
        required[effect.step] *= effect.residual;
        continue;
      }
      std::vector<Touch>& of_step = touches[effect.step];
      if (!of_step.empty() && of_step.back().defense == defense)
        of_step.back().residual *= effect.residual;
      else
        of_step.push_back({defense, effect.residual});
    }
  const auto add_premise = [&](Fact fact) {
    if (certain[fact] == kNone) premises_.push_back(fact);
  };
  const auto finish_step = [&](std::uint32_t origin, Fact conclusion, double weight) {
    first_premise_.push_back(static_cast<std::uint32_t>(premises_.size()));
    conclusion_.push_back(conclusion);
    weight_.push_back(weight);
    first_touch_.push_back(static_cast<std::uint32_t>(touches_.size()));
    origin_.push_back(origin);
  };
  for (Step step = 0; step < graph.step_count(); ++step) {
    if (certain[graph.Conclusion(step)] != kNone) continue;
    for (const Fact fact : graph.Premises(step)) add_premise(fact);
    touches_.insert(touches_.end(), touches[step].begin(), touches[step].end());
    finish_step(step, graph.Conclusion(step), graph.Probability(step) * required[step]);
  }
  target_ = static_cast<std::uint32_t>(graph.fact_count());
  first_to_.assign(graph.fact_count() + 2, 0);  // so that fact_count() counts the target
  for (const Goal& goal : game.goals) scale_ = std::max(scale_, goal.value);
  for (std::uint32_t goal = 0; goal < game.goals.size(); ++goal) {
    add_premise(game.goals[goal].fact);
    finish_step(static_cast<std::uint32_t>(graph.step_count()) + goal, target_,
                scale_ > 0 ? game.goals[goal].value / scale_ : 0);
  }
  root_.resize(conclusion_.size());
  for (std::uint32_t step = 0; step < root_.size(); ++step) root_[step] = step;
  Index();
}

void AttackCore::Index() {
  const std::size_t facts = fact_count();
  first_to_.assign(facts + 1, 0);
  first_from_.assign(facts + 1, 0);
  for (const std::uint32_t fact : conclusion_) ++first_to_[fact + 1];
  for (const std::uint32_t fact : premises_) ++first_from_[fact + 1];
  CountUp(first_to_);
  CountUp(first_from_);
  to_.resize(conclusion_.size());
  from_.resize(premises_.size());
  std::vector<std::uint32_t> next_to(first_to_.begin(), first_to_.end() - 1);
  std::vector<std::uint32_t> next_from(first_from_.begin(), first_from_.end() - 1);
  for (std::uint32_t step = 0; step < conclusion_.size(); ++step) {
    to_[next_to[conclusion_[step]]++] = step;
    for (const std::uint32_t fact : Premises(step)) from_[next_from[fact]++] = step;
  }
}

AttackCore AttackCore::Pruned(double least) const {
  const std::vector<double> inside = FindBestTrees(weight_).best;
  const auto of_premises = [&](std::uint32_t step) {
    double product = weight_[step];
    for (const std::uint32_t fact : Premises(step)) product *= inside[fact];
    return product;
  };
  // What the best way to the target makes of a fact, from the target down.
  std::vector<double> outside(fact_count(), 0);
  std::vector<bool> settled(fact_count(), false);
  std::vector<bool> kept(step_count(), false);
  std::priority_queue<std::pair<double, std::uint32_t>> queue;
  outside[target_] = 1;
  queue.push({1, target_});
  while (!queue.empty()) {
    const auto [value, fact] = queue.top();
    queue.pop();
    if (settled[fact]) continue;
    settled[fact] = true;
    for (const std::uint32_t step : StepsTo(fact)) {
      const double through = value * of_premises(step);
      if (!(through > 0) || through * scale_ < least * (1 - kSlack)) continue;
      kept[step] = true;
      for (const std::uint32_t premise : Premises(step)) {
        const double below = std::min(value, through / inside[premise]);
        if (settled[premise] || below <= outside[premise]) continue;
        outside[premise] = below;
        queue.push({below, premise});
      }
    }
  }
  std::vector<std::uint32_t> number(fact_count(), kNone);
  std::uint32_t facts = 0;
  const auto renumber = [&](std::uint32_t fact) {
    if (number[fact] == kNone) number[fact] = facts++;
    return number[fact];
  };
  AttackCore core;
  core.game_ = game_;
  core.scale_ = scale_;
  core.target_ = renumber(target_);
  for (std::uint32_t step = 0; step < step_count(); ++step) {
    if (!kept[step]) continue;
    for (const std::uint32_t fact : Premises(step)) core.premises_.push_back(renumber(fact));
    core.first_premise_.push_back(static_cast<std::uint32_t>(core.premises_.size()));
    core.conclusion_.push_back(renumber(conclusion_[step]));
    core.weight_.push_back(weight_[step]);
    core.touches_.insert(core.touches_.end(), Touches(step).begin(), Touches(step).end());
    core.first_touch_.push_back(static_cast<std::uint32_t>(core.touches_.size()));
    core.origin_.push_back(origin_[step]);
    core.root_.push_back(root_[step]);
  }
  core.first_to_.assign(facts + 1, 0);
  core.Index();
  return core;
}

std::vector<double> AttackCore::Weights(const Portfolio& portfolio) const {
  std::vector<bool> deployed(game_->defenses.size(), false);
  for (const std::uint32_t defense : portfolio) deployed[defense] = true;
  std::vector<double> weights = weight_;
  for (std::uint32_t step = 0; step < step_count(); ++step)
    for (const Touch& touch : Touches(step))
      if (deployed[touch.defense]) weights[step] *= touch.residual;
  return weights;
}

BestTrees AttackCore::FindBestTrees(const std::vector<double>& weights) const {
  BestTrees trees;
  trees.best.assign(fact_count(), 0);
  trees.choice.assign(fact_count(), kNone);
  std::vector<bool> settled(fact_count(), false);
  std::vector<double> gathered = weights;
  std::vector<std::uint32_t> missing(step_count());
  std::priority_queue<std::pair<double, std::uint32_t>> queue;
  const auto conclude = [&](std::uint32_t step) {
    const std::uint32_t fact = conclusion_[step];
    if (settled[fact] || !(gathered[step] > trees.best[fact])) return;
    trees.best[fact] = gathered[step];
    trees.choice[fact] = step;
    queue.push({gathered[step], fact});
  };
  for (std::uint32_t step = 0; step < step_count(); ++step) {
    missing[step] = first_premise_[step + 1] - first_premise_[step];
    if (missing[step] == 0) conclude(step);
  }
  while (!queue.empty()) {
    const auto [value, fact] = queue.top();
    queue.pop();
    if (settled[fact]) continue;
    settled[fact] = true;
    trees.settled.push_back(fact);
    for (std::uint32_t i = first_from_[fact]; i < first_from_[fact + 1]; ++i) {
      gathered[from_[i]] *= value;
      if (--missing[from_[i]] == 0) conclude(from_[i]);
    }
  }
  return trees;
}

StepTimes AttackCore::TreeOf(const BestTrees& trees) const {
  // A fact's step needs facts that were settled before it alone.
  std::vector<double> times(fact_count(), 0);
  times[target_] = 1;
  StepTimes steps;
  for (auto fact = trees.settled.rbegin(); fact != trees.settled.rend(); ++fact) {
    if (times[*fact] == 0) continue;
    steps.push_back({trees.choice[*fact], times[*fact]});
    for (const std::uint32_t premise : Premises(trees.choice[*fact])) times[premise] += times[*fact];
  }
  return steps;
}

WeighedWay AttackCore::Weigh(const StepTimes& steps) const {
  WeighedWay way{{}, scale_, std::vector<double>(game_->defenses.size(), 1)};
  for (const auto& [step, times] : steps) {
    way.steps.push_back({root_[step], times});
    way.undefended *= times == 1 ? weight_[step] : std::pow(weight_[step], times);
    for (const Touch& touch : Touches(step))
      way.residual[touch.defense] *= times == 1 ? touch.residual : std::pow(touch.residual, times);
  }
  std::sort(way.steps.begin(), way.steps.end());
  return way;
}

Way AttackCore::WayOf(const StepTimes& steps) const {
  const attack_graph::AttackGraph& graph = game_->graph;
  const auto first_goal = static_cast<std::uint32_t>(graph.step_count());
  const std::vector<Step> certain = CertainSteps(graph, TouchedSteps(*game_));
  // All steps that the way needs, those that are certain included.
  Way way;
  std::vector<std::pair<Step, double>> needed;
  std::vector<bool> taken(graph.fact_count(), false);
  std::vector<Fact> open;
  for (const auto& [step, times] : steps) {
    if (origin_[step] < first_goal) {
      needed.push_back({origin_[step], times});
      open.insert(open.end(), graph.Premises(origin_[step]).begin(), graph.Premises(origin_[step]).end());
    } else {
      way.goal = origin_[step] - first_goal;
      open.push_back(game_->goals[way.goal].fact);
    }
  }
  while (!open.empty()) {
    const Fact fact = open.back();
    open.pop_back();
    if (certain[fact] == kNone || taken[fact]) continue;
    taken[fact] = true;
    needed.push_back({certain[fact], 1});
    open.insert(open.end(), graph.Premises(certain[fact]).begin(), graph.Premises(certain[fact]).end());
  }
  std::sort(needed.begin(), needed.end());
  // In an order in which each step finds its premises: as a fixed point is reached.
  std::vector<std::pair<Fact, std::uint32_t>> waits;  // for a fact: a place in `needed`
  std::vector<std::size_t> missing(needed.size());
  std::vector<std::uint32_t> ready;
  for (std::uint32_t i = 0; i < needed.size(); ++i) {
    missing[i] = graph.Premises(needed[i].first).size();
    for (const Fact fact : graph.Premises(needed[i].first)) waits.push_back({fact, i});
    if (missing[i] == 0) ready.push_back(i);
  }
  std::sort(waits.begin(), waits.end());
  std::vector<bool> holds(graph.fact_count(), false);
  for (std::size_t next = 0; next < ready.size(); ++next) {
    const auto [step, times] = needed[ready[next]];
    way.steps.push_back(step);
    constexpr double kMost = std::numeric_limits<std::uint32_t>::max();
    way.times.push_back(static_cast<std::uint32_t>(std::min(times, kMost)));
    const Fact fact = graph.Conclusion(step);
    if (holds[fact]) continue;
    holds[fact] = true;
    for (auto wait = std::lower_bound(waits.begin(), waits.end(), std::pair<Fact, std::uint32_t>{fact, 0});
         wait != waits.end() && wait->first == fact; ++wait)
      if (--missing[wait->second] == 0) ready.push_back(wait->second);
  }
  return way;
}

}  // namespace ringfort::games
