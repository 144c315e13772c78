#include "application/evidence.h"

#include <fmt/format.h>

#include <set>

#include "application/evidence_file.h"
#include "application/recorded_scan.h"
#include "base/file.h"

namespace ringfort {

Result<AddedEvidence> AddEvidence(const std::string& file, const std::string& store) {
  TRY(text, ReadTextFile(file));
  EvidenceFile evidence = ReadEvidence(text, file, knowledge::BuiltinCatalog());
  AddedEvidence added;
  added.faults = std::move(evidence.faults);
  if (!added.faults.empty()) return added;
  if (evidence.observations.empty()) return Error{Fault::kInvalidInput, fmt::format("{} holds no observation", file)};
  std::set<std::string_view> ids;
  for (const Observation& observation : evidence.observations) ids.insert(observation.id);
  added.read = ids.size();
  TRY(opened, OpenStore(store, false));
  TRY(count, opened->Record(evidence.observations));
  added.added = count;
  return added;
}

Result<std::vector<Observation>> ListEvidence(const std::string& store, const std::string& step) {
  TRY(opened, OpenStore(store, true));
  TRY(observations, opened->Observations());
  if (!step.empty())
    std::erase_if(observations, [&](const Observation& observation) { return observation.step != step; });
  return observations;
}

}  // namespace ringfort
