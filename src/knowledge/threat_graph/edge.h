#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/threat_graph/node.h"

namespace ringfort::knowledge {

enum class EdgeKind : std::uint8_t {
  kMitigates,      // mitigation -> technique, family, vulnerability, risk
  kAchieves,       // technique -> tactic
  kSpecializes,    // technique -> the technique, family, component or weakness it is a kind of
  kUses,           // incident, threat, procedure -> technique
  kHasStep,        // incident -> procedure
  kFollows,        // procedure -> the procedure before it
  kOccursIn,       // threat, family, vulnerability, risk -> stage
  kExploits,       // threat, technique, family, risk -> vulnerability or weakness
  kTargets,        // threat, family -> asset, component, axis
  kCauses,         // threat, family, vulnerability -> threat, family, vulnerability, risk
  kEvidenceOf,     // incident, report, published vulnerability -> what it shows
  kDependsOn,      // asset, component -> asset, component
  kBelongsTo,      // threat, technique, taxonomy row -> family; family -> axis; technique -> cluster
  kCorrespondsTo,  // between catalogs: the same thing by another name
  kAffects,        // published vulnerability -> component; risk -> component, persona
  kReportedIn,     // published vulnerability, vulnerability -> issue or report
  kAnswers,        // persona -> the risk or mitigation in its charge
};
inline constexpr std::array<std::string_view, 17> kEdgeKindNames = {
    "mitigates",  "achieves",       "specializes", "uses",        "has_step",    "follows",
    "occurs_in",  "exploits",       "targets",     "causes",      "evidence_of", "depends_on",
    "belongs_to", "corresponds_to", "affects",     "reported_in", "answers"};
constexpr std::string_view Name(EdgeKind kind) { return kEdgeKindNames[static_cast<std::size_t>(kind)]; }
std::optional<EdgeKind> EdgeKindFromName(std::string_view name);

using NodeIndex = std::uint32_t;
using EdgeIndex = std::uint32_t;
inline constexpr std::uint32_t kNoIndex = ~std::uint32_t{0};

struct Edge {
  EdgeKind kind = EdgeKind::kUses;
  NodeIndex from = 0;
  NodeIndex to = 0;
  std::vector<Property> properties{};
  std::vector<Source> sources{};
};

}  // namespace ringfort::knowledge
