#include "attacks/model_to_data/canary_exposure.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "statistics/skew_normal.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr AttackCard kCard{
    .name = "canary_exposure",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Find how early a planted secret comes when all secrets are tried by likelihood",
    .technique = "training_data_extraction.prefix",
    .reference = "arXiv:1802.08232",
    .needs = {engines::Ability::kScores},
    .samples = SampleKind::kFile,
    .shows = Shows::kNumber,
    .unit = "bits of exposure",
};

class CanaryExposureAttack : public Attack {
 public:
  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {
    if (sample.text.empty() || sample.candidates.empty())
      return Error{Fault::kInvalidInput, "a canary's sample needs its text and the same text with other secrets"};
    std::vector<std::string> texts = {sample.text};
    texts.insert(texts.end(), sample.candidates.begin(), sample.candidates.end());
    TRY_STATUS(budget.Take(texts.size()));
    const TokenMeter meter(target, budget);
    TRY(scores, target.Score(texts));
    std::vector<double> perplexities;
    for (const engines::TextScore& score : scores) {
      if (score.tokens.empty() || score.cut)
        return Error{Fault::kInvalidInput, "a canary or a candidate could not be scored whole"};
      perplexities.push_back(-score.Sum());
    }
    return ExposureOf(perplexities, sample.space);
  }
};

}  // namespace

std::uint64_t RankOf(double secret, std::span<const double> others) {
  std::uint64_t rank = 1;
  for (const double other : others) rank += other <= secret ? 1 : 0;
  return rank;
}

double ExactExposure(std::uint64_t rank, std::uint64_t space) {
  return std::log2(static_cast<double>(space)) - std::log2(static_cast<double>(rank));
}

Result<double> EstimatedExposure(double secret, std::span<const double> others) {
  TRY(fitted, statistics::FitSkewNormal(others));
  return -fitted.LogDistribution(secret) / std::numbers::ln2;
}

Result<Attempt> ExposureOf(std::span<const double> perplexities, double space) {
  const double secret = perplexities[0];
  const std::span<const double> others = perplexities.subspan(1);
  const std::uint64_t rank = RankOf(secret, others);
  const auto seen = static_cast<double>(perplexities.size());
  Attempt attempt;
  attempt.numbers = {{"rank", static_cast<double>(rank)}, {"candidates", seen}, {"log_perplexity", secret}};
  attempt.score = ExactExposure(rank, perplexities.size());
  if (space > seen) {
    TRY(estimated, EstimatedExposure(secret, others));
    // Nobody saves more guesses than there are.
    attempt.score = std::min(estimated, std::log2(space));
    attempt.numbers.push_back({"space", space});
  }
  return attempt;
}

AttackEntry CanaryExposure() {
  return {kCard, [](const Settings&) -> std::unique_ptr<Attack> { return std::make_unique<CanaryExposureAttack>(); }};
}

}  // namespace ringfort::attacks::model_to_data
