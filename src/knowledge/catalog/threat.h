#pragma once

#include <string>
#include <vector>

#include "domain/axis.h"
#include "knowledge/catalog/vocabulary.h"

namespace ringfort::knowledge {

// A vulnerability that a threat uses. The published links are the complete
// bipartite graph and say nothing; these are ours, each with its reason.
struct VulnerabilityLink {
  std::string vulnerability{};  // Vulnerability::id
  std::string reason{};
};

// One of the 93 threats of arXiv 2512.23132.
struct Threat {
  std::string id{};        // `threat.morris_ii_worm`
  std::string external{};  // `AML.CS0024`, `AI-DB-09`, `LIT-TTP-13`; the last two number our transcription
  std::string title{};     // its published name
  std::string summary{};
  ThreatKind kind = ThreatKind::kAttack;
  std::vector<std::string> stages{};     // Stage::id
  StatedBy stages_by = StatedBy::kOurs;  // whether the published graph links them
  std::vector<VulnerabilityLink> vulnerabilities{};
  std::vector<std::string> tactics{};           // `AML.TA0001`, in the order of the case
  std::vector<std::string> atlas_techniques{};  // `AML.T0020`, in the order of the case
  StatedBy techniques_by = StatedBy::kOurs;     // published: as ATLAS states the procedure
  std::string family{};                         // Family::id
  std::vector<std::string> techniques{};        // Technique::id of ours
  Axis axis = Axis::kDataToModel;
  std::string published_steps{};  // the chain as printed, for incidents
  std::string model{};            // attacked model as printed, for incidents
  std::string knowledge{};        // attacker's knowledge as printed, for incidents
  std::string note{};
};

}  // namespace ringfort::knowledge
