#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "games/security_solution.h"

// A layered random graph: each step leads from a fact to one of the next of 10 layers with a
// probability uniform in [0.5, 1), and is of one of the techniques. Each defense answers 6
// techniques of those that are answered at all, leaves a residual uniform in [0.1, 0.9) of each,
// and costs uniform in [1, 3) of each of three budgets, which pay for about a quarter of all
// defenses. Three goals of value 1, 0.8 and 0.6. Either every one of 100 techniques may be
// answered, so that both mix over dozens of ways and portfolios, or 74 of 170, as in MITRE
// ATLAS, where the attacker goes by what nobody answers. The counters show what is proved.

namespace ringfort::games {
namespace {

constexpr std::size_t kLayers = 10;
constexpr int kAnsweredByOne = 6;

struct Techniques {
  std::size_t all = 100;
  std::size_t answered = 100;
};

SecurityGame Layered(std::size_t steps, std::size_t defenses, const Techniques& techniques, std::uint64_t seed) {
  Random random(seed);
  const std::size_t width = steps / kLayers / 5 + 1;
  const auto fact = [&](std::size_t layer) {
    return static_cast<attack_graph::Fact>(layer * width + random.Below(width));
  };
  attack_graph::StepList list;
  std::vector<std::size_t> technique;
  for (std::size_t i = 0; i < steps; ++i) {
    const std::size_t layer = i % kLayers;
    std::vector<attack_graph::Fact> premises;
    if (layer > 0) premises.push_back(fact(layer - 1));
    list.Add(premises, fact(layer), 0.5 + random.Uniform() / 2);
    technique.push_back(random.Below(techniques.all));
  }
  SecurityGame game;
  game.graph = attack_graph::AttackGraph(kLayers * width, std::move(list));
  for (const double value : {1.0, 0.8, 0.6}) game.goals.push_back({fact(kLayers - 1), value});
  for (const char* name : {"effort", "latency", "utility"})
    game.budgets.push_back({name, static_cast<double>(defenses) / 2});
  for (std::size_t i = 0; i < defenses; ++i) {
    Defense defense;
    defense.name = "defense " + std::to_string(i);
    for (int budget = 0; budget < 3; ++budget) defense.costs.push_back(1 + 2 * random.Uniform());
    std::vector<double> residual(techniques.all, 1);
    for (int i = 0; i < kAnsweredByOne; ++i) residual[random.Below(techniques.answered)] = 0.1 + 0.8 * random.Uniform();
    for (attack_graph::Step step = 0; step < steps; ++step)
      if (residual[technique[step]] < 1) defense.effects.push_back({step, residual[technique[step]]});
    game.defenses.push_back(std::move(defense));
  }
  return game;
}

void Solve(benchmark::State& state, const Techniques& techniques) {
  const SecurityGame game =
      Layered(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)), techniques, 7);
  for (auto _ : state) {
    const auto solved = SolveSecurityGame(game);
    if (!solved.ok()) return state.SkipWithError(solved.error().what.c_str());
    const SecuritySolution& solution = solved.value();
    state.counters["undefended"] = solution.undefended;
    state.counters["pure"] = solution.pure.loss;
    state.counters["pure_low"] = solution.pure.lower_bound;
    state.counters["mixed_low"] = solution.mixed.lower_bound;
    state.counters["mixed_high"] = solution.mixed.upper_bound;
    state.counters["rounds"] = static_cast<double>(solution.mixed.bounds.size());
    state.counters["ways"] = static_cast<double>(solution.mixed.ways.size());
    state.counters["nodes"] = static_cast<double>(solution.pure.nodes);
  }
}

void AllAnswered(benchmark::State& state) { Solve(state, {100, 100}); }
BENCHMARK(AllAnswered)->Args({1'000, 20})->Args({10'000, 40})->Args({100'000, 40})->Unit(benchmark::kMillisecond);

void AnsweredAsInAtlas(benchmark::State& state) { Solve(state, {170, 74}); }
BENCHMARK(AnsweredAsInAtlas)->Args({100'000, 40})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ringfort::games
