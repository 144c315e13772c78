#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "knowledge/threat_graph/threat_graph.h"

namespace ringfort {

struct LoadedThreatGraph {
  knowledge::ThreatGraph graph{};
  std::vector<std::string> warnings{};  // `FILE:LINE: what`, one for each fault of an imported file
};

// Our catalog (if `with_catalog`) and what the files bring: ATLAS, STIX, AVID, CoSAI,
// tables of the repository study and our own graph files, told apart by what stands in
// them, or a zip of such (graph_archive.h). A folder stands for the tables of the study in
// it. Errors: a file that cannot be read, or that is none of these; a folder without such
// tables.
Result<LoadedThreatGraph> LoadThreatGraph(std::span<const std::string> files, bool with_catalog);

// The families for which an attack of Ringfort can be run. None yet: attacks on models
// come with a later version; an artifact scanner finds, it does not attack.
std::vector<std::string> ExecutableFamilies();

}  // namespace ringfort
