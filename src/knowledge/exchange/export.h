#pragma once

#include <string>

#include "knowledge/threat_graph/threat_graph.h"

namespace ringfort::knowledge {

struct StixExport {
  // For what carries no date of its own (the properties `created` and `modified`).
  std::string time = "2024-01-01T00:00:00.000Z";
};

// The whole graph as a STIX 2.1 bundle, one object a line. Techniques, families and
// threats are attack patterns, mitigations courses of action, tactics the custom
// object that ATT&CK uses, and so on; kinds that STIX lacks are objects
// `x-ringfort-<kind>`. What STIX has no field for stands in an extension, so that
// ImportStix gives the graph back: exporting that yields the same bytes. Ids are
// UUIDs of version 5 of node ids (RFC 9562), the same wherever they are made.
std::string ExportStix(const ThreatGraph& graph, const StixExport& options = {});

// The whole graph in our own format, one node or edge a line:
//   {"format":"ringfort.graph/1","nodes":[{"id":..,"kind":..,"title":..,"text":..,
//   "properties":[[name,value],..],"sources":[[name,version,location],..]},..],
//   "edges":[{"kind":..,"from":..,"to":..,"properties":..,"sources":..},..]}
// A member that would be empty is left out; `"mentioned":true` marks a node that
// was only named. ImportGraph gives the graph back.
std::string ExportGraph(const ThreatGraph& graph);

}  // namespace ringfort::knowledge
