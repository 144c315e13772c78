#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/verdict.h"

namespace ringfort {

// A place in an artifact: which member of which container, and where in it.
// `container` is the artifact's path, then each member on the way down behind
// `!/`: `model.pt!/archive/data.pkl`.
struct Place {
  std::string container{};
  std::uint64_t offset = kNoOffset;  // bytes from the start of that member
};

// One thing that a rule holds against an artifact. The card behind `rule` knows
// title, reason, remedy and threats; a finding carries only what is its own.
struct Finding {
  std::string rule{};  // id of its RuleCard
  Severity severity = Severity::kLow;
  Place where{};
  std::string evidence{};    // printable, bounded: opcode trace, template text, header fields
  std::uint64_t count = 1;   // how often this rule met this same evidence in the artifact
  std::string suppressed{};  // empty, or the policy's reason for not counting it
};

// Something that was not read, and why. An artifact that has one of these is
// never clean.
struct SkippedPart {
  std::string what{};
  std::string reason{};
  std::uint64_t offset = kNoOffset;
};

// What one artifact turned out to be.
struct ArtifactReport {
  std::string path{};
  std::string sha256{};  // lower-case hex; empty in structure mode
  std::uint64_t size = 0;
  std::string format{};  // name of the outermost format: `pytorch-zip`, `gguf`, ...
  std::vector<Finding> findings{};
  std::vector<SkippedPart> skipped{};
  std::map<std::string, std::string> facts{};  // for the inventory: architecture, licence, parameters, ...
  bool from_cache = false;

  // The worst that any unsuppressed finding says; incomplete if nothing was
  // found but something was skipped; else clean.
  Verdict verdict() const;
};

}  // namespace ringfort
