#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "engines/model.h"

namespace ringfort::attacks {

// How many questions and tokens an attack may still spend on its target. Queries are
// taken before they are asked; tokens are known only after, so that the last answer
// may overdraw them. Not thread-safe.
class Budget {
 public:
  static constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

  explicit Budget(std::uint64_t queries = kUnlimited, std::uint64_t tokens = kUnlimited)
      : queries_(queries), tokens_(tokens) {}

  std::uint64_t queries() const { return queries_; }
  std::uint64_t tokens() const { return tokens_; }

  // kLimitExceeded, and nothing taken, where fewer queries are left or no token is.
  Status Take(std::uint64_t queries = 1) {
    if (queries > queries_ || tokens_ == 0)
      return Error{Fault::kLimitExceeded,
                   "the budget is spent: " + Told(queries_) + " queries and " + Told(tokens_) + " tokens are left"};
    if (queries_ != kUnlimited) queries_ -= queries;
    return Done{};
  }

  void SpendTokens(std::uint64_t tokens) {
    if (tokens_ != kUnlimited) tokens_ -= tokens < tokens_ ? tokens : tokens_;
  }

 private:
  static std::string Told(std::uint64_t left) { return left == kUnlimited ? "unlimited" : std::to_string(left); }

  std::uint64_t queries_;
  std::uint64_t tokens_;
};

// Charges to a budget the tokens that a target used while this lives.
class TokenMeter {
 public:
  TokenMeter(const engines::Model& target, Budget& budget)
      : target_(target), budget_(budget), before_(Tokens(target)) {}
  ~TokenMeter() { budget_.SpendTokens(Tokens(target_) - before_); }
  TokenMeter(const TokenMeter&) = delete;
  TokenMeter& operator=(const TokenMeter&) = delete;

 private:
  static std::uint64_t Tokens(const engines::Model& target) {
    const engines::Usage used = target.Used();
    return used.tokens_in + used.tokens_out;
  }

  const engines::Model& target_;
  Budget& budget_;
  std::uint64_t before_;
};

}  // namespace ringfort::attacks
