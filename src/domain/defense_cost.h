#pragma once

namespace ringfort {

// What defenses take, on the catalog's scales of 0 (nothing) to 5 (prohibitive) each;
// of several defenses, the sums.
struct DefenseCost {
  double effort = 0;   // money and work to put up and keep
  double latency = 0;  // added to each answer
  double utility = 0;  // lost on honest use
  friend bool operator==(const DefenseCost&, const DefenseCost&) = default;
};

// Of a portfolio, where nobody says what it may take: a few cheap defenses. Ours.
inline constexpr DefenseCost kUsualBudget{8, 2, 3};

}  // namespace ringfort
