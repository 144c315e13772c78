#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "evidence/evidence_store.h"

namespace ringfort {

// Keeps runs and observations as long as it lives. For tests, and for a scan without --store.
class MemoryStore final : public EvidenceStore {
 public:
  Status Begin(const Run& run) override;
  Status Append(std::string_view run, std::span<const ArtifactReport> artifacts) override;
  Status Finish(std::string_view run, std::string_view finished_at) override;
  Result<std::vector<Run>> List() override;
  Result<RunRecord> Load(std::string_view run) override;
  Result<std::optional<ArtifactReport>> Find(const CacheKey& key, std::string_view path) override;
  Result<std::size_t> Record(std::span<const Observation> observations) override;
  Result<std::vector<Observation>> Observations() override;
  Result<std::size_t> Log(std::string_view run, std::span<const TrialRecord> trials) override;
  Result<std::vector<TrialRecord>> FindTrials(std::span<const std::string> ids) override;

 private:
  Result<RunRecord*> Open(std::string_view run);

  std::vector<RunRecord> records_;
  std::vector<Observation> observations_;
  std::map<std::string, TrialRecord, std::less<>> trials_;  // by id
};

}  // namespace ringfort
