#include "scanners/artifact/inspection_rules.h"

#include <array>

namespace ringfort::scanners {
namespace {

constexpr std::string_view kBombThreats[] = {"supply_chain.resource_exhaustion", "AML.T0011.000", "CWE-409"};
constexpr std::string_view kDepthThreats[] = {"supply_chain.resource_exhaustion", "AML.T0011.000", "CWE-674"};
constexpr std::string_view kMasqueradeThreats[] = {"supply_chain.masquerading", "AML.T0074", "CWE-646"};

constexpr std::array kCards = {
    RuleCard{"RF-LIM-001", "expansion_bomb", Severity::kHigh, "Expands beyond all measure",
             "A small file that unpacks to a huge one exhausts the memory or the disk of whoever loads it.",
             "Do not unpack it; ask the publisher for a plain file, or raise the limit if the size is expected.",
             kBombThreats},
    RuleCard{"RF-LIM-002", "nested_too_deep", Severity::kMedium, "Containers nested too deep",
             "Honest model files do not nest archives this deep; scanners are made to give up that way.",
             "Unpack the outer layers and scan the inner file by itself.", kDepthThreats},
    RuleCard{"RF-EXT-001", "name_claims_other_format", Severity::kMedium,
             "The name claims a harmless format, the content is another",
             "A loader or a filter that goes by the name treats the file as harmless, while a loader that goes by the "
             "content runs what is in it.",
             "Do not load it; ask the publisher for the file in the format that its name claims.", kMasqueradeThreats},
};

}  // namespace

const RuleCard& kExpansionBomb = kCards[0];
const RuleCard& kNestedTooDeep = kCards[1];
const RuleCard& kNameClaimsOtherFormat = kCards[2];

std::span<const RuleCard> InspectionRules() { return kCards; }

}  // namespace ringfort::scanners
