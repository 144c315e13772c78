// How fast raw bytes are searched for hidden content, in bytes a second on one core,
// with the pages in memory. The aim is 8 GB/s.

#include <benchmark/benchmark.h>

#include <cstring>
#include <random>
#include <vector>

#include "formats/executable/embedded_content.h"

namespace ringfort::formats {
namespace {

constexpr std::size_t kSize = std::size_t{64} << 20;

std::vector<std::uint8_t> RandomBytes() {
  std::mt19937_64 draw(20261121);
  std::vector<std::uint8_t> bytes(kSize);
  for (std::size_t i = 0; i < kSize; i += 8) {
    const std::uint64_t word = draw();
    std::memcpy(&bytes[i], &word, 8);
  }
  return bytes;
}

std::vector<std::uint8_t> Weights() {
  std::mt19937 draw(20261121);
  std::normal_distribution<float> weight(0.0F, 0.02F);
  std::vector<std::uint8_t> bytes(kSize);
  for (std::size_t i = 0; i < kSize; i += 4) {
    const float value = weight(draw);
    std::memcpy(&bytes[i], &value, 4);
  }
  return bytes;
}

void Search(benchmark::State& state, const std::vector<std::uint8_t>& bytes, bool portable) {
  std::size_t found = 0;
  const auto count = [&](const Embedded&) { ++found; };
  for ([[maybe_unused]] auto round : state) {
    if (portable)
      FindEmbeddedPortably(bytes, 0, bytes.size(), count);
    else
      FindEmbedded(bytes, count);
  }
  if (found != 0) state.SkipWithError("a false alarm");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kSize));
}

void BM_FindEmbeddedInRandomBytes(benchmark::State& state) { Search(state, RandomBytes(), false); }
void BM_FindEmbeddedInWeights(benchmark::State& state) { Search(state, Weights(), false); }
void BM_FindEmbeddedPortably(benchmark::State& state) { Search(state, RandomBytes(), true); }

BENCHMARK(BM_FindEmbeddedInRandomBytes);
BENCHMARK(BM_FindEmbeddedInWeights);
BENCHMARK(BM_FindEmbeddedPortably);

}  // namespace
}  // namespace ringfort::formats
