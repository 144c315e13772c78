#include "statistics/judge_correction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ringfort::statistics {
namespace {

constexpr double kLeastInformative = 0.01;

}  // namespace

Result<CorrectedRate> CorrectForJudge(double apparent, double sensitivity, double specificity) {
  for (const double rate : {apparent, sensitivity, specificity})
    if (!(rate >= 0 && rate <= 1)) return Error{Fault::kInvalidInput, fmt::format("{} is not a rate", rate)};
  const double informative = sensitivity + specificity - 1;
  if (informative < kLeastInformative) return CorrectedRate{apparent, false, false};
  const double rate = (apparent + specificity - 1) / informative;
  const double within = std::clamp(rate, 0.0, 1.0);
  return CorrectedRate{within, std::abs(rate - within) > 1e-12, true};
}

Result<Interval> CorrectForJudge(const Interval& apparent, double sensitivity, double specificity) {
  TRY(lower, CorrectForJudge(apparent.lower, sensitivity, specificity));
  TRY(upper, CorrectForJudge(apparent.upper, sensitivity, specificity));
  return Interval{lower.value, upper.value};
}

}  // namespace ringfort::statistics
