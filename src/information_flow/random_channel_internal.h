#pragma once

#include "base/random.h"
#include "information_flow/channel.h"

// Channels for property tests.

namespace ringfort::information_flow {

// About a third of the entries are 0; each row has one that is not.
inline Channel RandomChannel(std::size_t inputs, std::size_t outputs, Random& random) {
  std::vector<double> entries(inputs * outputs);
  for (double& entry : entries) entry = random.Below(3) == 0 ? 0 : random.Uniform();
  for (std::size_t x = 0; x < inputs; ++x) entries[x * outputs + random.Below(outputs)] += 0.1;
  return Channel::FromCounts(inputs, outputs, std::move(entries)).value();
}

inline std::vector<double> RandomDistribution(std::size_t count, Random& random) {
  const Channel row = RandomChannel(1, count, random);
  return {row.entries().begin(), row.entries().end()};
}

}  // namespace ringfort::information_flow
