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
// premises, and carries values far.
class Equations {
 public:
  explicit Equations(const AttackGraph& graph) {
    std::vector<std::uint32_t> place(graph.fact_count(), kNone);
    const auto reach = [&](Fact fact) {
      if (place[fact] != kNone) return;
      place[fact] = static_cast<std::uint32_t>(fact_at_.size());
      fact_at_.push_back(fact);
    };
    for (const Step step : graph.OpenSteps()) reach(graph.Conclusion(step));
    for (std::size_t i = 0; i < fact_at_.size(); ++i)
      for (const Step step : graph.StepsFrom(fact_at_[i])) reach(graph.Conclusion(step));
    first_term_.push_back(0);
    first_premise_.push_back(0);
    for (const Fact fact : fact_at_) {
      for (const Step step : graph.StepsTo(fact)) {
        const auto premises = graph.Premises(step);
        const bool can_hold = std::all_of(premises.begin(), premises.end(), [&](Fact q) { return place[q] != kNone; });
        if (!can_hold || graph.Probability(step) <= 0) continue;
        for (const Fact premise : premises) premise_.push_back(place[premise]);
        first_premise_.push_back(static_cast<std::uint32_t>(premise_.size()));
        probability_.push_back(graph.Probability(step));
      }
      first_term_.push_back(static_cast<std::uint32_t>(probability_.size()));
    }
    value_.assign(fact_at_.size(), 0.0);
  }

  // One pass over all equations; the largest rise of a value.
  double Sweep() {
    double largest = 0;
    for (std::size_t i = 0; i < value_.size(); ++i) {
      double none = 1;
      for (std::uint32_t term = first_term_[i]; term < first_term_[i + 1]; ++term) {
        double success = probability_[term];
        for (std::uint32_t at = first_premise_[term]; at < first_premise_[term + 1]; ++at)
          success *= value_[premise_[at]];
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
  std::vector<Fact> fact_at_{};
  std::vector<double> value_{};
  std::vector<std::uint32_t> first_term_{};
  std::vector<double> probability_{};
  std::vector<std::uint32_t> first_premise_{};
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
