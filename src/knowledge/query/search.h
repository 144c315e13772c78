#pragma once

#include <string_view>
#include <vector>

#include "knowledge/threat_graph/threat_graph.h"

namespace ringfort::knowledge {

struct SearchHit {
  NodeIndex node = 0;
  int score = 0;  // higher is nearer
};

// The nodes that hold every word of `text` in id, title or text, letters of either
// case alike; nearest first: id, then title, then text. Linear in the graph.
std::vector<SearchHit> Search(const ThreatGraph& graph, std::string_view text, std::size_t limit = 50);

}  // namespace ringfort::knowledge
