#pragma once

#include <string>
#include <vector>

#include "attacks/attack.h"
#include "base/result.h"

namespace ringfort {

// Requests in two halves: one that something is learned from, one that is asked afterwards. Dealt by what they
// are after (the first of their candidates), in turn, so that no secret is on both sides and what is measured is
// refusing, not knowing.
struct DealtRequests {
  std::vector<attacks::Sample> learned{};
  std::vector<attacks::Sample> asked{};
};

// Errors: those of ReadSampleFile; kInvalidInput for a request without candidates or fewer than two different
// secrets.
Result<DealtRequests> DealRequests(const std::string& path);

std::size_t DifferentSecrets(const std::vector<attacks::Sample>& samples);

}  // namespace ringfort
