#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "knowledge/drawing/drawing.h"

namespace ringfort::knowledge {

std::string WriteNavigatorLayer(const ThreatGraph& graph) {
  Json techniques = Json::array();
  std::size_t most = 1;
  for (NodeIndex i = 0; i < graph.nodes().size(); ++i) {
    const Node& node = graph.node(i);
    if (node.kind != NodeKind::kTechnique || !node.id.starts_with("AML.T")) continue;
    std::size_t uses = 0;
    std::size_t answers = 0;
    for (const EdgeIndex edge : graph.EdgesTo(i)) {
      uses += graph.edge(edge).kind == EdgeKind::kUses ? 1 : 0;
      answers += graph.edge(edge).kind == EdgeKind::kMitigates ? 1 : 0;
    }
    most = std::max(most, uses);
    techniques.push_back({{"techniqueID", node.id},
                          {"score", uses},
                          {"comment", fmt::format("used by {}, answered by {} mitigations", uses, answers)},
                          {"enabled", true}});
  }
  const Json layer = {
      {"name", "Ringfort threat graph"},
      {"versions", {{"layer", "4.3"}, {"navigator", "4.6.4"}}},
      {"domain", "atlas-atlas"},
      {"description", "Score: threats, incidents and procedures that use the technique."},
      {"techniques", std::move(techniques)},
      {"gradient", {{"colors", {"#ffffff", "#d62728"}}, {"minValue", 0}, {"maxValue", most}}},
  };
  return layer.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ringfort::knowledge
