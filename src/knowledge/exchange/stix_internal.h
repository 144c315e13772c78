#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "knowledge/threat_graph/edge.h"
#include "knowledge/threat_graph/node.h"

// What the two directions of STIX have in common.

namespace ringfort::knowledge {

// Objects of ours that are in every bundle we write and stand for nothing in the graph:
// NameUuid of `Ringfort` and of `Ringfort threat graph`.
inline constexpr std::string_view kStixProducer = "identity--85b28df2-ba84-5a55-abda-d90bca6229f8";
inline constexpr std::string_view kStixExtension = "extension-definition--f816ab32-0089-5510-ba6d-917dddb7df37";

struct StixKind {
  std::string_view type;
  NodeKind kind;
};

// The first of a kind is the one that is written; others are read, and written for a
// node whose property `stix_type` names them.
inline constexpr std::array<StixKind, 18> kStixKinds = {{
    {"attack-pattern", NodeKind::kTechnique},
    {"attack-pattern", NodeKind::kFamily},
    {"x-mitre-tactic", NodeKind::kTactic},
    {"course-of-action", NodeKind::kMitigation},
    {"incident", NodeKind::kIncident},
    {"campaign", NodeKind::kIncident},
    {"attack-pattern", NodeKind::kThreat},
    {"intrusion-set", NodeKind::kThreat},
    {"threat-actor", NodeKind::kThreat},
    {"malware", NodeKind::kThreat},
    {"tool", NodeKind::kThreat},
    {"vulnerability", NodeKind::kVulnerability},
    {"vulnerability", NodeKind::kWeakness},
    {"vulnerability", NodeKind::kPublishedVulnerability},
    {"infrastructure", NodeKind::kComponent},
    {"infrastructure", NodeKind::kAsset},
    {"identity", NodeKind::kPersona},
    {"indicator", NodeKind::kReport},
}};

struct StixRelationship {
  std::string_view type;
  EdgeKind kind;
};

// Types of the standard (and of ATT&CK) whose edge has another name with us.
inline constexpr std::array<StixRelationship, 15> kStixRelationships = {{
    {"subtechnique-of", EdgeKind::kSpecializes},
    {"variant-of", EdgeKind::kSpecializes},
    {"derived-from", EdgeKind::kCorrespondsTo},
    {"duplicate-of", EdgeKind::kCorrespondsTo},
    {"related-to", EdgeKind::kCorrespondsTo},
    {"indicates", EdgeKind::kEvidenceOf},
    {"attributed-to", EdgeKind::kBelongsTo},
    {"has", EdgeKind::kExploits},
    {"delivers", EdgeKind::kCauses},
    {"drops", EdgeKind::kCauses},
    {"downloads", EdgeKind::kCauses},
    {"consists-of", EdgeKind::kDependsOn},
    {"compromises", EdgeKind::kAffects},
    {"remediates", EdgeKind::kMitigates},
    {"detects", EdgeKind::kMitigates},
}};

// `YYYY-MM-DDThh:mm:ss[.fff]Z`, the timestamp of STIX.
bool IsStixTime(std::string_view text);

// Whether `id` is `type--UUID`.
bool IsStixId(std::string_view id, std::string_view type);

}  // namespace ringfort::knowledge
