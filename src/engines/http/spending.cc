#include "engines/http/spending.h"

#include <fmt/format.h>

namespace ringfort::engines {

double Spending::Cost(std::uint64_t tokens_in, std::uint64_t tokens_out) const {
  return (static_cast<double>(tokens_in) * limits_.price_in_million +
          static_cast<double>(tokens_out) * limits_.price_out_million) /
         1e6;
}

Status Spending::Allow(std::uint64_t tokens_in, std::uint64_t tokens_out) const {
  const std::uint64_t asked = tokens_in + tokens_out;
  if (limits_.tokens != 0 && tokens() + asked > limits_.tokens) {
    return Error{Fault::kLimitExceeded,
                 fmt::format("the token budget of {} does not suffice: {} are used and the next request may take {}",
                             limits_.tokens, tokens(), asked)};
  }
  const double cost = Cost(tokens_in, tokens_out);
  if (limits_.money > 0 && money() + cost > limits_.money) {
    return Error{
        Fault::kLimitExceeded,
        fmt::format("the budget of {:.4g} does not suffice: {:.4g} are spent and the next request may cost {:.4g}",
                    limits_.money, money(), cost)};
  }
  return Done{};
}

void Spending::Count(std::uint64_t tokens_in, std::uint64_t tokens_out) {
  tokens_in_ += tokens_in;
  tokens_out_ += tokens_out;
}

}  // namespace ringfort::engines
