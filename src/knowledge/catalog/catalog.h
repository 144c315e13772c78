#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/catalog/asset_entry.h"
#include "knowledge/catalog/axis_entry.h"
#include "knowledge/catalog/edge_set.h"
#include "knowledge/catalog/family.h"
#include "knowledge/catalog/mitigation.h"
#include "knowledge/catalog/published_triple.h"
#include "knowledge/catalog/stage.h"
#include "knowledge/catalog/step_rule.h"
#include "knowledge/catalog/taxonomy_row.h"
#include "knowledge/catalog/technique.h"
#include "knowledge/catalog/threat.h"
#include "knowledge/catalog/vulnerability.h"

// What Ringfort knows of threats before it has seen a target: one ontology, in our
// own sentences, from YAML files in `data/` that are checked and compiled in when
// Ringfort is built. docs/knowledge/catalog.md says how to add to it.

namespace ringfort::knowledge {

struct Catalog {
  std::vector<AxisEntry> axes{};
  std::vector<AssetEntry> assets{};
  std::vector<TieEntry> ties{};
  std::vector<Stage> stages{};  // in the order of a model's life
  std::vector<Family> families{};
  std::vector<Technique> techniques{};
  std::vector<Vulnerability> vulnerabilities{};
  std::vector<Mitigation> mitigations{};
  std::vector<Threat> threats{};  // case studies, incidents, literature, each in its source's order
  std::vector<TaxonomyRow> taxonomy{};
  std::vector<ComponentRule> component_rules{};
  std::vector<EdgeSet> edge_sets{};
  std::vector<StepRule> step_rules{};
  std::vector<PublishedTriple> published_triples{};
};

// The entry with this id, or nullptr. Linear: no list is longer than a few hundred.
template <class Entry>
const Entry* Find(const std::vector<Entry>& entries, std::string_view id) {
  for (const Entry& entry : entries)
    if (entry.id == id) return &entry;
  return nullptr;
}

// Whether `id` names anything in the catalog.
bool Knows(const Catalog& catalog, std::string_view id);

// Whether an asset of this kind can be in this state.
bool HasCapability(const Catalog& catalog, AssetKind kind, std::string_view capability);

// Whether an owner may say this of an asset of that kind.
bool HasTrait(const Catalog& catalog, AssetKind kind, std::string_view trait);

// The component that the rule of the taxonomy gives a row; nothing if no rule matches.
std::optional<ChannelComponent> ComponentByRule(const Catalog& catalog, const TaxonomyRow& row);

// The catalog of this build. Made on the first call; any thread.
const Catalog& BuiltinCatalog();

}  // namespace ringfort::knowledge
