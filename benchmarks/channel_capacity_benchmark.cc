#include <benchmark/benchmark.h>

#include <cmath>

#include "base/random.h"
#include "information_flow/capacity.h"

// The certified capacity of n x n channels to 1e-9 bits, one thread. Dense: every entry
// random. Smooth: neighboring inputs are all but equal (a Gaussian of a twentieth of
// the range), the case in which plain Blahut-Arimoto steps crawl. Leaky: the identity
// with a little noise, so that nearly every input counts.

namespace {

using namespace ringfort;                    // NOLINT
using namespace ringfort::information_flow;  // NOLINT

template <class Entry>
Channel Made(std::size_t n, Entry entry) {
  std::vector<double> entries;
  for (std::size_t x = 0; x < n; ++x)
    for (std::size_t y = 0; y < n; ++y) entries.push_back(entry(x, y));
  return Channel::FromCounts(n, n, std::move(entries)).value();
}

Channel Dense(std::size_t n) {
  Random random(1);
  return Made(n, [&](std::size_t, std::size_t) { return random.Uniform(); });
}

Channel Smooth(std::size_t n) {
  return Made(n, [n](std::size_t x, std::size_t y) {
    const double apart = (static_cast<double>(x) - static_cast<double>(y)) / static_cast<double>(n) * 20;
    return std::exp(-apart * apart / 2);
  });
}

Channel Leaky(std::size_t n) {
  Random random(2);
  return Made(n, [&](std::size_t x, std::size_t y) {
    return (x == y ? 1 : 0) + 0.3 * random.Uniform() / static_cast<double>(n) + (y == 0 ? random.Uniform() : 0);
  });
}

void Run(benchmark::State& state, const Channel& channel, const CapacityOptions& options) {
  Capacity capacity;
  for (auto _ : state) {
    capacity = FindCapacity(channel, options);
    benchmark::DoNotOptimize(capacity.lower);
  }
  state.counters["bits"] = capacity.bits();
  state.counters["gap"] = capacity.upper - capacity.lower;
  state.counters["steps"] = static_cast<double>(capacity.iterations);
  state.counters["newton"] = static_cast<double>(capacity.newton_iterations);
}

void BM_CapacityDense(benchmark::State& state) { Run(state, Dense(static_cast<std::size_t>(state.range(0))), {}); }
void BM_CapacitySmooth(benchmark::State& state) { Run(state, Smooth(static_cast<std::size_t>(state.range(0))), {}); }
void BM_CapacityLeaky(benchmark::State& state) { Run(state, Leaky(static_cast<std::size_t>(state.range(0))), {}); }

// What the same time buys without Newton steps: see its gap.
void BM_CapacityPlainSteps(benchmark::State& state) {
  Run(state, Dense(static_cast<std::size_t>(state.range(0))), {.iterations = 500, .newton = false});
}

BENCHMARK(BM_CapacityDense)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_CapacitySmooth)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_CapacityLeaky)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_CapacityPlainSteps)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
