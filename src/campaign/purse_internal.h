#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

#include "attacks/budget.h"

namespace ringfort::campaign {

// What one target may still be asked, by several workers at a time. Together they never
// take more queries than there are. What a task costs is known only when it is done; so
// that with a bound the same trials are made as by one worker,
//
//   - the first task of a kind is done alone, with all that is left: it shows what one costs
//   - others run beside each other while twice the dearest of their kind is free for each,
//     and may take no more than that
//   - what is left over at the end is given to one task at a time, and so is a task that
//     turned out to be dearer
//
// e.g. 100 queries, tasks of 10: after the first, four run beside each other with 20 each.
// Tokens are counted when they are spent, so that the last answers may overdraw them.
// Not thread-safe: the caller holds a lock.
class Purse {
 public:
  struct Loan {
    std::uint32_t kind = 0;
    std::uint64_t queries = 0;
    std::uint64_t tokens = 0;
    bool whole = false;  // all that was left: if this does not do, nothing does
    attacks::Budget Budget() const { return attacks::Budget(queries, tokens); }
  };

  Purse(std::uint64_t queries, std::uint64_t tokens, std::uint32_t workers)
      : queries_(queries), tokens_(tokens), workers_(workers) {}

  // Nothing: not before others have come back.
  std::optional<Loan> Lend(std::uint32_t kind, bool alone) {
    if (whole_out_) return std::nullopt;
    if (queries_ == attacks::Budget::kUnlimited && tokens_ == attacks::Budget::kUnlimited) {
      ++out_;
      return Loan{kind, queries_, tokens_, true};
    }
    const auto cost = costs_.find(kind);
    if (workers_ > 1 && !alone && cost != costs_.end()) {
      const Loan part{kind, Part(queries_, cost->second.queries), Part(tokens_, cost->second.tokens), false};
      if (Fits(queries_, lent_queries_, part.queries) && Fits(tokens_, lent_tokens_, part.tokens)) {
        ++out_;
        if (queries_ != attacks::Budget::kUnlimited) lent_queries_ += part.queries;
        if (tokens_ != attacks::Budget::kUnlimited) lent_tokens_ += part.tokens;
        return part;
      }
    }
    if (out_ > 0) return std::nullopt;
    out_ = 1;
    whole_out_ = true;
    return Loan{kind, queries_, tokens_, true};
  }

  // `left`: of Loan::Budget(), after the task; `tokens`: what it used, by the target's count.
  void Return(const Loan& loan, const attacks::Budget& left, std::uint64_t tokens) {
    --out_;
    if (loan.whole) whole_out_ = false;
    Cost spent{0, tokens};
    if (queries_ != attacks::Budget::kUnlimited) {
      spent.queries = loan.queries - left.queries();
      if (!loan.whole) lent_queries_ -= loan.queries;
      queries_ -= spent.queries;
    }
    if (tokens_ != attacks::Budget::kUnlimited) {
      if (!loan.whole) lent_tokens_ -= loan.tokens;
      tokens_ -= std::min(tokens_, tokens);
    }
    Cost& dearest = costs_[loan.kind];
    dearest.queries = std::max(dearest.queries, spent.queries);
    dearest.tokens = std::max(dearest.tokens, spent.tokens);
  }

  std::uint64_t queries() const { return queries_; }
  std::uint64_t tokens() const { return tokens_; }

 private:
  struct Cost {
    std::uint64_t queries = 0;
    std::uint64_t tokens = 0;
  };

  static std::uint64_t Part(std::uint64_t all, std::uint64_t cost) {
    return all == attacks::Budget::kUnlimited ? all : 2 * std::max<std::uint64_t>(cost, 1);
  }
  static bool Fits(std::uint64_t all, std::uint64_t lent, std::uint64_t part) {
    return all == attacks::Budget::kUnlimited || (lent <= all && part <= all - lent);
  }

  std::uint64_t queries_;
  std::uint64_t tokens_;
  std::uint32_t workers_;
  std::uint64_t lent_queries_ = 0;
  std::uint64_t lent_tokens_ = 0;
  std::uint32_t out_ = 0;
  bool whole_out_ = false;
  std::map<std::uint32_t, Cost> costs_{};
};

}  // namespace ringfort::campaign
