#pragma once

#include "base/result.h"
#include "statistics/interval.h"

// The rate behind a rate that an imperfect judge counted. A judge with sensitivity
// Se (true cases it finds) and specificity Sp (others it passes) sees
// apparent = Se * rate + (1 - Sp) * (1 - rate); turned round,
// rate = (apparent + Sp - 1) / (Se + Sp - 1).
//
// Source: W. Rogan, B. Gladen, "Estimating prevalence from the results of a screening
// test", Am. J. Epidemiology 107 (1978). That a judge with Se + Sp - 1 < 0.01 corrects
// nothing is the convention of garak.

namespace ringfort::statistics {

struct CorrectedRate {
  double value = 0;        // in [0, 1]
  bool clipped = false;    // the formula left [0, 1]: judge and sample contradict each other
  bool corrected = false;  // false if the judge is too close to guessing; then value = apparent
};

// Error: an argument that is not in [0, 1].
Result<CorrectedRate> CorrectForJudge(double apparent, double sensitivity, double specificity);

// The same for both ends of an interval of the apparent rate: what the sample leaves
// open, for a judge that is known exactly. Uncorrected where the rate would be.
Result<Interval> CorrectForJudge(const Interval& apparent, double sensitivity, double specificity);

}  // namespace ringfort::statistics
