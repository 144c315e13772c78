#include "attack_graph/hardening.h"

#include <algorithm>
#include <limits>

namespace ringfort::attack_graph {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Clause = std::vector<std::size_t>;  // one of these controls must be taken

// The cheapest controls that meet every clause.
class HittingSet {
 public:
  HittingSet(const std::vector<Control>& controls, const std::vector<Clause>& clauses, std::uint64_t nodes)
      : controls_(controls), clauses_(clauses), state_(controls.size(), State::kFree), nodes_left_(nodes) {}

  bool Solve() {
    Branch(0);
    return nodes_left_ > 0;
  }
  const std::vector<std::size_t>& best() const { return best_; }
  double cost() const { return best_cost_; }
  std::uint64_t nodes_left() const { return nodes_left_; }

 private:
  enum class State : std::uint8_t { kFree, kTaken, kRefused };

  // Clauses that share no free control must each be paid on their own.
  double DisjointBound() const {
    double bound = 0;
    std::vector<bool> touched(controls_.size(), false);
    for (const Clause& clause : clauses_) {
      double cheapest = kInfinity;
      bool open = true;
      for (const std::size_t control : clause) {
        if (state_[control] == State::kTaken || touched[control]) {
          open = false;
          break;
        }
        if (state_[control] == State::kFree) cheapest = std::min(cheapest, controls_[control].cost);
      }
      if (!open) continue;
      for (const std::size_t control : clause) touched[control] = true;
      bound += cheapest;
    }
    return bound;
  }

  // The clause not yet met that leaves the fewest choices.
  const Clause* Tightest() const {
    const Clause* tightest = nullptr;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (const Clause& clause : clauses_) {
      std::size_t free = 0;
      bool met = false;
      for (const std::size_t control : clause) {
        met = met || state_[control] == State::kTaken;
        free += state_[control] == State::kFree ? 1 : 0;
      }
      if (met || free >= fewest) continue;
      fewest = free;
      tightest = &clause;
    }
    return tightest;
  }

  void Branch(double spent) {
    if (nodes_left_ == 0) return;
    --nodes_left_;
    if (spent + DisjointBound() >= best_cost_) return;
    const Clause* const clause = Tightest();
    if (clause == nullptr) {
      best_cost_ = spent;
      best_.clear();
      for (std::size_t i = 0; i < state_.size(); ++i)
        if (state_[i] == State::kTaken) best_.push_back(i);
      return;
    }
    // Take one, or refuse it and take the next: no set is looked at twice.
    std::vector<std::size_t> refused;
    for (const std::size_t control : *clause) {
      if (state_[control] != State::kFree) continue;
      state_[control] = State::kTaken;
      Branch(spent + controls_[control].cost);
      state_[control] = State::kRefused;
      refused.push_back(control);
    }
    for (const std::size_t control : refused) state_[control] = State::kFree;
  }

  const std::vector<Control>& controls_;
  const std::vector<Clause>& clauses_;
  std::vector<State> state_;
  std::uint64_t nodes_left_;
  std::vector<std::size_t> best_{};
  double best_cost_ = kInfinity;
};

// The steps of one way to the goal past what is shut, few rather than likely.
// Empty if there is none.
std::vector<Step> AnyWay(const AttackGraph& graph, Fact goal, const std::vector<bool>& shut) {
  std::vector<Step> by(graph.fact_count(), kNone);
  std::vector<bool> holds(graph.fact_count(), false);
  std::vector<std::uint32_t> missing(graph.step_count());
  std::vector<Fact> queue;
  const auto conclude = [&](Step step) {
    const Fact fact = graph.Conclusion(step);
    if (shut[step] || holds[fact] || graph.Probability(step) <= 0) return;
    holds[fact] = true;
    by[fact] = step;
    queue.push_back(fact);
  };
  for (Step step = 0; step < graph.step_count(); ++step)
    missing[step] = static_cast<std::uint32_t>(graph.Premises(step).size());
  for (const Step step : graph.OpenSteps()) conclude(step);
  for (std::size_t i = 0; i < queue.size() && !holds[goal]; ++i)
    for (const Step step : graph.StepsFrom(queue[i]))
      if (--missing[step] == 0) conclude(step);
  std::vector<Step> way;
  if (!holds[goal]) return way;
  std::vector<Fact> needed{goal};
  std::vector<bool> seen(graph.fact_count(), false);
  seen[goal] = true;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    way.push_back(by[needed[i]]);
    for (const Fact premise : graph.Premises(by[needed[i]])) {
      if (seen[premise]) continue;
      seen[premise] = true;
      needed.push_back(premise);
    }
  }
  return way;
}

}  // namespace

std::optional<Hardening> FindHardening(const AttackGraph& graph, Fact goal, const std::vector<Control>& controls,
                                       std::uint64_t search_nodes) {
  std::vector<std::vector<std::size_t>> controls_on(graph.step_count());
  for (std::size_t i = 0; i < controls.size(); ++i)
    for (const Step step : controls[i].closes) controls_on[step].push_back(i);
  const auto shut_by = [&](const std::vector<std::size_t>& taken) {
    std::vector<bool> shut(graph.step_count(), false);
    for (const std::size_t control : taken)
      for (const Step step : controls[control].closes) shut[step] = true;
    return shut;
  };

  std::vector<Clause> clauses;
  // Clauses for all ways that stay open while the set grows to one that parts the
  // goal: many at a time make few rounds of branch and bound.
  const auto learn = [&](std::vector<std::size_t> taken) {
    for (;;) {
      const std::vector<Step> way = AnyWay(graph, goal, shut_by(taken));
      if (way.empty()) return std::optional(taken);
      Clause clause;
      for (const Step step : way) clause.insert(clause.end(), controls_on[step].begin(), controls_on[step].end());
      std::sort(clause.begin(), clause.end());
      clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
      if (clause.empty()) return std::optional<std::vector<std::size_t>>();
      taken.push_back(*std::min_element(clause.begin(), clause.end(), [&](std::size_t a, std::size_t b) {
        return controls[a].cost < controls[b].cost;
      }));
      clauses.push_back(std::move(clause));
    }
  };

  Hardening hardening;
  hardening.cost = kInfinity;
  for (std::vector<std::size_t> taken;;) {
    const std::size_t known = clauses.size();
    std::optional<std::vector<std::size_t>> parts = learn(taken);
    if (!parts) return std::nullopt;
    double cost = 0;
    for (const std::size_t control : *parts) cost += controls[control].cost;
    if (cost < hardening.cost) {
      hardening.cost = cost;
      hardening.controls = std::move(*parts);
    }
    if (clauses.size() == known) break;  // the cheapest set for the clauses parts the goal: none is cheaper
    HittingSet hitting(controls, clauses, search_nodes);
    const bool solved = hitting.Solve();
    search_nodes = hitting.nodes_left();
    if (!solved) {
      std::sort(hardening.controls.begin(), hardening.controls.end());
      return hardening;
    }
    hardening.lower_bound = hitting.cost();
    taken = hitting.best();
  }
  hardening.optimal = true;
  hardening.lower_bound = hardening.cost;
  std::sort(hardening.controls.begin(), hardening.controls.end());
  return hardening;
}

}  // namespace ringfort::attack_graph
