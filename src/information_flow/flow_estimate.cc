#include "information_flow/flow_estimate.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "statistics/quantile.h"

namespace ringfort::information_flow {
namespace {

constexpr std::size_t kLeastScores = 8;

// Each key becomes its place among the different keys.
template <class Key>
std::vector<std::uint32_t> Numbered(const std::vector<Key>& keys, std::size_t& different) {
  std::vector<Key> sorted = keys;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  different = sorted.size();
  std::vector<std::uint32_t> numbers(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i)
    numbers[i] = static_cast<std::uint32_t>(std::lower_bound(sorted.begin(), sorted.end(), keys[i]) - sorted.begin());
  return numbers;
}

// A grouping of the observations and the entropy of the groups in some of them.
class Grouping {
 public:
  template <class Key>
  explicit Grouping(const std::vector<Key>& keys) {
    std::size_t different = 0;
    of_ = Numbered(keys, different);
    counts_.resize(different);
  }

  // Entropy in bits with Miller's and Madow's correction.
  double EntropyOf(std::span<const std::uint32_t> drawn) {
    std::fill(counts_.begin(), counts_.end(), 0u);
    for (const std::uint32_t index : drawn) ++counts_[of_[index]];
    const double n = static_cast<double>(drawn.size());
    double sum = 0, groups = 0;
    for (const std::uint32_t count : counts_) {
      if (count == 0) continue;
      sum -= count / n * std::log2(count / n);
      ++groups;
    }
    return sum + (groups - 1) / (2 * n * std::numbers::ln2);
  }

 private:
  std::vector<std::uint32_t> of_{};
  std::vector<std::uint32_t> counts_{};
};

FlowEstimate Around(double bits, const std::vector<double>& resampled, std::size_t observations, double confidence) {
  const double move = bits - statistics::Mean(resampled);
  const double tail = (1 - confidence) / 2;
  return {
      std::max(0.0, bits),
      {statistics::QuantileOfSorted(resampled, tail) + move, statistics::QuantileOfSorted(resampled, 1 - tail) + move},
      observations};
}

std::vector<std::uint32_t> All(std::size_t count) {
  std::vector<std::uint32_t> all(count);
  std::iota(all.begin(), all.end(), std::uint32_t{0});
  return all;
}

// The estimate of B. Ross over points of one dimension.
class Neighbors {
 public:
  Neighbors(std::span<const ScoredLabel> observations, std::size_t neighbors) : neighbors_(neighbors) {
    std::vector<std::uint32_t> keys;
    for (const ScoredLabel& one : observations) keys.push_back(one.label);
    std::size_t different = 0;
    const std::vector<std::uint32_t> numbers = Numbered(keys, different);
    order_ = All(observations.size());
    std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(observations[a].score, a) < std::pair(observations[b].score, b);
    });
    rank_.resize(order_.size());
    for (std::uint32_t rank = 0; rank < order_.size(); ++rank) {
      rank_[order_[rank]] = rank;
      scores_.push_back(observations[order_[rank]].score);
      labels_.push_back(numbers[order_[rank]]);
    }
    classes_.resize(different);
    // The digamma function of whole numbers: -gamma + 1 + 1/2 + ... + 1/(n - 1).
    digamma_.assign(order_.size() + 2, -std::numbers::egamma);
    for (std::size_t n = 2; n < digamma_.size(); ++n) digamma_[n] = digamma_[n - 1] + 1 / static_cast<double>(n - 1);
  }

  double InformationOf(std::span<const std::uint32_t> drawn) {
    taken_.assign(order_.size(), false);
    for (const std::uint32_t index : drawn) taken_[rank_[index]] = true;
    for (std::vector<double>& members : classes_) members.clear();
    for (std::size_t rank = 0; rank < taken_.size(); ++rank)
      if (taken_[rank]) classes_[labels_[rank]].push_back(scores_[rank]);
    points_.clear();
    for (std::size_t rank = 0; rank < taken_.size(); ++rank)
      if (taken_[rank] && classes_[labels_[rank]].size() > 1) points_.push_back(scores_[rank]);
    if (points_.empty()) return 0;
    double sum = 0;
    for (const std::vector<double>& members : classes_)
      for (std::size_t i = 0; i < members.size() && members.size() > 1; ++i) sum += Of(members, i);
    return (digamma_[points_.size()] + sum / static_cast<double>(points_.size())) * std::numbers::log2e;
  }

 private:
  // How many of `sorted` lie within `radius` of `center`, which is one of them and does not count.
  static std::size_t Within(const std::vector<double>& sorted, double center, double radius) {
    const auto first =
        std::partition_point(sorted.begin(), sorted.end(), [&](double score) { return center - score > radius; });
    const auto last = std::partition_point(first, sorted.end(), [&](double score) { return score - center <= radius; });
    return static_cast<std::size_t>(last - first) - 1;
  }

  double Of(const std::vector<double>& members, std::size_t i) const {
    std::size_t k = std::min(neighbors_, members.size() - 1);
    // The k nearest of a sorted row stand side by side: try each run that holds i.
    double radius = INFINITY;
    for (std::size_t first = i >= k ? i - k : 0; first <= i && first + k < members.size(); ++first)
      radius = std::min(radius, std::max(members[i] - members[first], members[first + k] - members[i]));
    if (radius == 0) k = Within(members, members[i], 0);
    return digamma_[k] - digamma_[members.size()] - digamma_[Within(points_, members[i], radius)];
  }

  std::size_t neighbors_;
  std::vector<std::uint32_t> order_{}, rank_{};  // by rank the observation; by observation the rank
  std::vector<double> scores_{};                 // by rank
  std::vector<std::uint32_t> labels_{};          // by rank
  std::vector<double> digamma_{};
  std::vector<bool> taken_{};
  std::vector<std::vector<double>> classes_{};
  std::vector<double> points_{};
};

}  // namespace

Result<FlowEstimate> EstimateFlow(std::span<const Observation> observations,
                                  const statistics::BootstrapOptions& options) {
  if (observations.size() < 2) return Error{Fault::kInvalidInput, "an estimate needs two observations at least"};
  std::vector<std::uint32_t> given;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> secret, seen;
  std::vector<std::pair<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>> all;
  for (const Observation& one : observations) {
    given.push_back(one.given);
    secret.emplace_back(one.given, one.secret);
    seen.emplace_back(one.given, one.seen);
    all.emplace_back(secret.back(), one.seen);
  }
  Grouping by_given(given), by_secret(secret), by_seen(seen), by_all(all);
  const auto bits = [&](std::span<const std::uint32_t> drawn) {
    return by_secret.EntropyOf(drawn) + by_seen.EntropyOf(drawn) - by_all.EntropyOf(drawn) - by_given.EntropyOf(drawn);
  };
  const double estimate = bits(All(observations.size()));
  TRY(resampled, statistics::BootstrapValues(observations.size(), bits, options));
  return Around(estimate, resampled, observations.size(), options.confidence);
}

Result<FlowEstimate> EstimateScoreFlow(std::span<const ScoredLabel> observations, std::size_t neighbors,
                                       const statistics::BootstrapOptions& options) {
  if (neighbors == 0) return Error{Fault::kInvalidInput, "an estimate by neighbors needs one at least"};
  if (observations.size() < kLeastScores)
    return Error{Fault::kInvalidInput, "an estimate by neighbors needs eight observations at least"};
  for (const ScoredLabel& one : observations)
    if (!std::isfinite(one.score)) return Error{Fault::kInvalidInput, "a score is not a finite number"};
  Neighbors points(observations, neighbors);
  const auto bits = [&](std::span<const std::uint32_t> drawn) { return points.InformationOf(drawn); };
  const double estimate = bits(All(observations.size()));
  TRY(resampled, statistics::HalfSampleValues(observations.size(), bits, options));
  return Around(estimate, resampled, observations.size(), options.confidence);
}

}  // namespace ringfort::information_flow
