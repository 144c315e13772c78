#include "statistics/optimal_clusters.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ringfort::statistics {
namespace {

constexpr double kGreatest = 1e100;

class Line {
 public:
  explicit Line(std::span<const double> values) {
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    // Distances from the middle, in units of the range: the sums below stay accurate and finite.
    middle_ = (sorted.front() + sorted.back()) / 2;
    unit_ = std::max(sorted.back() - middle_, std::numeric_limits<double>::min());
    for (const double value : sorted) {
      if (distinct_.empty() || distinct_.back() != value) {
        distinct_.push_back(value);
        sums_.push_back(sums_.back());
      }
      const double x = (value - middle_) / unit_;
      sums_.back().weight += 1;
      sums_.back().first += x;
      sums_.back().second += x * x;
    }
  }

  std::size_t size() const { return distinct_.size(); }

  // The ends of the best `count` stretches of distinct values, the last end size().
  std::vector<std::size_t> Divide(std::size_t count) {
    const std::size_t size = distinct_.size();
    best_.resize(size + 1);
    for (std::size_t end = 1; end <= size; ++end) best_[end] = Cost(0, end);
    std::vector<std::vector<std::uint32_t>> begins(count, std::vector<std::uint32_t>(size + 1, 0));
    for (std::size_t stretch = 1; stretch < count; ++stretch) {
      before_ = best_;
      // With n values there are at most n stretches that are not empty.
      Fill(begins[stretch], stretch + 1, size, stretch, size - 1);
    }
    std::vector<std::size_t> ends(count);
    std::size_t end = size;
    for (std::size_t stretch = count; stretch-- > 0; end = begins[stretch][end]) ends[stretch] = end;
    return ends;
  }

  Clustering Describe(std::span<const double> values, std::span<const std::size_t> ends) const {
    Clustering clustering;
    clustering.total = InSquares(Cost(0, size()));
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      const double weight = sums_[end].weight - sums_[begin].weight;
      const double mean = (sums_[end].first - sums_[begin].first) / weight;
      const double within = Cost(begin, end);
      clustering.within += InSquares(within);
      clustering.clusters.push_back({.center = end - begin == 1 ? distinct_[begin] : middle_ + mean * unit_,
                                     .spread = std::sqrt(within / weight) * unit_,
                                     .low = distinct_[begin],
                                     .high = distinct_[end - 1],
                                     .count = static_cast<std::size_t>(weight)});
      begin = end;
    }
    for (const double value : values) {
      const auto at = std::lower_bound(clustering.clusters.begin(), clustering.clusters.end(), value,
                                       [](const Cluster& cluster, double sought) { return cluster.high < sought; });
      clustering.cluster_of.push_back(static_cast<std::uint32_t>(at - clustering.clusters.begin()));
    }
    return clustering;
  }

 private:
  struct Sums {
    double weight = 0;
    double first = 0;
    double second = 0;
  };

  double InSquares(double cost) const { return cost * unit_ * unit_; }

  double Cost(std::size_t begin, std::size_t end) const {
    if (end - begin == 1) return 0;
    const double weight = sums_[end].weight - sums_[begin].weight;
    const double first = sums_[end].first - sums_[begin].first;
    return std::max(0.0, sums_[end].second - sums_[begin].second - first * first / weight);
  }

  // best_[end] for the ends of [low, high]; where the last stretch begins grows with its end,
  // so the middle end halves what is left to try.
  void Fill(std::vector<std::uint32_t>& begins, std::size_t low, std::size_t high, std::size_t from, std::size_t to) {
    if (low > high) return;
    const std::size_t end = low + (high - low) / 2;
    best_[end] = std::numeric_limits<double>::infinity();
    for (std::size_t begin = from; begin <= std::min(to, end - 1); ++begin) {
      const double cost = before_[begin] + Cost(begin, end);
      if (cost >= best_[end]) continue;
      best_[end] = cost;
      begins[end] = static_cast<std::uint32_t>(begin);
    }
    const std::size_t begin = begins[end];
    if (end > low) Fill(begins, low, end - 1, from, begin);
    Fill(begins, end + 1, high, begin, to);
  }

  double middle_ = 0;
  double unit_ = 1;
  std::vector<double> distinct_{};
  std::vector<Sums> sums_{Sums{}};  // of the distinct values before each
  std::vector<double> best_{};
  std::vector<double> before_{};
};

Status Check(std::span<const double> values, std::size_t count) {
  if (values.empty()) return Error{Fault::kInvalidInput, "there is no value to cluster"};
  if (values.size() > std::numeric_limits<std::uint32_t>::max())
    return Error{Fault::kLimitExceeded, "there are too many values to cluster"};
  if (count == 0) return Error{Fault::kInvalidInput, "no cluster is wanted"};
  // NaN compares with nothing.
  if (!std::all_of(values.begin(), values.end(), [](double value) { return std::abs(value) <= kGreatest; }))
    return Error{Fault::kInvalidInput, "a value to cluster is no number, or is larger than 1e100"};
  return Done{};
}

}  // namespace

Result<Clustering> OptimalClusters(std::span<const double> values, std::size_t count) {
  TRY_STATUS(Check(values, count));
  Line line(values);
  return line.Describe(values, line.Divide(std::min(count, line.size())));
}

Result<Clustering> FewestClusters(std::span<const double> values, double unexplained, std::size_t most) {
  TRY_STATUS(Check(values, most));
  if (!(unexplained >= 0 && unexplained <= 1))
    return Error{Fault::kInvalidInput, "the share that may stay unexplained lies between 0 and 1"};
  Line line(values);
  for (std::size_t count = 1;; ++count) {
    Clustering clustering = line.Describe(values, line.Divide(count));
    if (count == std::min(most, line.size()) || clustering.within <= unexplained * clustering.total) return clustering;
  }
}

}  // namespace ringfort::statistics
