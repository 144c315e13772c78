#include <benchmark/benchmark.h>

#include <vector>

#include "base/random.h"
#include "games/exact_solution.h"
#include "games/linear_program.h"
#include "games/regret_matching.h"

// Square games with payoffs uniform in [-1, 1]. Each run shows the proved gap.

namespace ringfort::games {
namespace {

MatrixGame Uniform(std::size_t actions) {
  Random random(7);
  std::vector<double> payoffs(actions * actions);
  for (double& payoff : payoffs) payoff = 2 * random.Uniform() - 1;
  return MatrixGame::Make(actions, actions, std::move(payoffs)).value();
}

void LinearProgram(benchmark::State& state) {
  const MatrixGame game = Uniform(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const auto solved = SolveByLinearProgram(game);
    if (!solved.ok()) return state.SkipWithError(solved.error().what.c_str());
    state.counters["gap"] = solved.value().gap();
    state.counters["pivots"] = static_cast<double>(solved.value().iterations);
  }
}
BENCHMARK(LinearProgram)->Arg(100)->Arg(300)->Arg(1000)->Unit(benchmark::kMillisecond);

void RegretMatching(benchmark::State& state) {
  const MatrixGame game = Uniform(static_cast<std::size_t>(state.range(0)));
  RegretMatchingLimits limits;
  limits.target_gap = 1e-4;
  for (auto _ : state) {
    const Solution solved = SolveByRegretMatching(game, limits);
    state.counters["gap"] = solved.gap();
    state.counters["rounds"] = static_cast<double>(solved.iterations);
  }
}
BENCHMARK(RegretMatching)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

void Exact(benchmark::State& state) {
  const MatrixGame game = Uniform(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const auto solved = SolveExactly(game);
    if (!solved.ok()) return state.SkipWithError(solved.error().what.c_str());
    state.counters["digits"] = static_cast<double>(solved.value().value.size());
  }
}
BENCHMARK(Exact)->Arg(10)->Arg(30)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ringfort::games
