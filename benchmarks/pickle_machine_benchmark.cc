#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "base/byte_stream.h"
#include "formats/pickle/pickle_machine.h"

// How many nanoseconds an opcode costs, and how much the machine holds, on
// pickles of about 25 MB and 6 million opcodes.

namespace {

using namespace ringfort;           // NOLINT
using namespace ringfort::formats;  // NOLINT

void Number(std::string& out, std::uint32_t value) {
  out += 'J';
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xFF);
}

// A list of numbers: the bare loop.
std::string Numbers() {
  std::string out = "\x80\x04]\x94";
  for (std::uint32_t i = 0; i < 6'000'000; ++i) {
    if (i % 1000 == 0) out += '(';
    Number(out, i);
    if (i % 1000 == 999) out += 'e';
  }
  return out + '.';
}

// A list of small dicts with memoized keys, tuples and texts.
std::string Records() {
  std::string out = "\x80\x04]\x94";
  for (const char* key : {"id", "xy", "nm"}) out += std::string("\x8c\x02") + key + "\x94" + '0';
  for (std::uint32_t i = 0; i < 375'000; ++i) {
    out += "}\x94(h\x01";
    Number(out, i);
    out += "h\x02";
    Number(out, i + 1);
    Number(out, i + 2);
    out += "\x86\x94h\x03\x8c\x14twenty characters..\x94u";
    out += std::string(1, 'a');
  }
  return out + '.';
}

// Objects of the standard library: a call for each.
std::string Objects() {
  std::string out =
      "\x80\x04]\x94\x8c\x07"
      "decimal\x8c\x07"
      "Decimal\x93\x94"
      "0";
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    out +=
        "h\x01\x8c\x05"
        "12.50\x85R\x94"
        "a";
  }
  return out + '.';
}

void Run(benchmark::State& state, const std::string& bytes) {
  PickleFacts facts;
  for (auto _ : state) {
    MemoryStream stream(AsBytes(bytes));
    PickleObserver observer;
    facts = ReadPickle(stream, observer);
    benchmark::DoNotOptimize(facts.opcodes);
  }
  if (facts.damage) state.SkipWithError(facts.damage->what.c_str());
  state.counters["opcodes"] = static_cast<double>(facts.opcodes);
  state.counters["MB"] = static_cast<double>(bytes.size()) / 1e6;
  state.counters["held_MB"] = static_cast<double>(facts.peak_memory) / 1e6;
  state.counters["opcodes/s"] =
      benchmark::Counter(static_cast<double>(facts.opcodes), benchmark::Counter::kIsIterationInvariantRate);
}

void BM_PickleNumbers(benchmark::State& state) { Run(state, Numbers()); }
void BM_PickleRecords(benchmark::State& state) { Run(state, Records()); }
void BM_PickleObjects(benchmark::State& state) { Run(state, Objects()); }

BENCHMARK(BM_PickleNumbers)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_PickleRecords)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_PickleObjects)->Unit(benchmark::kMillisecond);

}  // namespace
