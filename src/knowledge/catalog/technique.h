#pragma once

#include <string>
#include <vector>

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
  // has found it malicious; empty if a finding sets none.
  std::string finding_sets{};
  std::vector<Access> access{};
  std::vector<Verb> countered_by{};  // D3FEND-style: which kinds of answer exist
  Crosswalk crosswalk{};
  std::vector<std::string> references{};
};

}  // namespace ringfort::knowledge
