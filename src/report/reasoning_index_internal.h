#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "domain/assessment.h"

namespace ringfort {

// That a try succeeds, between 0 and 1; 0 for what is no number.
double Chance(const ReasonedStep& step);

// A Reasoning, indexed for a walk along its steps. Steps whose indices lead nowhere
// are left out.
struct ReasoningIndex {
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  explicit ReasoningIndex(const Reasoning& reasoning);

  std::vector<std::vector<std::size_t>> into{};  // by state: the steps that yield it, `best` first, then the likeliest
  std::vector<std::vector<std::size_t>> out{};   // by state: the steps that need it, the likeliest first
  // By state: the last step of its most probable derivation; kNone: observed, or
  // underivable. Following the needs of these steps never comes back.
  std::vector<std::size_t> best{};
  std::vector<bool> on_loop{};  // by state
};

// By finding of the assessment (index into Assessment::findings): the observed states of
// its reasoning that the finding shows, by the techniques its rule speaks for. Only
// findings that count and are critical show one.
std::vector<std::vector<std::size_t>> StatesShown(const Assessment& assessment);

}  // namespace ringfort
