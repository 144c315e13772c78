#pragma once

#include <set>
#include <string>
#include <vector>

#include "knowledge/threat_graph/threat_graph.h"

namespace ringfort::knowledge {

// What stands without an answer. Techniques are counted by who describes them, since
// each catalog has techniques of its own.
struct Gaps {
  struct Techniques {
    std::string source{};  // `MITRE ATLAS`
    std::size_t all = 0;
    std::vector<NodeIndex> unmitigated{};    // no mitigation is linked to them
    std::size_t unmitigated_as_written = 0;  // before links were recovered from faults of the file
  };
  std::vector<Techniques> techniques{};
  std::size_t threats = 0;                          // attacks only: what the list holds of defenses is left out
  std::vector<NodeIndex> threats_not_executable{};  // no attack of ours runs their family
  std::vector<NodeIndex> families_unanswered{};     // no mitigation at all
};

// The property that marks a link that an importer recovered from a fault of its file.
inline constexpr std::string_view kRecoveredProperty = "recovered";

// `executable`: ids of the families for which an attack of ours can be run. A technique
// of a family (not of a catalog of its own) counts as mitigated if its family is.
Gaps FindGaps(const ThreatGraph& graph, const std::set<std::string>& executable);

}  // namespace ringfort::knowledge
