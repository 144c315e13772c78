#pragma once

#include <string>
#include <vector>

#include "domain/verdict.h"
#include "knowledge/catalog/family.h"

namespace ringfort::knowledge {

// One way to carry out a family's objective. Scanner rules name techniques as the
// threats they speak for.
struct Technique {
  std::string id{};      // `supply_chain.unsafe_deserialization`: a group, a dot, a name
  std::string family{};  // Family::id
  std::string title{};
  std::string summary{};
  // The state (Capability::id) that an asset is in once a scanner rule of this threat
  // has struck it at `finding_from` or above; empty if a finding sets none. By default
  // only what is malicious for certain sets a state. A lower bound belongs to techniques
  // whose state is what the rule saw itself: a readable secret stands there, whatever
  // harm it can do.
  std::string finding_sets{};
  Severity finding_from = Severity::kCritical;
  std::vector<Access> access{};
  std::vector<Verb> countered_by{};  // D3FEND-style: which kinds of answer exist
  Crosswalk crosswalk{};
  std::vector<std::string> references{};

  bool IsShownBy(Severity severity) const { return !finding_sets.empty() && severity >= finding_from; }
};

}  // namespace ringfort::knowledge
