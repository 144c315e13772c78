#pragma once

#include <cstdint>

#include "base/result.h"

// What may be spent at an endpoint, and what was.

namespace ringfort::engines {

struct SpendingLimits {
  std::uint64_t tokens = 0;      // in and out together; 0: no limit
  double money = 0;              // in the currency of the prices; 0: no limit
  double price_in_million = 0;   // of a million tokens sent
  double price_out_million = 0;  // of a million tokens received
};

// Asked before each request and told after it. What a request will take is only estimated
// (a token for four bytes sent, all the tokens that it may receive), so that the last one
// may overshoot by the error of the estimate. A request that failed is not counted.
class Spending {
 public:
  explicit Spending(const SpendingLimits& limits) : limits_(limits) {}

  // kLimitExceeded if the request could go beyond a limit.
  Status Allow(std::uint64_t tokens_in, std::uint64_t tokens_out) const;
  void Count(std::uint64_t tokens_in, std::uint64_t tokens_out);

  std::uint64_t tokens() const { return tokens_in_ + tokens_out_; }
  double money() const { return Cost(tokens_in_, tokens_out_); }

 private:
  double Cost(std::uint64_t tokens_in, std::uint64_t tokens_out) const;

  SpendingLimits limits_;
  std::uint64_t tokens_in_ = 0;
  std::uint64_t tokens_out_ = 0;
};

}  // namespace ringfort::engines
