#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "attack_graph/attack_graph_file.h"
#include "attack_graph/propagation.h"
#include "base/random.h"

// A random attack graph as text, one step a line, in which every fact can be reached; each step
// has one premise and a probability uniform in [0.05, 0.95). Read makes names into numbers
// and indexes the steps both ways; Propagate finds every fact's probability by
// equations. `compare_graphs.py` times the same as a whole program, beside networkx.

namespace ringfort::attack_graph {
namespace {

std::string RandomText(std::size_t facts, std::size_t steps) {
  Random random(20261122);
  std::string text = "\tn0\t1\n";
  for (std::size_t i = 0; i < steps; ++i) {
    const bool first = i + 1 < facts;  // every fact gets one from those before it
    const std::size_t conclusion = first ? i + 1 : random.Below(facts);
    const std::size_t premise = random.Below(first ? i + 1 : facts);
    fmt::format_to(std::back_inserter(text), "n{}\tn{}\t{:.4f}\n", premise, conclusion, 0.05 + 0.9 * random.Uniform());
  }
  return text;
}

void Read(benchmark::State& state) {
  const std::string text =
      RandomText(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) {
    const auto file = ReadAttackGraph(text, "graph");
    if (!file.ok()) return state.SkipWithError(file.error().what.c_str());
    benchmark::DoNotOptimize(file.value().graph.step_count());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(Read)->Args({10'000, 50'000})->Args({1'000'000, 5'000'000})->Unit(benchmark::kMillisecond);

void Propagate(benchmark::State& state) {
  const std::string text =
      RandomText(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  const auto file = ReadAttackGraph(text, "graph");
  if (!file.ok()) return state.SkipWithError(file.error().what.c_str());
  for (auto _ : state) {
    const EquationPropagation propagation = PropagateByEquations(file.value().graph);
    state.counters["sweeps"] = static_cast<double>(propagation.sweeps);
    benchmark::DoNotOptimize(propagation.probability.data());
  }
}
BENCHMARK(Propagate)->Args({10'000, 50'000})->Args({1'000'000, 5'000'000})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ringfort::attack_graph
