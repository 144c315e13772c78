#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "campaign/judging.h"
#include "campaign/plan.h"
#include "campaign/trial_list.h"
#include "domain/trial.h"
#include "statistics/interval.h"

// What changed between two campaigns: before and after a model was trained anew, a
// defense put up, a setting turned.
//
// Lines meet by the names that the plans give (target, defense, attack, seed, label,
// judge). Where two lines tried the same texts, those texts alone are compared, each with
// itself: a text that is easy in both campaigns makes no noise.
//
//   areas    DeLong's paired test (statistics/auroc_interval.h); without two shared texts
//            of each kind, two independent areas with DeLong's variances
//   rates    bootstrap of the paired difference over samples, and whether more samples rose
//            than fell (mid-p McNemar; with several seeds a sign test by sample); without a
//            shared sample R. Newcombe's hybrid score interval, Statistics in Medicine 17
//            (1998), and the pooled two-proportion test. As judged, not corrected: a judge
//            errs alike in both.
//   numbers  bootstrap of the mean paired difference, and the same sign test
//
// Probabilities are adjusted over all lines that stand in both (Benjamini-Hochberg).

namespace ringfort::campaign {

// A campaign as the log holds it; what it refers to outlives the call.
struct LoggedCampaign {
  const Plan& plan;
  const Texts& texts;
  std::span<const Subject> subjects;
  std::span<const attacks::AttackEntry> cards;
  const TrialList& list;
  std::span<const TrialRecord> records;
  std::span<const SeatedJudge> judges;
};

enum class Measure : std::uint8_t { kArea, kRate, kNumber };
constexpr std::string_view Name(Measure measure) {
  return measure == Measure::kArea ? "AUROC" : measure == Measure::kRate ? "rate" : "number";
}

enum class Standing : std::uint8_t { kBoth, kGone, kNew };
constexpr std::string_view Name(Standing standing) {
  return standing == Standing::kBoth ? "both" : standing == Standing::kGone ? "gone" : "new";
}

struct ComparedLine {
  Measure measure = Measure::kArea;
  std::string target{};   // empty for an attack that asks none
  std::string defense{};  // empty: none
  std::string attack{};
  std::uint64_t seed = 0;     // 0: nothing is drawn, or several together
  std::string label{};        // empty for an area
  std::string judge{};        // of a rate
  bool uncalibrated = false;  // the judge, in either campaign
  Standing standing = Standing::kBoth;
  // Of the shared texts if `paired`, else of all; nothing where too few were tried.
  std::optional<double> before{}, after{};
  std::uint64_t texts_before = 0, texts_after = 0;  // that have a result
  bool paired = false;
  std::uint64_t shared = 0;
  std::optional<double> change{};                  // after - before
  std::optional<statistics::Interval> interval{};  // 95 %; nothing where all texts changed alike
  // That nothing changed, and the same adjusted; NaN where it cannot be told.
  double probability = 1;
  double adjusted = 1;
};

// Lines in the order of their names, areas before rates before numbers. Errors: none but
// of our own statistics.
Result<std::vector<ComparedLine>> Compare(const LoggedCampaign& before, const LoggedCampaign& after);

// `rose`, `fell`, `no change shown` (adjusted 0.05 or more), `too few`, `gone`, `new`.
std::string_view Reading(const ComparedLine& line);

}  // namespace ringfort::campaign
