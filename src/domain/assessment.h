#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/model_attacks.h"
#include "domain/placement.h"
#include "domain/reasoning.h"
#include "domain/scan_result.h"
#include "domain/target.h"

// The result model of `ringfort assess`: what the target is made of, what was
// found in it, where on the loop that stands, and what was not tried.

namespace ringfort {

// Incomplete: a part of it was done, or failed.
enum class StepStatus : std::uint8_t { kDone, kSkipped, kIncomplete };
inline constexpr std::array<std::string_view, 3> kStepStatusNames = {"done", "skipped", "incomplete"};
constexpr std::string_view Name(StepStatus status) { return kStepStatusNames[static_cast<std::size_t>(status)]; }

// A finding of the scan, placed on the loop.
struct PlacedFinding {
  std::size_t artifact = 0;  // index into Assessment::scan.artifacts
  std::size_t finding = 0;   // index into that artifact's findings
  Placement placement;
  std::string asset;  // Asset::id it belongs to; empty if none
};

struct PlanStep {
  std::string name;
  StepStatus status = StepStatus::kDone;
  std::string reason;  // what was done, or why not: `not available: arrives with the threat graph`
};

struct Assessment {
  std::string target;  // what the user asked for
  std::string budget;  // `quick`, `standard`, `thorough`
  std::uint64_t seed = 0;
  std::vector<Asset> assets;
  std::vector<Tie> ties;
  ScanResult scan;
  std::vector<PlacedFinding> findings;         // see PlaceFindings
  std::optional<ModelAttacks> attacks{};       // none: not wished, or not reached
  std::optional<Reasoning> reasoning{};        // none: not reached
  std::vector<PlanStep> plan;                  // in order
  std::map<std::string, std::string> digests;  // of the inputs: path -> SHA-256 in hex
};

// Places every finding of `scan`, suppressed ones too, by its rule's threats; the
// asset of each is the first whose `artifacts` name its artifact.
std::vector<PlacedFinding> PlaceFindings(const ScanResult& scan, const std::vector<Asset>& assets);

// Findings that count (unsuppressed) on each axis.
std::array<std::uint64_t, 4> CountByAxis(const Assessment& assessment);

}  // namespace ringfort
