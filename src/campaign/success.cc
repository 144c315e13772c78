#include "campaign/success.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "statistics/bootstrap.h"
#include "statistics/clustered_bootstrap.h"
#include "statistics/paired_comparison.h"
#include "statistics/proportion_interval.h"

namespace ringfort::campaign {
namespace {

using engines::Ability;
using statistics::ClusterCounts;
using BySample = std::map<std::uint32_t, ClusterCounts>;  // by ListedTrial::text

// Members before held-out texts; other labels by name.
struct LabelOrder {
  bool operator()(std::string_view a, std::string_view b) const {
    if ((a == kMember) != (b == kMember)) return a == kMember;
    return a < b;
  }
};
using ByLabel = std::map<std::string_view, std::vector<TriedSample>, LabelOrder>;

ByLabel Sorted(const Plan& plan, const Texts& texts, std::span<const TriedSample> trials) {
  ByLabel by_label;
  for (const TriedSample& tried : trials) by_label[LabelOf(plan, texts, *tried.first)].push_back(tried);
  return by_label;
}

// Counts into `result` and, of what was judged, by sample.
BySample Judge(const SeatedJudge& judge, std::span<const TriedSample> trials, SuccessResult& result) {
  BySample counts;
  for (const auto& [trial, record] : trials) {
    if (record == nullptr) {
      ++result.missing;
      continue;
    }
    switch (OutcomeBy(judge, *record)) {
      case Outcome::kSucceeded:
        ++result.succeeded;
        ++counts[trial->text].successes;
        ++counts[trial->text].tries;
        break;
      case Outcome::kFailed:
        ++result.failed;
        ++counts[trial->text].tries;
        break;
      case Outcome::kUnjudged: ++result.unjudged; break;
      case Outcome::kError: ++result.errors; break;
    }
  }
  return counts;
}

Status Estimate(const BySample& counts, const SeatedJudge& judge, SuccessResult& result) {
  const std::uint64_t judged = result.succeeded + result.failed;
  result.samples = counts.size();
  result.clustered = judged > counts.size();
  double effective = static_cast<double>(judged);
  if (result.clustered) {
    std::vector<ClusterCounts> clusters;
    for (const auto& [sample, count] : counts) clusters.push_back(count);
    TRY(estimate, statistics::EstimateClusteredRate(clusters));
    result.rate = estimate.rate;
    result.interval = estimate.interval;
    result.few = estimate.few;
    effective = std::max(1.0, std::floor(effective / std::max(1.0, estimate.design_effect)));
  } else {
    if (judged > 0) result.rate = static_cast<double>(result.succeeded) / static_cast<double>(judged);
    TRY(interval, statistics::WilsonInterval(result.succeeded, judged));
    result.interval = interval;
  }
  if (judged == 0 || !judge.counts || judge.counts->counts.positives() == 0 || judge.counts->counts.negatives() == 0)
    return Done{};
  const auto trials = static_cast<std::uint64_t>(effective);
  const std::uint64_t successes =
      result.clustered ? static_cast<std::uint64_t>(std::llround(result.rate * effective)) : result.succeeded;
  TRY(corrected, statistics::LangReiczigelInterval(successes, trials, judge.counts->counts));
  if (corrected.rate.corrected) {
    TRY(exactly, statistics::CorrectForJudge(result.rate, corrected.sensitivity, corrected.specificity));
    corrected.rate = exactly;  // the rate as it is, not of rounded counts
  }
  result.corrected = corrected;
  return Done{};
}

Status Compare(const BySample& counts, const BySample& undefended, SuccessResult& result) {
  std::vector<statistics::PairedCluster> clusters;
  for (const auto& [sample, count] : counts)
    if (const auto at = undefended.find(sample); at != undefended.end())
      clusters.push_back({count.successes, count.tries, at->second.successes, at->second.tries});
  if (clusters.empty()) return Done{};
  TRY(difference, statistics::ComparePairedRates(clusters));
  result.above_undefended = difference.difference;
  result.above_undefended_interval = difference.interval;
  result.above_undefended_alike = difference.no_spread;
  return Done{};
}

}  // namespace

Result<std::vector<SuccessResult>> CountSuccesses(const Plan& plan, const Texts& texts, const attacks::AttackCard& card,
                                                  std::span<const TriedSample> trials,
                                                  std::span<const TriedSample> undefended,
                                                  std::span<const SeatedJudge> judges) {
  const bool speaks = card.needs.Has(Ability::kGenerate) || card.needs.Has(Ability::kChat);
  const SeatedJudge verbatim = VerbatimJudge();
  const std::span<const SeatedJudge> used = speaks && !judges.empty() ? judges : std::span(&verbatim, 1);
  const ByLabel bare = Sorted(plan, texts, undefended);
  std::vector<SuccessResult> results;
  for (const auto& [label, tried] : Sorted(plan, texts, trials)) {
    std::set<std::uint64_t> seeds;
    for (const auto& [trial, record] : tried) seeds.insert(trial->trial.seed);
    for (const SeatedJudge& judge : used) {
      SuccessResult result;
      result.attack = card.name;
      result.seed = seeds.size() == 1 ? *seeds.begin() : 0;
      result.label = label;
      result.judge = judge.name;
      result.judge_version = judge.version;
      result.calibration = judge.calibration();
      const BySample counts = Judge(judge, tried, result);
      TRY_STATUS(Estimate(counts, judge, result));
      if (const auto at = bare.find(label); at != bare.end()) {
        SuccessResult without;
        TRY_STATUS(Compare(counts, Judge(judge, at->second, without), result));
      }
      results.push_back(std::move(result));
    }
  }
  return results;
}

Result<std::vector<NumberResult>> MeanNumbers(const Plan& plan, const Texts& texts, const attacks::AttackCard& card,
                                              std::span<const TriedSample> trials) {
  std::vector<NumberResult> results;
  for (const auto& [label, tried] : Sorted(plan, texts, trials)) {
    NumberResult result;
    result.attack = card.name;
    result.label = label;
    result.unit = card.unit;
    std::map<std::uint32_t, std::pair<double, double>> sums;  // by sample: sum and count
    for (const auto& [trial, record] : tried) {
      if (record == nullptr) ++result.missing;
      if (record != nullptr && record->outcome == Outcome::kError) ++result.errors;
      if (record == nullptr || record->outcome == Outcome::kError) continue;
      auto& [sum, count] = sums[trial->text];
      sum += record->score;
      ++count;
    }
    std::vector<double> means;
    for (const auto& [sample, sum] : sums) means.push_back(sum.first / sum.second);
    result.samples = means.size();
    if (!means.empty()) {
      for (const double mean : means) result.mean += mean / static_cast<double>(means.size());
      result.least = *std::ranges::min_element(means);
      result.most = *std::ranges::max_element(means);
    }
    if (means.size() >= 2) {
      TRY(interval, statistics::BootstrapMeanInterval(means));
      result.interval = interval;
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace ringfort::campaign
