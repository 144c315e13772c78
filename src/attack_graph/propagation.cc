#include "attack_graph/propagation.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/random.h"

namespace ringfort::attack_graph {
namespace {

// 64 worlds at once, one a bit: which facts hold in which of them, given in which of
// them each step comes out.
class Worlds {
 public:
  explicit Worlds(const AttackGraph& graph) : graph_(graph), holds_(graph.fact_count()), queued_(graph.fact_count()) {}

  const std::vector<std::uint64_t>& Close(const std::vector<std::uint64_t>& comes_out) {
    std::fill(holds_.begin(), holds_.end(), 0);
    for (const Step step : graph_.OpenSteps()) Gain(graph_.Conclusion(step), comes_out[step]);
    while (!queue_.empty()) {
      std::swap(queue_, round_);
      for (const Fact fact : round_) {
        queued_[fact] = false;
        for (const Step step : graph_.StepsFrom(fact)) {
          std::uint64_t worlds = comes_out[step];
          for (const Fact premise : graph_.Premises(step)) worlds &= holds_[premise];
          Gain(graph_.Conclusion(step), worlds);
        }
      }
      round_.clear();
    }
    return holds_;
  }

 private:
  void Gain(Fact fact, std::uint64_t worlds) {
    if ((worlds & ~holds_[fact]) == 0) return;
    holds_[fact] |= worlds;
    if (queued_[fact]) return;
    queued_[fact] = true;
    queue_.push_back(fact);
  }

  const AttackGraph& graph_;
  std::vector<std::uint64_t> holds_;
  std::vector<bool> queued_;
  std::vector<Fact> queue_{};
  std::vector<Fact> round_{};
};

// 64 tosses of a coin with the given probability: the binary digits of the
// probability, the last one first, decide whether a fresh word of fair coins is
// or-ed or and-ed in.
std::uint64_t Toss(double probability, Random& random) {
  const auto digits = static_cast<std::uint64_t>(std::llround(probability * 0x1.0p32));
  if (digits == 0) return 0;
  if (digits >> 32 != 0) return ~std::uint64_t{0};
  std::uint64_t worlds = 0;
  for (int digit = std::countr_zero(digits); digit < 32; ++digit) {
    const std::uint64_t fair = random.Next();
    worlds = (digits >> digit & 1) != 0 ? worlds | fair : worlds & fair;
  }
  return worlds;
}

// The equations laid out in the order in which facts are reached from the open
// steps: a sweep then reads memory from front to back, but for the values of the
// premises, and carries values far. What is laid out lies where no cache holds it, so
// that each place is asked for some turns ahead.
class Equations {
 public:
  explicit Equations(const AttackGraph& graph) : place_(graph.fact_count(), kNone) {
    Order(graph);
    first_term_.reserve(fact_at_.size() + 1);
    std::uint32_t terms = 0;
    for (const Fact fact : fact_at_) {
      first_term_.push_back(terms);
      terms += static_cast<std::uint32_t>(graph.StepsTo(fact).size());
    }
    first_term_.push_back(terms);
    end_term_.assign(first_term_.begin(), first_term_.end() - 1);
    terms_.resize(terms);
    // By number of step, so that what is read lies in order and only what is written does not.
    const std::size_t steps = graph.step_count();
    for (Step step = 0; step < steps; ++step) {
      if (step + 2 * kAhead < steps) __builtin_prefetch(&place_[graph.Conclusion(step + 2 * kAhead)]);
      if (step + kAhead < steps)
        if (const std::uint32_t place = place_[graph.Conclusion(step + kAhead)]; place != kNone)
          __builtin_prefetch(&terms_[end_term_[place]], 1);
      AddTerm(graph, step);
    }
    value_.assign(fact_at_.size(), 0.0);
  }

  // One pass over all equations; the largest rise of a value.
  double Sweep() {
    double largest = 0;
    for (std::size_t i = 0; i < value_.size(); ++i) {
      double none = 1;
      for (std::uint32_t at = first_term_[i]; at < end_term_[i]; ++at) {
        const Term& term = terms_[at];
        double success = term.probability;
        if (term.premises == 1)
          success *= value_[term.first];
        else
          for (std::uint32_t j = term.first; j < term.first + term.premises; ++j) success *= value_[premise_[j]];
        none *= 1 - success;
      }
      largest = std::max(largest, 1 - none - value_[i]);
      value_[i] = 1 - none;
    }
    return largest;
  }

  std::vector<double> Values(std::size_t fact_count) const {
    std::vector<double> values(fact_count, 0.0);
    for (std::size_t i = 0; i < value_.size(); ++i) values[fact_at_[i]] = value_[i];
    return values;
  }

 private:
  static constexpr std::size_t kAhead = 16;

  struct Term {
    double probability = 0;
    std::uint32_t first = 0;     // the place of the only premise, or where in premise_ they begin
    std::uint32_t premises = 0;  // how many
  };

  // The facts that can hold, were it for single premises alone, the nearest first.
  void Order(const AttackGraph& graph) {
    fact_at_.reserve(graph.fact_count());
    for (const Step step : graph.OpenSteps()) Reach(graph.Conclusion(step));
    for (std::size_t i = 0; i < fact_at_.size(); ++i) {
      if (i + kAhead < fact_at_.size()) __builtin_prefetch(graph.StepsFrom(fact_at_[i + kAhead]).data());
      for (const Step step : graph.StepsFrom(fact_at_[i])) Reach(graph.Conclusion(step));
    }
  }
  void Reach(Fact fact) {
    if (place_[fact] != kNone) return;
    place_[fact] = static_cast<std::uint32_t>(fact_at_.size());
    fact_at_.push_back(fact);
  }

  void AddTerm(const AttackGraph& graph, Step step) {
    const std::uint32_t place = place_[graph.Conclusion(step)];
    const auto premises = graph.Premises(step);
    if (place == kNone || graph.Probability(step) <= 0) return;
    if (std::any_of(premises.begin(), premises.end(), [&](Fact premise) { return place_[premise] == kNone; })) return;
    Term& term = terms_[end_term_[place]++];
    term = {graph.Probability(step), static_cast<std::uint32_t>(premise_.size()),
            static_cast<std::uint32_t>(premises.size())};
    if (premises.size() == 1)
      term.first = place_[premises[0]];
    else
      for (const Fact premise : premises) premise_.push_back(place_[premise]);
  }

  std::vector<std::uint32_t> place_;  // by fact; kNone: never reached
  std::vector<Fact> fact_at_{};       // by place
  std::vector<double> value_{};       // by place
  std::vector<std::uint32_t> first_term_{};
  std::vector<std::uint32_t> end_term_{};  // of each fact its terms end here, before the next one's begin
  std::vector<Term> terms_{};
  std::vector<std::uint32_t> premise_{};
};

}  // namespace

EquationPropagation PropagateByEquations(const AttackGraph& graph, double tolerance, std::size_t sweeps) {
  EquationPropagation result;
  Equations equations(graph);
  while (!result.converged && result.sweeps < sweeps) {
    ++result.sweeps;
    result.converged = equations.Sweep() <= tolerance;
  }
  result.probability = equations.Values(graph.fact_count());
  result.upper_bound = true;
  for (Step step = 0; step < graph.step_count() && result.upper_bound; ++step)
    result.upper_bound = graph.Premises(step).size() <= 1;
  return result;
}

SampledPropagation SamplePropagation(const AttackGraph& graph, std::uint64_t samples, std::uint64_t seed) {
  SampledPropagation result{std::vector<std::uint64_t>(graph.fact_count(), 0), 0};
  Worlds worlds(graph);
  Random random(seed);
  std::vector<std::uint64_t> comes_out(graph.step_count());
  while (result.samples < samples) {
    for (Step step = 0; step < graph.step_count(); ++step) comes_out[step] = Toss(graph.Probability(step), random);
    const std::vector<std::uint64_t>& holds = worlds.Close(comes_out);
    for (Fact fact = 0; fact < graph.fact_count(); ++fact)
      result.hits[fact] += static_cast<std::uint64_t>(std::popcount(holds[fact]));
    result.samples += 64;
  }
  return result;
}

Result<std::vector<double>> ExactPropagation(const AttackGraph& graph, std::size_t limit) {
  const std::vector<bool> attainable = Attainable(graph);
  std::vector<Step> uncertain;
  std::vector<std::uint64_t> comes_out(graph.step_count(), 0);
  for (Step step = 0; step < graph.step_count(); ++step) {
    const double p = graph.Probability(step);
    const auto premises = graph.Premises(step);
    const bool reachable = std::all_of(premises.begin(), premises.end(), [&](Fact fact) { return attainable[fact]; });
    if (p >= 1)
      comes_out[step] = ~std::uint64_t{0};
    else if (p > 0 && reachable)
      uncertain.push_back(step);
  }
  if (uncertain.size() > limit)
    return Error{Fault::kLimitExceeded,
                 fmt::format("{} uncertain steps; all outcomes are looked at for at most {}", uncertain.size(), limit)};

  // The first six uncertain steps run through all their outcomes within one word,
  // the others from word to word.
  constexpr std::uint64_t kPatterns[] = {0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
                                         0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000};
  const std::size_t within = std::min<std::size_t>(uncertain.size(), 6);
  std::vector<double> weight_within(std::size_t{1} << within, 1.0);
  for (std::size_t i = 0; i < within; ++i) {
    comes_out[uncertain[i]] = kPatterns[i];
    const double p = graph.Probability(uncertain[i]);
    for (std::size_t world = 0; world < weight_within.size(); ++world)
      weight_within[world] *= (world >> i & 1) != 0 ? p : 1 - p;
  }
  std::vector<double> probability(graph.fact_count(), 0.0);
  Worlds worlds(graph);
  for (std::uint64_t outer = 0; outer < std::uint64_t{1} << (uncertain.size() - within); ++outer) {
    double weight = 1;
    for (std::size_t i = within; i < uncertain.size(); ++i) {
      const bool success = (outer >> (i - within) & 1) != 0;
      const double p = graph.Probability(uncertain[i]);
      weight *= success ? p : 1 - p;
      comes_out[uncertain[i]] = success ? ~std::uint64_t{0} : 0;
    }
    const std::vector<std::uint64_t>& holds = worlds.Close(comes_out);
    for (Fact fact = 0; fact < graph.fact_count(); ++fact) {
      double sum = 0;
      for (std::size_t world = 0; world < weight_within.size(); ++world)
        if ((holds[fact] >> world & 1) != 0) sum += weight_within[world];
      probability[fact] += weight * sum;
    }
  }
  return probability;
}

}  // namespace ringfort::attack_graph
