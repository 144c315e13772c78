#include <cstddef>
#include <cstdint>
#include <string_view>

#include "application/evidence_file.h"

// Whatever the file holds: what is read passes the check of every store, and
// something that is not read is said.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ringfort::EvidenceFile file = ringfort::ReadEvidence(text, "f", ringfort::knowledge::BuiltinCatalog());
  for (const ringfort::Observation& observation : file.observations)
    if (!ringfort::CheckObservation(observation).ok()) __builtin_trap();
  if (size == 0 && file.faults.empty()) __builtin_trap();
  return 0;
}
