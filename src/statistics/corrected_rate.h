#pragma once

#include <cstdint>

#include "base/result.h"
#include "statistics/bootstrap.h"
#include "statistics/interval.h"
#include "statistics/judge_correction.h"

// A rate that an imperfect judge counted, corrected for the judge's errors, with an
// interval that carries three uncertainties: few trials, few labeled positives behind
// the sensitivity, few labeled negatives behind the specificity. (judge_correction.h
// takes the last two as known.)
//
// Two ways, to be compared:
//
//   LangReiczigelInterval       the delta method of Lang and Reiczigel after adding
//                               pseudo-counts: z^2/2 successes and failures to the
//                               trials, one right and one wrong answer to each side of
//                               the judge; then a shift that makes up for skew. What we
//                               report.
//   ParametricBootstrapInterval draws trials, sensitivity and specificity again and
//                               corrects each draw; draws on which the judge tells
//                               nothing are left out. Too narrow where a count is 0.
//
// The value is Rogan-Gladen's without pseudo-counts. The judge's errors are taken to be
// those it made on the labeled answers: that the new answers are like them is the
// user's claim, and no interval holds if they are not.
//
// Sources: Z. Lang, J. Reiczigel, "Confidence limits for prevalence of disease adjusted
// for estimated sensitivity and specificity", Preventive Veterinary Medicine 113 (2014),
// equations 6, 7, 16 and 17; W. Rogan, B. Gladen (1978).

namespace ringfort::statistics {

// How a judge did on answers whose truth is known.
struct JudgeCounts {
  std::uint64_t found = 0;         // true successes called success
  std::uint64_t missed = 0;        // true successes called failure
  std::uint64_t passed = 0;        // true failures called failure
  std::uint64_t false_alarms = 0;  // true failures called success

  std::uint64_t positives() const { return found + missed; }
  std::uint64_t negatives() const { return passed + false_alarms; }
};

struct CorrectedEstimate {
  CorrectedRate rate{};
  // [0, 1] where the judge is too close to guessing to correct anything: then the trials
  // say nothing of the true rate.
  Interval interval{0, 1};
  double sensitivity = 0;
  double specificity = 0;
};

// Errors: no trial, no labeled positive or negative, more successes than trials, a
// confidence not strictly between 0 and 1.
Result<CorrectedEstimate> LangReiczigelInterval(std::uint64_t successes, std::uint64_t trials, const JudgeCounts& judge,
                                                double confidence = kUsualConfidence);
// O(resamples * (trials + labeled)). Errors: as above; fewer than 2 resamples.
Result<CorrectedEstimate> ParametricBootstrapInterval(std::uint64_t successes, std::uint64_t trials,
                                                      const JudgeCounts& judge, const BootstrapOptions& options = {});

}  // namespace ringfort::statistics
