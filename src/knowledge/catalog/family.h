#pragma once

#include <string>
#include <vector>

#include "domain/axis.h"
#include "domain/target.h"
#include "knowledge/catalog/vocabulary.h"

namespace ringfort::knowledge {

// The axis a family is filed under by somebody. Authors disagree (jailbreak stands
// under two in two versions of one paper), so an axis is data, not a class.
struct AxisClaim {
  Axis axis = Axis::kDataToData;
  std::string by{};  // who says so
};

// Labels of a family or a technique in other catalogs.
struct Crosswalk {
  std::vector<std::string> atlas{};  // `AML.T0020`
  std::vector<std::string> owasp{};  // `LLM04:2025`, `ML02:2023`
  std::vector<std::string> avid{};   // codes of AVID's taxonomy: `S0601`
  std::vector<std::string> cwe{};    // `CWE-502`
};

// A family of threats: one objective, many techniques.
struct Family {
  std::string id{};  // `membership_inference`
  std::string title{};
  std::string summary{};
  std::string objective{};                    // a formula in plain text
  StatedBy objective_by = StatedBy::kOurs;    // the seed's own equations were not available
  AssetKind source = AssetKind::kDataset;     // what is attacked from
  AssetKind destination = AssetKind::kModel;  // what changes hands or is harmed
  Axis axis = Axis::kDataToData;              // primary
  std::vector<AxisClaim> axes{};              // every claim, the primary among them
  std::vector<Modality> modalities{};
  std::vector<ModelFamily> model_families{};
  std::vector<std::string> stages{};  // Stage::id
  std::vector<ChannelComponent> channel{};
  std::vector<Access> access{};
  std::vector<std::string> subfamilies{};      // names
  std::vector<std::string> metrics{};          // of success
  std::vector<std::string> vulnerabilities{};  // Vulnerability::id
  std::vector<std::string> mitigations{};      // Mitigation::id
  std::vector<std::string> references{};       // `arXiv:2112.03570`, or a citation
  Crosswalk crosswalk{};
  std::string note{};
};

}  // namespace ringfort::knowledge
