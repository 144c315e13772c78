#include "domain/assessment.h"

namespace ringfort {

std::vector<PlacedFinding> PlaceFindings(const ScanResult& scan, const std::vector<Asset>& assets) {
  std::vector<const Asset*> owners(scan.artifacts.size(), nullptr);
  for (const Asset& asset : assets)
    for (const std::size_t artifact : asset.artifacts)
      if (artifact < owners.size() && !owners[artifact]) owners[artifact] = &asset;

  std::vector<PlacedFinding> placed;
  for (std::size_t artifact = 0; artifact < scan.artifacts.size(); ++artifact) {
    const std::vector<Finding>& findings = scan.artifacts[artifact].findings;
    for (std::size_t finding = 0; finding < findings.size(); ++finding) {
      const RuleCard* card = FindCard(scan, findings[finding].rule);
      placed.push_back({artifact, finding, card ? PlaceOf(card->threats) : Placement{},
                        owners[artifact] ? owners[artifact]->id : std::string()});
    }
  }
  return placed;
}

std::array<std::uint64_t, 4> CountByAxis(const Assessment& assessment) {
  std::array<std::uint64_t, 4> counts{};
  for (const PlacedFinding& placed : assessment.findings)
    if (assessment.scan.artifacts[placed.artifact].findings[placed.finding].suppressed.empty())
      ++counts[static_cast<std::size_t>(placed.placement.axis)];
  return counts;
}

}  // namespace ringfort
