#include <cstddef>
#include <cstdint>
#include <string_view>

#include "attack_graph/derivation.h"

// Reads facts and rules, and derives what follows within small limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto rules = ringfort::attack_graph::ReadRules(text, "x");
  if (!rules.ok()) return 0;
  const auto derived = ringfort::attack_graph::Derive(rules.value(), {500, 2000, 100'000});
  if (!derived.ok()) return 0;
  if (derived.value().given > derived.value().facts.size() ||
      derived.value().facts.size() != derived.value().graph.fact_count())
    __builtin_trap();
  return 0;
}
