#pragma once

#include <string>
#include <vector>

#include "domain/assessment.h"
#include "knowledge/catalog/catalog.h"

namespace ringfort {

// Something that was seen, not assumed: a malicious finding in a model file means
// that the attacker can have it run code.
struct ObservedCapability {
  std::string asset{};                  // Asset::id
  std::string capability{};             // of the asset's kind, as in the catalog
  std::vector<std::size_t> findings{};  // indices into Assessment::findings that show it, ascending
  friend bool operator==(const ObservedCapability&, const ObservedCapability&) = default;
};

// The states that an assessment's findings show: of each unsuppressed finding that lies
// in an asset, those that the techniques its rule speaks for set at the finding's
// severity (Technique::IsShownBy), as far as assets of that kind know them. Each state
// once, in the order in which the findings show it. What is merely suspicious sets
// nothing: the step rules' chances stand for it. A readable secret is no suspicion but
// what the rule saw, so it counts from high on, though the file is not malicious.
std::vector<ObservedCapability> ObserveCapabilities(const knowledge::Catalog& catalog, const Assessment& assessment);

}  // namespace ringfort
