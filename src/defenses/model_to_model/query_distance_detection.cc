#include "defenses/model_to_model/query_distance_detection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "defenses/wrapped_model.h"
#include "detectors/words.h"
#include "statistics/normality.h"
#include "statistics/quantile.h"

namespace ringfort::defenses::model_to_model {
namespace {

using engines::Ability;
using engines::Token;

constexpr std::size_t kMostPoints = 5000;
constexpr std::size_t kMostDistances = 5000;  // what Shapiro-Wilk takes
constexpr std::size_t kEvery = 10;            // questions between two looks
constexpr std::size_t kPlaces = 256;          // of words

constexpr SettingCard kSettings[] = {{"least_normality", 0.92, 0.5, 1, "W below which the alarm goes"},
                                     {"distances", 100, 10, 5000, "distances before anything is said"}};

constexpr DefenseCard kCard{
    .name = "query_distance_detection",
    .version = "2",  // around a model; equal distances alarm
    .axis = Axis::kModelToModel,
    .goal = "Raise an alarm on questions that are made from each other, and answer that client no more",
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

class WatchedModel final : public WrappedModel {
 public:
  WatchedModel(engines::Model& inner, double least_normality, std::size_t distances)
      : WrappedModel(inner), fresh_(least_normality, distances), watcher_(fresh_) {}

  void MeetNewClient() override {
    watcher_ = fresh_;
    inner().MeetNewClient();
  }

  Result<std::vector<engines::TextScore>> Score(std::span<const std::string> texts, bool moments) override {
    TRY_STATUS(Watch(texts));
    return inner().Score(texts, moments);
  }
  Result<engines::Matrix> Embed(std::span<const std::string> texts) override {
    TRY_STATUS(Watch(texts));
    return inner().Embed(texts);
  }
  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    std::string question = request.prompt;
    if (!request.messages.empty()) question.clear();
    for (const engines::ChatMessage& message : request.messages) question += message.content + "\n";
    TRY_STATUS(Watch({&question, 1}));
    return inner().Generate(request);
  }
  Result<engines::Matrix> Logits(std::span<const Token> tokens) override {
    TRY_STATUS(WatchTokens(tokens));
    return inner().Logits(tokens);
  }
  Result<std::vector<engines::Matrix>> HiddenStates(std::span<const Token> tokens) override {
    TRY_STATUS(WatchTokens(tokens));
    return inner().HiddenStates(tokens);
  }

 private:
  Status Watch(std::span<const std::string> questions) {
    bool alarm = false;
    for (const std::string& question : questions) alarm = watcher_.Watch(PointOfText(question), 0);
    if (!alarm) return Done{};
    return Error{Fault::kUnsupported,
                 fmt::format("alarm: these questions are made from each other (W {:.2f} over {} distances); this "
                             "client gets no answer any more",
                             watcher_.normality(), watcher_.distances())};
  }

  // A model that does not know its own tokens' texts knows no question.
  Status WatchTokens(std::span<const Token> tokens) {
    if (!inner().Gives().Has(Ability::kTokens)) return Done{};
    const auto text = inner().Detokenize(tokens);
    return text.ok() ? Watch({&text.value(), 1}) : Status(Done{});  // the model itself says what is wrong with them
  }

  DistanceWatcher fresh_;
  DistanceWatcher watcher_;
};

}  // namespace

bool DistanceWatcher::Watch(std::span<const float> question, std::int32_t answer) {
  if (alarm_ || !std::all_of(question.begin(), question.end(), [](float x) { return std::isfinite(x); })) return alarm_;
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
    if (const auto normality = NormalityOfDistances(distances_)) {
      normality_ = *normality;
      alarm_ = normality_ < least_normality_;
    }
  return alarm_;
}

std::optional<double> NormalityOfDistances(const std::vector<double>& distances) {
  const double mean = statistics::Mean(distances);
  const double deviation = std::sqrt(statistics::Variance(distances));
  std::vector<double> inner;
  for (const double distance : distances)
    if (std::abs(distance - mean) <= 3 * deviation) inner.push_back(distance);
  if (inner.size() < 3) return std::nullopt;
  if (std::ranges::max(inner) == std::ranges::min(inner)) return 0;
  const auto normality = statistics::ShapiroWilk(inner);
  if (!normality.ok()) return std::nullopt;
  return normality.value();
}

std::vector<float> PointOfText(std::string_view text) {
  std::vector<float> point(kPlaces, 0);
  for (const std::string& word : detectors::WordsOf(text)) {
    std::uint32_t hash = 2166136261U;  // FNV-1a: the same on every machine
    for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    point[(hash ^ (hash >> 16)) % kPlaces] += 1;
  }
  double squares = 0;
  for (const float count : point) squares += static_cast<double>(count) * count;
  if (squares > 0)
    for (float& count : point) count = static_cast<float>(count / std::sqrt(squares));
  return point;
}

DefenseEntry QueryDistanceDetection() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return std::make_unique<WatchedModel>(inner, settings["least_normality"], settings.Count("distances"));
          }};
}

}  // namespace ringfort::defenses::model_to_model
