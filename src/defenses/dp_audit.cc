#include "defenses/dp_audit.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/proportion_interval.h"

namespace ringfort::defenses {
namespace {

// The upper end of a two-sided interval with tails of `tail` each.
Result<double> UpperRate(std::uint64_t errors, std::uint64_t count, double tail) {
  TRY(interval, statistics::ClopperPearsonInterval(errors, count, 1 - 2 * tail));
  return interval.upper;
}

struct Halves {
  std::vector<double> chosen_on{};
  std::vector<double> taken_on{};

  explicit Halves(std::span<const double> scores) {
    for (std::size_t i = 0; i < scores.size(); ++i) (i % 2 == 0 ? chosen_on : taken_on).push_back(scores[i]);
    std::sort(chosen_on.begin(), chosen_on.end());
    std::sort(taken_on.begin(), taken_on.end());
  }
};

// Errors that are rare count most: halving steps into the others' upper end, and into the
// members' lower one. Both are sorted and not empty.
std::vector<double> Thresholds(const std::vector<double>& members, const std::vector<double>& others,
                               std::uint64_t count) {
  std::vector<double> thresholds;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::vector<double>& scores = i % 2 == 0 ? others : members;
    const std::size_t rare = scores.size() >> std::min<std::uint64_t>(1 + i / 2, 63);
    if (i % 2 == 1)
      thresholds.push_back(scores[rare]);
    else
      thresholds.push_back(rare > 0 ? scores[scores.size() - rare] : std::nextafter(scores.back(), INFINITY));
  }
  std::sort(thresholds.begin(), thresholds.end());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  return thresholds;
}

AuditCounts CountsAt(double threshold, const std::vector<double>& members, const std::vector<double>& others) {
  const auto below = [&](const std::vector<double>& scores) {
    return static_cast<std::uint64_t>(std::lower_bound(scores.begin(), scores.end(), threshold) - scores.begin());
  };
  return {.false_positives = others.size() - below(others),
          .others = others.size(),
          .false_negatives = below(members),
          .members = members.size()};
}

double LogRatio(double above, double below) { return above > 0 && below > 0 ? std::log(above / below) : 0; }

}  // namespace

Result<double> EpsilonAtLeast(const AuditCounts& counts, double delta, double confidence) {
  if (counts.members == 0 || counts.others == 0)
    return Error{Fault::kInvalidInput, "an audit needs texts that were trained on and texts that were not"};
  if (!(delta >= 0 && delta < 1 && confidence > 0 && confidence < 1))
    return Error{Fault::kInvalidInput, "delta must lie in [0, 1) and a confidence in (0, 1)"};
  const double tail = (1 - confidence) / 2;
  TRY(positives, UpperRate(counts.false_positives, counts.others, tail));
  TRY(negatives, UpperRate(counts.false_negatives, counts.members, tail));
  return std::max({0.0, LogRatio(1 - delta - positives, negatives), LogRatio(1 - delta - negatives, positives)});
}

Result<AuditBound> AuditScores(std::span<const double> members, std::span<const double> others, double delta,
                               double confidence, std::uint64_t thresholds) {
  for (const auto scores : {members, others})
    if (std::any_of(scores.begin(), scores.end(), [](double score) { return std::isnan(score); }))
      return Error{Fault::kInvalidInput, "a score that is no number cannot be audited"};
  if (thresholds == 0 || others.size() < 2 || members.size() < 2)
    return Error{Fault::kInvalidInput, "an audit needs a threshold, and two members and others or more"};
  // The threshold is chosen on every other text and the bound taken on the rest, or the
  // confidence would not hold for a threshold that the same texts picked.
  const Halves own(members), apart(others);
  AuditBound bound;
  double best = -1;
  for (const double threshold : Thresholds(own.chosen_on, apart.chosen_on, thresholds)) {
    ++bound.thresholds;
    TRY(epsilon, EpsilonAtLeast(CountsAt(threshold, own.chosen_on, apart.chosen_on), delta, confidence));
    if (epsilon <= best) continue;
    best = epsilon;
    bound.threshold = threshold;
  }
  TRY(epsilon, EpsilonAtLeast(CountsAt(bound.threshold, own.taken_on, apart.taken_on), delta, confidence));
  bound.epsilon = epsilon;
  return bound;
}

}  // namespace ringfort::defenses
