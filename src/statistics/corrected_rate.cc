#include "statistics/corrected_rate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/normal_distribution.h"
#include "statistics/quantile.h"

namespace ringfort::statistics {
namespace {

double Share(std::uint64_t part, std::uint64_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

Result<CorrectedEstimate> Begin(std::uint64_t successes, std::uint64_t trials, const JudgeCounts& judge,
                                double confidence) {
  if (trials == 0 || successes > trials)
    return Error{Fault::kInvalidInput, fmt::format("{} successes of {} trials are no rate", successes, trials)};
  if (judge.positives() == 0 || judge.negatives() == 0)
    return Error{Fault::kInvalidInput, "a judge is known by answers that succeeded and by answers that failed"};
  if (!(confidence > 0 && confidence < 1))
    return Error{Fault::kInvalidInput, "a confidence lies strictly between 0 and 1"};
  CorrectedEstimate estimate;
  estimate.sensitivity = Share(judge.found, judge.positives());
  estimate.specificity = Share(judge.passed, judge.negatives());
  TRY(rate, CorrectForJudge(Share(successes, trials), estimate.sensitivity, estimate.specificity));
  estimate.rate = rate;
  return estimate;
}

std::uint64_t Binomial(Random& random, std::uint64_t tries, double probability) {
  std::uint64_t successes = 0;
  for (std::uint64_t i = 0; i < tries; ++i) successes += random.Uniform() < probability;
  return successes;
}

}  // namespace

Result<CorrectedEstimate> LangReiczigelInterval(std::uint64_t successes, std::uint64_t trials, const JudgeCounts& judge,
                                                double confidence) {
  TRY(estimate, Begin(successes, trials, judge, confidence));
  if (!estimate.rate.corrected) return estimate;
  const double z = NormalHalfWidth(confidence);
  const double n = static_cast<double>(trials) + z * z;
  const double apparent = (static_cast<double>(successes) + z * z / 2) / n;
  const double n_positives = static_cast<double>(judge.positives()) + 2;
  const double n_negatives = static_cast<double>(judge.negatives()) + 2;
  const double sensitivity = (static_cast<double>(judge.found) + 1) / n_positives;
  const double specificity = (static_cast<double>(judge.passed) + 1) / n_negatives;
  const double informative = sensitivity + specificity - 1;
  // With pseudo-counts a judge that barely tells anything may tell nothing.
  if (!(informative > 0)) return estimate;
  const double rate = (apparent + specificity - 1) / informative;
  const double of_sensitivity = sensitivity * (1 - sensitivity) / n_positives;
  const double of_specificity = specificity * (1 - specificity) / n_negatives;
  const double shift = 2 * z * z * (rate * of_sensitivity - (1 - rate) * of_specificity);
  const double error = std::sqrt(apparent * (1 - apparent) / n + rate * rate * of_sensitivity +
                                 (1 - rate) * (1 - rate) * of_specificity) /
                       informative;
  estimate.interval = {std::clamp(rate + shift - z * error, 0.0, 1.0), std::clamp(rate + shift + z * error, 0.0, 1.0)};
  return estimate;
}

Result<CorrectedEstimate> ParametricBootstrapInterval(std::uint64_t successes, std::uint64_t trials,
                                                      const JudgeCounts& judge, const BootstrapOptions& options) {
  TRY(estimate, Begin(successes, trials, judge, options.confidence));
  if (options.resamples < 2) return Error{Fault::kInvalidInput, "an interval needs two resamples"};
  if (!estimate.rate.corrected) return estimate;
  Random random(options.seed);
  std::vector<double> rates;
  for (std::size_t i = 0; i < options.resamples; ++i) {
    const double apparent = Share(Binomial(random, trials, Share(successes, trials)), trials);
    const double sensitivity = Share(Binomial(random, judge.positives(), estimate.sensitivity), judge.positives());
    const double specificity = Share(Binomial(random, judge.negatives(), estimate.specificity), judge.negatives());
    TRY(rate, CorrectForJudge(apparent, sensitivity, specificity));
    if (rate.corrected) rates.push_back(rate.value);
  }
  if (rates.empty()) return estimate;
  const double tail = (1 - options.confidence) / 2;
  estimate.interval = {Quantile(rates, tail), Quantile(rates, 1 - tail)};
  return estimate;
}

}  // namespace ringfort::statistics
