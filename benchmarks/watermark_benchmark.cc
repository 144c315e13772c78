// How many tokens a second the detectors of marks look at, on one core.
#include <benchmark/benchmark.h>

#include <cmath>
#include <utility>
#include <vector>

#include "base/random.h"
#include "watermarks/mark_evidence.h"

namespace ringfort::watermarks {
namespace {

// A million tokens of a vocabulary of 32,000, as unequally frequent as words, in texts of 500.
std::vector<std::vector<Token>> Texts() {
  Random random(1);
  std::vector<std::vector<Token>> texts(2000, std::vector<Token>(500));
  for (std::vector<Token>& text : texts)
    for (Token& token : text) token = static_cast<Token>(std::exp(random.Uniform() * std::log(32000.0)));
  return texts;
}

void FindEach(benchmark::State& state) {
  const auto kind = static_cast<SchemeKind>(state.range(0));
  const auto scheme = std::move(MarkingScheme::Make({.kind = kind, .width = UsualWidth(kind)})).value();
  const std::vector<std::vector<Token>> texts = Texts();
  for (auto _ : state)
    for (const std::vector<Token>& text : texts) benchmark::DoNotOptimize(FindMark(*scheme, text).probability);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 1'000'000);
  state.SetLabel(std::string(Name(kind)));
}

void FindTogether(benchmark::State& state) {
  const auto kind = static_cast<SchemeKind>(state.range(0));
  const auto scheme = std::move(MarkingScheme::Make({.kind = kind, .width = UsualWidth(kind)})).value();
  const std::vector<std::vector<Token>> texts = Texts();
  for (auto _ : state) benchmark::DoNotOptimize(FindMark(*scheme, texts).probability);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 1'000'000);
  state.SetLabel(std::string(Name(kind)));
}

void FindInWindows(benchmark::State& state) {
  const auto kind = static_cast<SchemeKind>(state.range(0));
  const auto scheme = std::move(MarkingScheme::Make({.kind = kind, .width = UsualWidth(kind)})).value();
  const std::vector<std::vector<Token>> texts = Texts();
  for (auto _ : state)
    for (const std::vector<Token>& text : texts) benchmark::DoNotOptimize(FindMarkInWindows(*scheme, text).probability);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 1'000'000);
  state.SetLabel(std::string(Name(kind)));
}

BENCHMARK(FindEach)->DenseRange(0, 4)->Unit(benchmark::kMillisecond);
BENCHMARK(FindTogether)->DenseRange(0, 4)->Unit(benchmark::kMillisecond);
BENCHMARK(FindInWindows)->Arg(0)->Arg(4)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ringfort::watermarks
