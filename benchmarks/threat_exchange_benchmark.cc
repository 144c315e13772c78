#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "knowledge/exchange/export.h"
#include "knowledge/exchange/import.h"

// What it costs to read MITRE ATLAS and to write it whole as a STIX bundle; the two
// together are to stay under 0.2 s. The file is named by RINGFORT_ATLAS, else it is
// looked for where the shared data lie beside the checkout.

namespace {

using namespace ringfort;             // NOLINT
using namespace ringfort::knowledge;  // NOLINT

std::string Text(const char* beside_checkout) {
  const char* const named = std::getenv("RINGFORT_ATLAS");
  std::ifstream file(named != nullptr ? named : beside_checkout);
  return {std::istreambuf_iterator<char>(file), {}};
}

const std::string& Atlas() {
  static const std::string text = Text(RINGFORT_SOURCE_DIR "/../shared/data/knowledge/ATLAS.yaml");
  return text;
}

bool Missing(benchmark::State& state) {
  if (!Atlas().empty()) return false;
  state.SkipWithError("no ATLAS.yaml: set RINGFORT_ATLAS");
  return true;
}

void BM_ImportAtlas(benchmark::State& state) {
  if (Missing(state)) return;
  for (auto _ : state) benchmark::DoNotOptimize(ImportAtlas(Atlas(), "ATLAS.yaml"));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * Atlas().size()));
}

void BM_ExportStix(benchmark::State& state) {
  if (Missing(state)) return;
  const ThreatGraph graph = ImportAtlas(Atlas(), "ATLAS.yaml").value().graph;
  for (auto _ : state) benchmark::DoNotOptimize(ExportStix(graph));
  state.counters["objects"] = static_cast<double>(graph.nodes().size() + graph.edges().size() + 2);
}

void BM_ImportAtlasAndExportStix(benchmark::State& state) {
  if (Missing(state)) return;
  for (auto _ : state) benchmark::DoNotOptimize(ExportStix(ImportAtlas(Atlas(), "ATLAS.yaml").value().graph));
}

void BM_ImportStix(benchmark::State& state) {
  if (Missing(state)) return;
  const std::string bundle = ExportStix(ImportAtlas(Atlas(), "ATLAS.yaml").value().graph);
  for (auto _ : state) benchmark::DoNotOptimize(ImportStix(bundle, "atlas.json"));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bundle.size()));
}

BENCHMARK(BM_ImportAtlas)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ExportStix)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ImportAtlasAndExportStix)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ImportStix)->Unit(benchmark::kMillisecond);

}  // namespace
