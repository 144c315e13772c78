#include "application/propagate.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <string_view>

#include "attack_graph/attack_graph_file.h"
#include "attack_graph/attack_path.h"
#include "attack_graph/loop_gain.h"
#include "attack_graph/propagation.h"
#include "base/file.h"
#include "statistics/proportion_interval.h"

namespace ringfort {
namespace {

using attack_graph::AttackGraph;
using attack_graph::AttackGraphFile;
using attack_graph::Fact;
using attack_graph::Step;

std::string StepText(const AttackGraphFile& file, Step step) {
  std::string text;
  for (const Fact premise : file.graph.Premises(step))
    text += fmt::format("{}{}", text.empty() ? "" : ", ", file.names.Name(premise));
  return fmt::format("{} -> {} ({:.4g})", text.empty() ? "(open)" : text, file.names.Name(file.graph.Conclusion(step)),
                     file.graph.Probability(step));
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
  TRY(mapped, MappedFile::Open(options.file));
  const ByteView bytes = mapped.bytes();
  TRY(file, attack_graph::ReadAttackGraph({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                                          std::filesystem::path(options.file).filename().string()));
  const AttackGraph& graph = file.graph;
  Fact goal = attack_graph::kNone;
  if (!options.goal.empty()) {
    goal = file.names.Find(options.goal);
    if (goal == attack_graph::kNone)
      return Error{Fault::kInvalidInput, fmt::format("{} names no '{}'", options.file, options.goal)};
  }

  PropagateAnswer answer;
  answer.facts = graph.fact_count();
  answer.steps = graph.step_count();
  std::vector<std::uint64_t> hits;
  std::uint64_t samples = 0;
  TRY(probability, Probabilities(graph, options, hits, samples, answer));

  std::vector<Fact> order(graph.fact_count());
  std::iota(order.begin(), order.end(), Fact{0});
  const std::size_t shown = std::min(options.facts, order.size());
  const auto before = [&](Fact a, Fact b) {
    if ((a == goal) != (b == goal)) return a == goal;
    return probability[a] != probability[b] ? probability[a] > probability[b] : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(), before);
  for (std::size_t i = 0; i < shown; ++i) {
    const Fact fact = order[i];
    PropagateAnswer::FactAnswer entry{std::string(file.names.Name(fact)), probability[fact], probability[fact],
                                      probability[fact]};
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
    for (std::size_t i = 0; i < gain.loop.size() && i < 20; ++i)
      answer.loop.emplace_back(file.names.Name(gain.loop[i]));
  }

  if (goal != attack_graph::kNone) {
    for (const attack_graph::AttackPath& path : attack_graph::FindAttackPaths(graph, goal, options.paths)) {
      PropagateAnswer::Path entry{path.probability, path.cost, {}};
      for (const Step step : path.steps) entry.steps.push_back(StepText(file, step));
      answer.paths.push_back(std::move(entry));
    }
  }
  return answer;
}

}  // namespace ringfort
