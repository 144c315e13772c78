#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "knowledge/threat_graph/threat_graph.h"

namespace ringfort::knowledge {

struct GraphStatistics {
  std::size_t nodes = 0;
  std::size_t edges = 0;
  std::size_t mentioned = 0;  // nodes that no source describes
  std::array<std::size_t, kNodeKindNames.size()> nodes_by_kind{};
  std::array<std::size_t, kEdgeKindNames.size()> edges_by_kind{};
  std::size_t components = 0;  // arrows taken off
  std::size_t largest_component = 0;
  struct SourceCount {
    std::string name{};
    std::string version{};
    std::size_t nodes = 0;
    std::size_t edges = 0;
  };
  std::vector<SourceCount> sources{};  // by name, then version
};

GraphStatistics StatisticsOf(const ThreatGraph& graph);

}  // namespace ringfort::knowledge
