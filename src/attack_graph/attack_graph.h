#pragma once

#include <cstdint>
#include <span>
#include <vector>

// What an attacker can come to hold, and by which steps: an AND/OR graph. A *fact*
// ("has a copy of the weights") holds if any step that concludes it succeeds; a
// *step* can be tried once all its premises hold, and then succeeds with its
// probability, independently of every other step. A step without premises is open
// to the attacker from the beginning. Cycles are allowed: what holds is the least
// fixed point, so that nothing holds by leaning on itself.
//
// Numbers only; names are kept by who made the graph. It never changes once made,
// but for the probabilities, which a what-if replaces.
//
// Source: the shape is that of logical attack graphs, X. Ou, W. Boyer, M. McQueen,
// "A scalable approach to attack graph generation", CCS 2006.

namespace ringfort::attack_graph {

using Fact = std::uint32_t;
using Step = std::uint32_t;

inline constexpr std::uint32_t kNone = ~std::uint32_t{0};

// The steps from which a graph is made.
class StepList {
 public:
  // `probability` in [0, 1]; `cost` >= 0 is what a try costs the attacker.
  Step Add(std::span<const Fact> premises, Fact conclusion, double probability, double cost = 0);
  void Reserve(std::size_t steps, std::size_t premises);
  std::size_t size() const { return conclusion_.size(); }

 private:
  friend class AttackGraph;
  std::vector<std::uint32_t> first_premise_{0};
  std::vector<Fact> premises_{};
  std::vector<Fact> conclusion_{};
  std::vector<double> probability_{};
  std::vector<double> cost_{};
};

class AttackGraph {
 public:
  AttackGraph() = default;
  // Every fact that a step names must be below `fact_count`. A premise that stands
  // twice in one step counts once. O(facts + premises).
  AttackGraph(std::size_t fact_count, StepList steps);

  std::size_t fact_count() const { return first_to_.size() - 1; }
  std::size_t step_count() const { return steps_.conclusion_.size(); }

  std::span<const Fact> Premises(Step step) const {
    return {steps_.premises_.data() + steps_.first_premise_[step],
            steps_.first_premise_[step + 1] - steps_.first_premise_[step]};
  }
  Fact Conclusion(Step step) const { return steps_.conclusion_[step]; }
  double Probability(Step step) const { return steps_.probability_[step]; }
  double Cost(Step step) const { return steps_.cost_[step]; }

  // The steps that conclude a fact, and those that need it, in order of number.
  std::span<const Step> StepsTo(Fact fact) const {
    return {to_.data() + first_to_[fact], first_to_[fact + 1] - first_to_[fact]};
  }
  std::span<const Step> StepsFrom(Fact fact) const {
    return {from_.data() + first_from_[fact], first_from_[fact + 1] - first_from_[fact]};
  }
  // The steps without premises.
  std::span<const Step> OpenSteps() const { return open_; }

  // The same graph with other probabilities, one a step.
  AttackGraph WithProbabilities(std::vector<double> probabilities) const;

 private:
  StepList steps_{};
  std::vector<std::uint32_t> first_to_{0};
  std::vector<Step> to_{};
  std::vector<std::uint32_t> first_from_{0};
  std::vector<Step> from_{};
  std::vector<Step> open_{};
};

// Which facts can hold at all when the steps for which `shut` is true are closed
// (empty: none are). O(facts + premises).
std::vector<bool> Attainable(const AttackGraph& graph, const std::vector<bool>& shut = {});

}  // namespace ringfort::attack_graph
