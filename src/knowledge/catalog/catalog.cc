#include "knowledge/catalog/catalog.h"

#include <algorithm>

namespace ringfort::knowledge {

bool Knows(const Catalog& catalog, std::string_view id) {
  if (const std::optional<Axis> axis = AxisFromName(id))
    return std::any_of(catalog.axes.begin(), catalog.axes.end(),
                       [&](const AxisEntry& entry) { return entry.axis == *axis; });
  return Find(catalog.stages, id) || Find(catalog.families, id) || Find(catalog.techniques, id) ||
         Find(catalog.vulnerabilities, id) || Find(catalog.mitigations, id) || Find(catalog.threats, id) ||
         Find(catalog.taxonomy, id) || Find(catalog.edge_sets, id) || Find(catalog.step_rules, id);
}

bool HasCapability(const Catalog& catalog, AssetKind kind, std::string_view capability) {
  for (const AssetEntry& asset : catalog.assets)
    if (asset.kind == kind && Find(asset.capabilities, capability) != nullptr) return true;
  return false;
}

bool HasTrait(const Catalog& catalog, AssetKind kind, std::string_view trait) {
  for (const AssetEntry& asset : catalog.assets)
    if (asset.kind == kind && Find(asset.traits, trait) != nullptr) return true;
  return false;
}

std::optional<ChannelComponent> ComponentByRule(const Catalog& catalog, const TaxonomyRow& row) {
  for (const ComponentRule& rule : catalog.component_rules)
    if (rule.row_class == row.row_class && (rule.capability.empty() || rule.capability == row.capability))
      return rule.component;
  return std::nullopt;
}

}  // namespace ringfort::knowledge
