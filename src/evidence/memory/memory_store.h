#pragma once

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

 private:
  Result<RunRecord*> Open(std::string_view run);

  std::vector<RunRecord> records_;
  std::vector<Observation> observations_;
};

}  // namespace ringfort
