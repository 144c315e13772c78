#include "statistics/auroc_interval.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "statistics/normal_distribution.h"
#include "statistics/proportion_interval.h"
#include "statistics/quantile.h"

namespace ringfort::statistics {
namespace {

// Places in sorted order, from 1; equal values share the middle of theirs.
std::vector<double> Midranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = static_cast<double>(begin + 1 + end) / 2;
    begin = end;
  }
  return ranks;
}

struct Components {
  std::vector<double> positives{};  // V: share of negatives that each positive beats
  std::vector<double> negatives{};  // W: share of positives that beat each negative
};

Components ComponentsOf(std::span<const double> positives, std::span<const double> negatives) {
  std::vector<double> all(positives.begin(), positives.end());
  all.insert(all.end(), negatives.begin(), negatives.end());
  const std::vector<double> among_all = Midranks(all);
  const std::vector<double> among_positives = Midranks(positives);
  const std::vector<double> among_negatives = Midranks(negatives);
  const double m = static_cast<double>(positives.size());
  const double n = static_cast<double>(negatives.size());
  Components components;
  for (std::size_t i = 0; i < positives.size(); ++i)
    components.positives.push_back((among_all[i] - among_positives[i]) / n);
  for (std::size_t j = 0; j < negatives.size(); ++j)
    components.negatives.push_back(1 - (among_all[positives.size() + j] - among_negatives[j]) / m);
  return components;
}

Status Check(std::span<const double> positives, std::span<const double> negatives, double confidence) {
  if (positives.size() < 2 || negatives.size() < 2)
    return Error{Fault::kInvalidInput, "an interval of the area needs two positives and two negatives"};
  for (const std::span<const double> scores : {positives, negatives})
    if (std::any_of(scores.begin(), scores.end(), [](double score) { return std::isnan(score); }))
      return Error{Fault::kInvalidInput, "a score is not a number"};
  if (!(confidence > 0 && confidence < 1))
    return Error{Fault::kInvalidInput, "a confidence lies strictly between 0 and 1"};
  return Done{};
}

Interval LogitInterval(double area, double variance, double confidence) {
  const double logit = std::log(area / (1 - area));
  const double half = NormalHalfWidth(confidence) * std::sqrt(variance) / (area * (1 - area));
  const auto back = [](double value) { return 1 / (1 + std::exp(-value)); };
  return {back(logit - half), back(logit + half)};
}

double AreaOf(std::span<const double> positives, std::span<const double> negatives) {
  return Mean(ComponentsOf(positives, negatives).positives);
}

}  // namespace

Result<AurocEstimate> DeLongAuroc(std::span<const double> positives, std::span<const double> negatives,
                                  double confidence) {
  TRY_STATUS(Check(positives, negatives, confidence));
  const Components components = ComponentsOf(positives, negatives);
  AurocEstimate estimate;
  estimate.positives = positives.size();
  estimate.negatives = negatives.size();
  estimate.area = Mean(components.positives);
  estimate.variance = Variance(components.positives) / static_cast<double>(positives.size()) +
                      Variance(components.negatives) / static_cast<double>(negatives.size());
  if (estimate.variance > 0 && estimate.area > 0 && estimate.area < 1) {
    estimate.interval = LogitInterval(estimate.area, estimate.variance, confidence);
  } else {
    // Perfect separation, or every pair tied. A tie won by a coin is a try of the area too.
    const std::uint64_t pairs = std::min(estimate.positives, estimate.negatives);
    const auto wins = static_cast<std::uint64_t>(std::llround(estimate.area * static_cast<double>(pairs)));
    TRY(interval, ClopperPearsonInterval(wins, pairs, confidence));
    estimate.interval = interval;
  }
  return estimate;
}

Result<AurocDifference> DeLongDifference(const PairedScores& scores, double confidence) {
  TRY_STATUS(Check(scores.first_positives, scores.first_negatives, confidence));
  TRY_STATUS(Check(scores.second_positives, scores.second_negatives, confidence));
  if (scores.first_positives.size() != scores.second_positives.size() ||
      scores.first_negatives.size() != scores.second_negatives.size())
    return Error{Fault::kInvalidInput, "paired scores are of the same elements"};
  const Components first = ComponentsOf(scores.first_positives, scores.first_negatives);
  const Components second = ComponentsOf(scores.second_positives, scores.second_negatives);
  // The variance of a difference is that of the differences: no covariance to subtract.
  const auto minus = [](const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> difference(a.size());
    std::transform(a.begin(), a.end(), b.begin(), difference.begin(), std::minus<>());
    return difference;
  };
  AurocDifference answer;
  answer.first = Mean(first.positives);
  answer.second = Mean(second.positives);
  answer.difference = answer.first - answer.second;
  answer.variance = Variance(minus(first.positives, second.positives)) / static_cast<double>(first.positives.size()) +
                    Variance(minus(first.negatives, second.negatives)) / static_cast<double>(first.negatives.size());
  const double error = std::sqrt(answer.variance);
  const double half = NormalHalfWidth(confidence) * error;
  answer.interval = {std::max(-1.0, answer.difference - half), std::min(1.0, answer.difference + half)};
  if (error > 0)
    answer.probability = TwoSidedProbability(answer.difference / error);
  else
    answer.probability = answer.difference == 0 ? 1 : std::numeric_limits<double>::quiet_NaN();
  return answer;
}

Result<Interval> BootstrapAuroc(std::span<const double> positives, std::span<const double> negatives,
                                const BootstrapOptions& options) {
  TRY_STATUS(Check(positives, negatives, options.confidence));
  if (options.resamples < 2) return Error{Fault::kInvalidInput, "an interval needs two resamples"};
  Random random(options.seed);
  std::vector<double> drawn_positives(positives.size());
  std::vector<double> drawn_negatives(negatives.size());
  std::vector<double> areas;
  for (std::size_t i = 0; i < options.resamples; ++i) {
    for (double& score : drawn_positives) score = positives[random.Below(positives.size())];
    for (double& score : drawn_negatives) score = negatives[random.Below(negatives.size())];
    areas.push_back(AreaOf(drawn_positives, drawn_negatives));
  }
  const double tail = (1 - options.confidence) / 2;
  return Interval{Quantile(areas, tail), Quantile(areas, 1 - tail)};
}

}  // namespace ringfort::statistics
