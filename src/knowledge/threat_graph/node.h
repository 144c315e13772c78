#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What stands in a threat graph, whatever catalog it came from. Kinds are the union
// of the three published shapes (stage/threat/vulnerability; CVE/component/issue/
// technique with clusters; threat/vulnerability/stage/asset/incident) and of ATLAS,
// STIX, AVID and the CoSAI risk map.

namespace ringfort::knowledge {

enum class NodeKind : std::uint8_t {
  kAxis,
  kStage,
  kFamily,
  kTactic,
  kTechnique,
  kThreat,
  kVulnerability,
  kWeakness,  // CWE
  kMitigation,
  kIncident,   // a case study, or something that happened
  kProcedure,  // one step of a case study, in its order
  kReport,
  kAsset,
  kComponent,  // of a system (CoSAI), or a dependency (CPE)
  kRisk,
  kPersona,
  kPublishedVulnerability,  // CVE
  kIssue,
  kCluster,  // of attack success, stealth or cost
  kTaxonomyRow,
};
inline constexpr std::array<std::string_view, 20> kNodeKindNames = {"axis",
                                                                    "stage",
                                                                    "family",
                                                                    "tactic",
                                                                    "technique",
                                                                    "threat",
                                                                    "vulnerability",
                                                                    "weakness",
                                                                    "mitigation",
                                                                    "incident",
                                                                    "procedure",
                                                                    "report",
                                                                    "asset",
                                                                    "component",
                                                                    "risk",
                                                                    "persona",
                                                                    "published_vulnerability",
                                                                    "issue",
                                                                    "cluster",
                                                                    "taxonomy_row"};
constexpr std::string_view Name(NodeKind kind) { return kNodeKindNames[static_cast<std::size_t>(kind)]; }
std::optional<NodeKind> NodeKindFromName(std::string_view name);

// Where a node or an edge was read: every import leaves its mark.
struct Source {
  std::string name{};      // `MITRE ATLAS`, `Ringfort`
  std::string version{};   // `5.6.0`
  std::string location{};  // `ATLAS.yaml:120`
  friend bool operator==(const Source&, const Source&) = default;
};

// What a catalog says beyond what the fields hold: `maturity` = `demonstrated`.
struct Property {
  std::string name{};
  std::string value{};
  friend bool operator==(const Property&, const Property&) = default;
};

struct Node {
  std::string id{};  // unique in the graph: `AML.T0020`, `membership_inference`, `CWE-502`
  NodeKind kind = NodeKind::kThreat;
  std::string title{};
  std::string text{};
  std::vector<Property> properties{};  // sorted by name, then value
  std::vector<Source> sources{};
  friend bool operator==(const Node&, const Node&) = default;
};

// The value of the first property of this name, or "".
std::string_view PropertyOf(const Node& node, std::string_view name);

}  // namespace ringfort::knowledge
