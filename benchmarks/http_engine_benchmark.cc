#include <benchmark/benchmark.h>
#include <sched.h>

#include "conformance/openai_stub.h"
#include "engines/http/http_model.h"

// Requests a second of the HTTP engine against a server on loopback, both on one core. The
// server is a scripted model behind plain sockets; what it costs is in the figure.

namespace {

using namespace ringfort::engines;

void StayOnOneCore() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  sched_setaffinity(0, sizeof one, &one);
}

std::unique_ptr<HttpModel> MakeModel(const OpenAiStub& stub, std::uint32_t connections) {
  HttpModelSettings settings;
  settings.url = stub.url();
  settings.http.connections = connections;
  auto model = HttpModel::Make(settings);
  return model.ok() ? std::move(model).value() : nullptr;
}

void ScoreTexts(benchmark::State& state) {
  StayOnOneCore();
  OpenAiStub stub;
  const auto model = MakeModel(stub, static_cast<std::uint32_t>(state.range(0)));
  if (!model) return state.SkipWithError("no server");
  const std::vector<std::string> texts(64, "The quick brown fox jumps.");
  for (auto _ : state) {
    if (!model->Score(texts).ok()) return state.SkipWithError("no answer");
    stub.Forget();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
}
BENCHMARK(ScoreTexts)->ArgName("connections")->Arg(1)->Arg(4)->Arg(16)->UseRealTime()->MinTime(2);

void GenerateOneToken(benchmark::State& state) {
  StayOnOneCore();
  OpenAiStub stub;
  const auto model = MakeModel(stub, 1);
  if (!model) return state.SkipWithError("no server");
  for (auto _ : state) {
    if (!model->Generate({.prompt = "The capital of France is", .maximum_tokens = 1}).ok()) {
      return state.SkipWithError("no answer");
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(GenerateOneToken)->UseRealTime()->MinTime(2);

}  // namespace
