#pragma once

#include <optional>
#include <string>

#include "application/recorded_scan.h"
#include "domain/assessment.h"

// The verb `assess`: one target, everything that we can say of it. Reads what the
// target is made of, scans it, places each finding on the loop between data and
// models, attacks the models that it can run, and writes the reports. What was not done
// stands in the plan as skipped or incomplete, with the reason.

namespace ringfort {

enum class Budget { kQuick, kStandard, kThorough };

struct AssessRequest {
  std::string target{};  // a folder, a file, or a ringfort.toml
  Budget budget = Budget::kStandard;
  std::uint64_t seed = 0;
  scanners::Limits limits{};
  int jobs = 0;
  EvidenceStore* store = nullptr;  // may be null: nothing is recorded
  bool use_cache = true;
  std::function<void(ArtifactReport&)> amend{};  // see ScanRequest
  bool campaigns = true;                         // attack the models that can be run; see attack_models.h
  bool ask_endpoints = false;                    // endpoints, too
  std::optional<double> campaign_seconds{};      // of each model; none: by the budget
};

struct AssessOutcome {
  Assessment assessment{};
  std::vector<std::string> notes{};  // what was left out while looking around
  bool interrupted = false;
  // A campaign that ringfort.toml asks for could not be run, or lacks trials.
  bool campaign_incomplete = false;
};

Result<AssessOutcome> Assess(const AssessRequest& request, Progress* progress);

// Writes report.html, assessment.json, findings.sarif and mlbom.cdx.json into
// `folder`, which is made if it is not there. Each file is whole or not there.
Status WriteAssessment(const Assessment& assessment, const std::string& folder);

}  // namespace ringfort
