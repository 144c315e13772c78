#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "evidence/evidence_store.h"

namespace ringfort {

// Opens a store that nobody has used, in `folder` if it needs a place.
using StoreMaker = std::function<std::unique_ptr<EvidenceStore>(const std::string& folder)>;

// What every evidence store owes, whoever keeps it. An adapter's test says
// INSTANTIATE_TEST_SUITE_P(Name, EvidenceStoreConformance, testing::Values(StoreMaker{...})).
class EvidenceStoreConformance : public testing::TestWithParam<StoreMaker> {
 protected:
  EvidenceStoreConformance();
  ~EvidenceStoreConformance() override;

  std::string folder_;
  std::unique_ptr<EvidenceStore> store_;
};

// A run, a report and an observation with every field set, for tests of stores.
Run SampleRun(std::string id);
ArtifactReport SampleReport(std::string path, std::string sha256);
Observation SampleObservation();
void ExpectSame(const ArtifactReport& got, const ArtifactReport& wanted);

// A fresh folder below the system's temporary one.
std::string MakeFolder();

}  // namespace ringfort
