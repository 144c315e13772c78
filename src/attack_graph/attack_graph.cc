#include "attack_graph/attack_graph.h"

#include <algorithm>
#include <utility>

namespace ringfort::attack_graph {

void StepList::Reserve(std::size_t steps, std::size_t premises) {
  first_premise_.reserve(steps + 1);
  premises_.reserve(premises);
  conclusion_.reserve(steps);
  probability_.reserve(steps);
  cost_.reserve(steps);
}

Step StepList::Add(std::span<const Fact> premises, Fact conclusion, double probability, double cost) {
  const std::size_t begin = premises_.size();
  for (const Fact premise : premises) {
    const auto known = premises_.begin() + static_cast<std::ptrdiff_t>(begin);
    if (std::find(known, premises_.end(), premise) == premises_.end()) premises_.push_back(premise);
  }
  first_premise_.push_back(static_cast<std::uint32_t>(premises_.size()));
  conclusion_.push_back(conclusion);
  probability_.push_back(probability);
  cost_.push_back(cost);
  return static_cast<Step>(conclusion_.size() - 1);
}

AttackGraph::AttackGraph(std::size_t fact_count, StepList steps)
    : steps_(std::move(steps)),
      first_to_(fact_count + 1, 0),
      to_(steps_.conclusion_.size()),
      first_from_(fact_count + 1, 0),
      from_(steps_.premises_.size()) {
  for (const Fact fact : steps_.conclusion_) ++first_to_[fact + 1];
  for (const Fact fact : steps_.premises_) ++first_from_[fact + 1];
  for (std::size_t fact = 0; fact < fact_count; ++fact) {
    first_to_[fact + 1] += first_to_[fact];
    first_from_[fact + 1] += first_from_[fact];
  }
  std::vector<std::uint32_t> next_to(first_to_.begin(), first_to_.end() - 1);
  std::vector<std::uint32_t> next_from(first_from_.begin(), first_from_.end() - 1);
  // Where the next step goes is asked for some turns ahead: no cache holds it.
  constexpr std::size_t kAhead = 16;
  const std::size_t count = steps_.conclusion_.size();
  for (Step step = 0; step < count; ++step) {
    if (step + 2 * kAhead < count) __builtin_prefetch(&next_to[steps_.conclusion_[step + 2 * kAhead]]);
    if (step + kAhead < count) __builtin_prefetch(to_.data() + next_to[steps_.conclusion_[step + kAhead]], 1);
    to_[next_to[steps_.conclusion_[step]]++] = step;
    const auto premises = Premises(step);
    for (const Fact fact : premises) from_[next_from[fact]++] = step;
    if (premises.empty()) open_.push_back(step);
  }
}

AttackGraph AttackGraph::WithProbabilities(std::vector<double> probabilities) const {
  AttackGraph changed = *this;
  changed.steps_.probability_ = std::move(probabilities);
  return changed;
}

std::vector<bool> Attainable(const AttackGraph& graph, const std::vector<bool>& shut) {
  std::vector<bool> holds(graph.fact_count(), false);
  std::vector<std::uint32_t> missing(graph.step_count());
  std::vector<Fact> fresh;
  const auto conclude = [&](Step step) {
    if (graph.Probability(step) <= 0 || (!shut.empty() && shut[step])) return;
    const Fact fact = graph.Conclusion(step);
    if (holds[fact]) return;
    holds[fact] = true;
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
  return holds;
}

}  // namespace ringfort::attack_graph
