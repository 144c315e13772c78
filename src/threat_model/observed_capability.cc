#include "threat_model/observed_capability.h"

#include <algorithm>

namespace ringfort {
namespace {

using knowledge::Technique;

void Note(std::vector<ObservedCapability>& seen, const Asset& asset, const std::string& capability,
          std::size_t finding) {
  const auto known = std::ranges::find_if(
      seen, [&](const ObservedCapability& other) { return other.asset == asset.id && other.capability == capability; });
  if (known == seen.end())
    seen.push_back({asset.id, capability, {finding}});
  else if (known->findings.back() != finding)  // two threats of one rule may set one state
    known->findings.push_back(finding);
}

}  // namespace

std::vector<ObservedCapability> ObserveCapabilities(const knowledge::Catalog& catalog, const Assessment& assessment) {
  std::vector<ObservedCapability> seen;
  for (std::size_t i = 0; i < assessment.findings.size(); ++i) {
    const PlacedFinding& placed = assessment.findings[i];
    const Finding& finding = assessment.scan.artifacts[placed.artifact].findings[placed.finding];
    if (!finding.suppressed.empty()) continue;
    const auto asset = std::ranges::find(assessment.assets, placed.asset, &Asset::id);
    const RuleCard* const card = FindCard(assessment.scan, finding.rule);
    if (placed.asset.empty() || asset == assessment.assets.end() || card == nullptr) continue;
    for (const std::string_view threat : card->threats)
      if (const Technique* const technique = knowledge::Find(catalog.techniques, threat);
          technique != nullptr && technique->IsShownBy(finding.severity) &&
          knowledge::HasCapability(catalog, asset->kind, technique->finding_sets))
        Note(seen, *asset, technique->finding_sets, i);
  }
  return seen;
}

}  // namespace ringfort
