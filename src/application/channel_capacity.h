#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

// `ringfort channel capacity`: what a channel from a file can leak, with a proof.

namespace ringfort {

struct ChannelRequest {
  std::string path{};
  double tolerance = 1e-9;  // bits between the two bounds of the capacity; above 0
};

struct ChannelAnswer {
  std::string path{};
  std::uint64_t inputs = 0;
  std::uint64_t outputs = 0;
  double lower = 0;  // the capacity lies between, bits a use
  double upper = 0;
  bool converged = false;
  std::uint64_t iterations = 0;
  std::vector<double> best_input{};  // the distribution that attains `lower`

  double multiplicative_capacity = 1;
  double min_capacity = 0;

  // At the prior of the file, or the uniform one.
  bool prior_given = false;
  double mutual_information = 0;
  double prior_vulnerability = 0;
  double posterior_vulnerability = 0;
  double min_entropy_leakage = 0;
};

// Errors: the file cannot be read (kUnavailable), or holds no channel (`path:line: ...`).
Result<ChannelAnswer> MeasureChannel(const ChannelRequest& request);

// For a person; and {"schema": "ringfort.channel-capacity/1", ...}.
std::string WriteChannelTable(const ChannelAnswer& answer);
std::string WriteChannelJson(const ChannelAnswer& answer);

}  // namespace ringfort
