#pragma once

#include <cstdint>

#include "base/result.h"
#include "statistics/interval.h"

// What a plan's number of tries can show, asked before they are made: "with 100 prompts
// an arm, a defense that lowers success from 0.50 is noticed four times in five if it
// gets below 0.31."
//
// Two arms of n tries each, compared by the two-sided z test of two proportions:
//   n = ((z(1 - alpha/2) sqrt(2 m (1 - m)) + z(power) sqrt(p (1 - p) + q (1 - q))) / (p - q))^2
// with m = (p + q) / 2. A large-sample formula: below some 5 expected successes and
// failures an arm it promises too much.
//
// With several tries a prompt divide n by the design effect (clustered_bootstrap.h).
//
// Source: J. Fleiss, "Statistical Methods for Rates and Proportions" (2nd ed. 1981),
// chapter 3, without continuity correction; R's power.prop.test is the same.

namespace ringfort::statistics {

struct PowerOptions {
  double alpha = 0.05;  // how often a difference is claimed where none is
  double power = 0.8;   // how often one is noticed where it is
};

// Tries an arm; not rounded up. Errors: rates outside [0, 1] or equal; alpha or power not
// strictly between 0 and 1.
Result<double> TriesForDifference(double first, double second, const PowerOptions& options = {});

// How often the difference is noticed with `tries` an arm (the far tail left out).
// Errors: as above; no try.
Result<double> PowerOfComparison(double first, double second, double tries, double alpha = 0.05);

// The nearest rates below and above `rate` that n tries an arm tell from it.
struct DetectableRates {
  double lower = 0;
  double upper = 1;
  bool has_lower = false;  // false: not even 0 could be told from it
  bool has_upper = false;
};
Result<DetectableRates> DetectableDifference(double rate, double tries, const PowerOptions& options = {});

// The fewest tries after which Wilson's interval around `rate` is at most 2 * half_width
// wide. Errors: a rate outside [0, 1]; a half width not in (0, 0.5]; a confidence not
// strictly between 0 and 1; more than 10^12 tries.
Result<std::uint64_t> TriesForHalfWidth(double rate, double half_width, double confidence = kUsualConfidence);

}  // namespace ringfort::statistics
