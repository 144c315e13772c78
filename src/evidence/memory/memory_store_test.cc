#include "evidence/memory/memory_store.h"

#include "conformance/evidence_store_conformance.h"

namespace ringfort {

INSTANTIATE_TEST_SUITE_P(Memory, EvidenceStoreConformance, testing::Values(StoreMaker{[](const std::string&) {
                           return std::make_unique<MemoryStore>();
                         }}));

}  // namespace ringfort
