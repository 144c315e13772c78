#include "evidence/run_difference.h"

#include <map>
#include <set>
#include <tuple>

namespace ringfort {
namespace {

using Artifacts = std::map<std::string_view, const ArtifactReport*>;
using FindingKey = std::tuple<std::string_view, std::string_view, std::string_view>;

// A path that was given twice counts once; the later word stands.
Artifacts ByPath(const RunRecord& record) {
  Artifacts artifacts;
  for (const ArtifactReport& artifact : record.artifacts) artifacts[artifact.path] = &artifact;
  return artifacts;
}

FindingKey KeyOf(const Finding& finding) { return {finding.rule, finding.where.container, finding.evidence}; }

// Findings of `wanted` that `other` (null: nothing) does not have.
void Without(const ArtifactReport& wanted, const ArtifactReport* other, std::vector<FindingChange>& changes) {
  std::set<FindingKey> known;
  if (other != nullptr)
    for (const Finding& finding : other->findings) known.insert(KeyOf(finding));
  for (const Finding& finding : wanted.findings)
    if (known.insert(KeyOf(finding)).second) changes.push_back({wanted.path, finding});
}

bool BytesDiffer(const ArtifactReport& before, const ArtifactReport& after) {
  if (before.size != after.size) return true;
  return !before.sha256.empty() && !after.sha256.empty() && before.sha256 != after.sha256;
}

}  // namespace

RunDifference Compare(const RunRecord& before, const RunRecord& after) {
  RunDifference difference;
  const Artifacts old_ones = ByPath(before), new_ones = ByPath(after);
  for (const auto& [path, artifact] : new_ones) {
    const auto old = old_ones.find(path);
    Without(*artifact, old == old_ones.end() ? nullptr : old->second, difference.appeared);
    if (old == old_ones.end()) {
      difference.added.emplace_back(path);
      continue;
    }
    ArtifactChange change{artifact->path,         old->second->sha256, artifact->sha256,
                          old->second->verdict(), artifact->verdict(), BytesDiffer(*old->second, *artifact)};
    if (change.bytes_changed || change.verdict_changed()) difference.changed.push_back(std::move(change));
  }
  for (const auto& [path, artifact] : old_ones) {
    const auto now = new_ones.find(path);
    if (now == new_ones.end()) difference.removed.emplace_back(path);
    Without(*artifact, now == new_ones.end() ? nullptr : now->second, difference.gone);
  }
  return difference;
}

}  // namespace ringfort
