// The whole scan on one input, as a worker does it: routing, nesting, every parser
// and every rule. What must hold beside memory safety: whatever was skipped makes
// the artifact not clean, and every finding names a rule that exists.

#include <cstdint>
#include <cstdlib>

#include "application/scan.h"
#include "scanners/artifact/family.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort;
  scanners::Limits limits;
  limits.time = std::chrono::milliseconds(5000);
  limits.held_member = std::uint64_t{4} << 20;
  limits.expanded = std::uint64_t{64} << 20;
  limits.members = 1000;
  limits.depth = 6;
  for (const scanners::Mode mode : {scanners::Mode::kFull, scanners::Mode::kStructure}) {
    const ArtifactReport report = ScanBytes("input", ByteView(data, size), mode, limits);
    if (!report.skipped.empty() && report.verdict() == Verdict::kClean) std::abort();
    for (const Finding& finding : report.findings)
      if (scanners::FindRule(finding.rule) == nullptr) std::abort();
  }
  return 0;
}
