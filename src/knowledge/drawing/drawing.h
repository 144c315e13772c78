#pragma once

#include <string>

#include "knowledge/threat_graph/threat_graph.h"

// A threat graph in the languages of the tools that draw graphs. Text from a catalog
// is data here and nothing else: it is quoted so that it cannot open markup.

namespace ringfort::knowledge {

// GraphML 1.0 (http://graphml.graphdrawing.org): node keys kind, title, text; edge key kind.
std::string WriteGraphMl(const ThreatGraph& graph);

// The DOT language of Graphviz. One color a kind.
std::string WriteDot(const ThreatGraph& graph);

// {"elements": {"nodes": [{"data": {"id", "label", "kind"}}], "edges": [{"data":
// {"id", "source", "target", "kind"}}]}}: what Cytoscape.js and Cytoscape read.
std::string WriteCytoscape(const ThreatGraph& graph);

// A layer of the ATLAS Navigator (layer format 4.3): each ATLAS technique scored by the
// number of threats, incidents and procedures in the graph that use it; the comment
// says how many mitigations answer it.
std::string WriteNavigatorLayer(const ThreatGraph& graph);

}  // namespace ringfort::knowledge
