#include "application/propagate.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include "attack_graph/attack_graph_file.h"
#include "attack_graph/attack_path.h"
#include "attack_graph/derivation.h"
#include "attack_graph/loop_gain.h"
#include "attack_graph/propagation.h"
#include "attack_graph/rule.h"
#include "base/file.h"
#include "statistics/proportion_interval.h"

namespace ringfort {
namespace {

using attack_graph::Atom;
using attack_graph::AttackGraph;
using attack_graph::AttackGraphFile;
using attack_graph::Fact;
using attack_graph::Step;
using attack_graph::Term;

// A graph and the names of its facts, whatever it was read from.
struct NamedGraph {
  std::optional<MappedFile> mapped{};  // the names of steps as text are views into it
  AttackGraphFile steps{};
  std::optional<attack_graph::Derivation> derived{};

  const AttackGraph& graph() const { return derived ? derived->graph : steps.graph; }
  std::size_t given() const { return derived ? derived->given : 0; }
  std::string Name(Fact fact) const {
    return derived ? Text(derived->facts[fact]) : std::string(steps.names.Name(fact));
  }
};

constexpr std::size_t kMostRuleBytes = std::size_t{16} << 20;
// So many facts and steps take about a gibibyte, and so many tries some seconds.
constexpr attack_graph::DerivationLimits kRuleLimits{500'000, 2'000'000, 200'000'000};

Result<NamedGraph> ReadGraph(const std::string& path) {
  NamedGraph named;
  const std::string name = std::filesystem::path(path).filename().string();
  if (path.ends_with(".rules")) {
    TRY(text, ReadTextFile(path, kMostRuleBytes));
    TRY(rules, attack_graph::ReadRules(text, name));
    TRY(derivation, attack_graph::Derive(rules, kRuleLimits));
    named.derived = std::move(derivation);
    return named;
  }
  TRY(mapped, MappedFile::Open(path));
  named.mapped = std::move(mapped);
  const ByteView bytes = named.mapped->bytes();
  TRY(steps, attack_graph::ReadAttackGraph({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name));
  named.steps = std::move(steps);
  return named;
}

bool MeetsPattern(const Atom& pattern, const Atom& fact) {
  const auto open = [](const Term& term) { return term.variable || term.text == "_"; };
  return pattern.predicate == fact.predicate &&
         std::ranges::equal(pattern.terms, fact.terms, [&](const Term& wanted, const Term& said) {
           return open(wanted) || wanted == said || (!wanted.variable && open(said));
         });
}

// The facts that a goal's text names; several only if it leaves terms open.
Result<std::vector<Fact>> FindGoals(const NamedGraph& named, const PropagateOptions& options) {
  std::vector<Fact> goals;
  if (options.goal.empty()) return goals;
  if (named.derived) {
    TRY(pattern, attack_graph::ReadRules(options.goal + ".", "--goal"));
    if (pattern.size() != 1 || !pattern[0].body.empty())
      return Error{Fault::kInvalidInput, "--goal is one fact, such as execCode(workStation, _)"};
    for (Fact fact = 0; fact < named.derived->facts.size(); ++fact)
      if (MeetsPattern(pattern[0].head, named.derived->facts[fact])) goals.push_back(fact);
  } else if (const Fact goal = named.steps.names.Find(options.goal); goal != attack_graph::kNone) {
    goals.push_back(goal);
  }
  if (goals.empty())
    return Error{Fault::kInvalidInput, fmt::format("{} {} '{}'", options.file,
                                                   named.derived ? "does not lead to" : "names no", options.goal)};
  return goals;
}

std::string StepText(const NamedGraph& named, Step step) {
  std::string text;
  for (const Fact premise : named.graph().Premises(step))
    text += fmt::format("{}{}", text.empty() ? "" : ", ", named.Name(premise));
  return fmt::format("{} -> {} ({:.4g})", text.empty() ? "(open)" : text, named.Name(named.graph().Conclusion(step)),
                     named.graph().Probability(step));
}

// The probabilities of all facts; fills in how they were come by.
Result<std::vector<double>> Probabilities(const AttackGraph& graph, const PropagateOptions& options,
                                          std::vector<std::uint64_t>& hits, std::uint64_t& samples,
                                          PropagateAnswer& answer) {
  if (options.method == PropagationMethod::kExact) {
    answer.method = "exact, over all outcomes of the uncertain steps";
    return attack_graph::ExactPropagation(graph);
  }
  if (options.method == PropagationMethod::kSamples) {
    attack_graph::SampledPropagation sampled = attack_graph::SamplePropagation(graph, options.samples, options.seed);
    answer.method = fmt::format("{} samples, seed {}, with 95 % intervals", sampled.samples, options.seed);
    std::vector<double> probability;
    for (const std::uint64_t hit : sampled.hits)
      probability.push_back(static_cast<double>(hit) / static_cast<double>(sampled.samples));
    hits = std::move(sampled.hits);
    samples = sampled.samples;
    return probability;
  }
  attack_graph::EquationPropagation equations = attack_graph::PropagateByEquations(graph);
  answer.method = fmt::format("equations, {} sweeps{}, {}", equations.sweeps,
                              equations.converged ? "" : " (stopped before they settled)",
                              equations.upper_bound ? "an upper bound, for every step has one premise at most"
                                                    : "which take premises and alternatives for independent");
  return std::move(equations.probability);
}

}  // namespace

Result<PropagateAnswer> Propagate(const PropagateOptions& options) {
  TRY(named, ReadGraph(options.file));
  TRY(goals, FindGoals(named, options));
  const AttackGraph& graph = named.graph();

  PropagateAnswer answer;
  answer.facts = graph.fact_count();
  answer.given = named.given();
  answer.steps = graph.step_count();
  std::vector<std::uint64_t> hits;
  std::uint64_t samples = 0;
  TRY(probability, Probabilities(graph, options, hits, samples, answer));

  Fact goal = attack_graph::kNone;
  for (const Fact one : goals)
    if (goal == attack_graph::kNone || probability[one] > probability[goal]) goal = one;
  std::vector<Fact> order(graph.fact_count() - answer.given);
  std::iota(order.begin(), order.end(), static_cast<Fact>(answer.given));
  const std::size_t shown = std::min(options.facts, order.size());
  const auto before = [&](Fact a, Fact b) {
    if ((a == goal) != (b == goal)) return a == goal;
    return probability[a] != probability[b] ? probability[a] > probability[b] : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(), before);
  for (std::size_t i = 0; i < shown; ++i) {
    const Fact fact = order[i];
    PropagateAnswer::FactAnswer entry{named.Name(fact), probability[fact], probability[fact], probability[fact]};
    if (!hits.empty()) {
      TRY(interval, statistics::WilsonInterval(hits[fact], samples));
      entry.low = interval.lower;
      entry.high = interval.upper;
    }
    answer.top.push_back(std::move(entry));
  }

  if (options.loop_gain) {
    const attack_graph::LoopGain gain = attack_graph::FindLoopGain(graph, probability);
    answer.loop_gain = gain.value;
    answer.loop_gain_error = gain.error;
    for (std::size_t i = 0; i < gain.loop.size() && i < 20; ++i) answer.loop.push_back(named.Name(gain.loop[i]));
  }

  if (goal != attack_graph::kNone) {
    for (const attack_graph::AttackPath& path : attack_graph::FindAttackPaths(graph, goal, options.paths)) {
      PropagateAnswer::Path entry{path.probability, path.cost, {}};
      for (const Step step : path.steps)
        if (graph.Conclusion(step) >= answer.given) entry.steps.push_back(StepText(named, step));
      answer.paths.push_back(std::move(entry));
    }
  }
  return answer;
}

}  // namespace ringfort
