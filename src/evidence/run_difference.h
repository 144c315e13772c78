#pragma once

#include <string>
#include <vector>

#include "domain/verdict.h"
#include "evidence/evidence_store.h"

// What changed between two runs. Artifacts are matched by path, findings by rule,
// place and evidence within one artifact; offsets may move.
//
//   before: a.pkl clean, b.pkl malicious (RF-PKL-001)      after: a.pkl malicious (RF-PKL-001), c.pkl clean
//   -> added c.pkl; removed b.pkl; changed a.pkl, clean -> malicious; new a.pkl RF-PKL-001; gone b.pkl RF-PKL-001

namespace ringfort {

struct ArtifactChange {
  std::string path{};
  std::string sha256_before{};
  std::string sha256_after{};
  Verdict verdict_before = Verdict::kClean;
  Verdict verdict_after = Verdict::kClean;

  // False also where one of the runs took no digest (structure mode) and the sizes agree.
  bool bytes_changed = false;
  bool verdict_changed() const { return verdict_before != verdict_after; }
};

struct FindingChange {
  std::string path{};
  Finding finding{};
};

// All lists are ordered by path.
struct RunDifference {
  std::vector<std::string> added{};
  std::vector<std::string> removed{};
  std::vector<ArtifactChange> changed{};  // in both runs, with other bytes or another verdict
  std::vector<FindingChange> appeared{};  // also those of added artifacts
  std::vector<FindingChange> gone{};      // also those of removed artifacts

  bool empty() const { return added.empty() && removed.empty() && changed.empty() && appeared.empty() && gone.empty(); }
};

RunDifference Compare(const RunRecord& before, const RunRecord& after);

}  // namespace ringfort
