#include "evidence/memory/memory_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ringfort {

Result<RunRecord*> MemoryStore::Open(std::string_view run) {
  const auto at = std::ranges::find(records_, run, [](const RunRecord& record) { return record.run.id; });
  if (at == records_.end()) return Error{Fault::kInvalidInput, fmt::format("the store has no run {}", run)};
  if (at->run.finished_at) return Error{Fault::kInvalidInput, fmt::format("the run {} is finished already", run)};
  return &*at;
}

Status MemoryStore::Begin(const Run& run) {
  if (run.id.empty()) return Error{Fault::kInvalidInput, "a run needs an id"};
  if (std::ranges::any_of(records_, [&](const RunRecord& record) { return record.run.id == run.id; }))
    return Error{Fault::kInvalidInput, fmt::format("the store already has a run {}", run.id)};
  records_.push_back({run, {}});
  records_.back().run.finished_at.reset();
  return Done{};
}

Status MemoryStore::Append(std::string_view run, std::span<const ArtifactReport> artifacts) {
  TRY(record, Open(run));
  for (ArtifactReport artifact : artifacts) {
    artifact.from_cache = false;  // how it was come by is a matter of that run, not of the artifact
    record->artifacts.push_back(std::move(artifact));
  }
  return Done{};
}

Status MemoryStore::Finish(std::string_view run, std::string_view finished_at) {
  TRY(record, Open(run));
  record->run.finished_at = finished_at;
  return Done{};
}

Result<std::vector<Run>> MemoryStore::List() {
  std::vector<Run> runs;
  for (const RunRecord& record : records_) runs.push_back(record.run);
  std::ranges::stable_sort(runs, {}, &Run::started_at);
  return runs;
}

Result<RunRecord> MemoryStore::Load(std::string_view run) {
  for (const RunRecord& record : records_)
    if (record.run.id == run) return record;
  return Error{Fault::kInvalidInput, fmt::format("the store has no run {}", run)};
}

Result<std::optional<ArtifactReport>> MemoryStore::Find(const CacheKey& key, std::string_view path) {
  if (key.sha256.empty()) return std::optional<ArtifactReport>{};
  for (auto record = records_.rbegin(); record != records_.rend(); ++record) {
    const Run& run = record->run;
    if (run.tool_version != key.tool_version || run.rule_set_version != key.rule_set_version || run.mode != key.mode ||
        run.limits != key.limits)
      continue;
    for (auto at = record->artifacts.rbegin(); at != record->artifacts.rend(); ++at) {
      const ArtifactReport& artifact = *at;
      if (artifact.sha256 == key.sha256 && artifact.size == key.size && artifact.skipped.empty() &&
          FileName(artifact.path) == FileName(path))
        return std::optional(Recalled(artifact, path));
    }
  }
  return std::optional<ArtifactReport>{};
}

Result<std::size_t> MemoryStore::Record(std::span<const Observation> observations) {
  for (const Observation& observation : observations) TRY_STATUS(CheckObservation(observation));
  const std::size_t before = observations_.size();
  for (const Observation& observation : observations)
    if (std::ranges::find(observations_, observation.id, &Observation::id) == observations_.end())
      observations_.push_back(observation);
  return observations_.size() - before;
}

Result<std::vector<Observation>> MemoryStore::Observations() {
  std::vector<Observation> all = observations_;
  std::ranges::sort(all, {}, [](const Observation& observation) {
    return std::pair<std::string_view, std::string_view>(observation.measured_at, observation.id);
  });
  return all;
}

Result<std::size_t> MemoryStore::Log(std::string_view run, std::span<const TrialRecord> trials) {
  TRY(record, Open(run));
  (void)record;
  for (const TrialRecord& trial : trials) TRY_STATUS(CheckTrialRecord(trial));
  const std::size_t before = trials_.size();
  for (const TrialRecord& trial : trials) trials_.emplace(trial.id, trial);
  return trials_.size() - before;
}

Result<std::vector<TrialRecord>> MemoryStore::FindTrials(std::span<const std::string> ids) {
  std::vector<TrialRecord> found;
  for (const std::string& id : ids)
    if (const auto at = trials_.find(id); at != trials_.end()) found.push_back(at->second);
  return found;
}

}  // namespace ringfort
