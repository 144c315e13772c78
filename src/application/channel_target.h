#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "domain/reasoning.h"
#include "domain/target.h"
#include "threat_model/answer_capacity.h"

// `ringfort channel target`: how fast the secrets of a system can leak through its own
// channels, at most.

namespace ringfort {

struct ChannelTargetRequest {
  std::string target{};                      // a folder, or its ringfort.toml
  std::vector<std::string> what_if{};        // `ENDPOINT:KEY=NUMBER`, in place of what its owner says
  std::vector<MeasuredCapacity> measured{};  // see threat_model/answer_capacity.h
  int jobs = 0;                              // workers that read the files; 0: one a core
};

struct ChannelTargetAnswer {
  Target target{};                     // with the artifacts and verdicts of a scan of its structure
  std::vector<std::string> what_if{};  // as asked
  std::vector<LeakagePath> paths{};    // by the target's order of secrets
};

// Reads the target's files in structure mode, for their sizes, parameters and
// vocabulary. The process must have one thread. Errors: the target cannot be read
// (kUnavailable); a what-if that names no endpoint, no key or no number in its range
// (kInvalidInput); as FindTargetLeakage.
Result<ChannelTargetAnswer> BoundTargetLeakage(const ChannelTargetRequest& request);

// For a person; and {"schema": "ringfort.channel-target/1", ...}. There no bound is null.
std::string WriteLeakageTable(const ChannelTargetAnswer& answer);
std::string WriteLeakageJson(const ChannelTargetAnswer& answer);

}  // namespace ringfort
