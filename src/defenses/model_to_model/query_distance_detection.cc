#include "defenses/model_to_model/query_distance_detection.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "statistics/normality.h"
#include "statistics/quantile.h"

namespace ringfort::defenses::model_to_model {
namespace {

constexpr std::size_t kMostPoints = 5000;
constexpr std::size_t kMostDistances = 5000;  // what Shapiro-Wilk takes
constexpr std::size_t kEvery = 10;            // questions between two looks

constexpr SettingCard kSettings[] = {{"least_normality", 0.92, 0.5, 1, "W below which the alarm goes"},
                                     {"distances", 100, 10, 5000, "distances before anything is said"}};

constexpr DefenseCard kCard{
    .name = "query_distance_detection",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Raise an alarm on questions that are made from each other",
    .mitigation = "mitigation.query_anomaly_detection",
    .reference = "arXiv:1805.02628",
    .settings = kSettings,
};

double Distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const double apart = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += apart * apart;
  }
  return std::sqrt(sum);
}

class DistanceWatcher : public QueryWatcher {
 public:
  DistanceWatcher(double least_normality, std::size_t least_distances)
      : least_normality_(least_normality), least_distances_(least_distances) {}

  bool Watch(std::span<const float> question, std::int32_t answer) override {
    if (alarm_ || !std::all_of(question.begin(), question.end(), [](float x) { return std::isfinite(x); }))
      return alarm_;
    Kept& kept = kept_[answer];
    if (kept.points.empty()) {
      kept.points.emplace_back(question.begin(), question.end());
      return false;
    }
    double nearest = std::numeric_limits<double>::infinity();
    for (const std::vector<float>& point : kept.points) nearest = std::min(nearest, Distance(point, question));
    // The oldest goes where there are too many.
    if (distances_.size() < kMostDistances)
      distances_.push_back(nearest);
    else
      distances_[seen_ % kMostDistances] = nearest;
    ++seen_;
    const double bound = kept.distances.size() < 2
                             ? 0
                             : statistics::Mean(kept.distances) - std::sqrt(statistics::Variance(kept.distances));
    if (kept.points.size() < kMostPoints && (kept.distances.empty() || nearest > bound)) {
      kept.points.emplace_back(question.begin(), question.end());
      kept.distances.push_back(nearest);
    }
    if (distances_.size() >= least_distances_ && seen_ % kEvery == 0)
      if (const auto normality = NormalityOfDistances(distances_)) alarm_ = *normality < least_normality_;
    return alarm_;
  }

 private:
  struct Kept {
    std::vector<std::vector<float>> points{};
    std::vector<double> distances{};  // with which they joined
  };

  double least_normality_;
  std::size_t least_distances_;
  std::map<std::int32_t, Kept> kept_{};
  std::vector<double> distances_{};
  std::size_t seen_ = 0;
  bool alarm_ = false;
};

}  // namespace

std::optional<double> NormalityOfDistances(const std::vector<double>& distances) {
  const double mean = statistics::Mean(distances);
  const double deviation = std::sqrt(statistics::Variance(distances));
  std::vector<double> inner;
  for (const double distance : distances)
    if (std::abs(distance - mean) <= 3 * deviation) inner.push_back(distance);
  const auto normality = statistics::ShapiroWilk(inner);
  if (!normality.ok()) return std::nullopt;
  return normality.value();
}

DefenseEntry QueryDistanceDetection() {
  return {kCard, [](const Settings& settings) -> std::unique_ptr<QueryWatcher> {
            return std::make_unique<DistanceWatcher>(settings["least_normality"], settings.Count("distances"));
          }};
}

}  // namespace ringfort::defenses::model_to_model
