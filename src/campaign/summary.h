#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "campaign/attack_flow.h"
#include "campaign/judging.h"
#include "campaign/plan.h"
#include "campaign/success.h"
#include "campaign/trial_list.h"
#include "domain/trial.h"
#include "statistics/interval.h"
#include "statistics/receiver_operating_curve.h"

// What a campaign's trials say. Made from the log alone, so that a run that was cut and
// resumed says the same as one that was not.
//
// Every membership result stands beside the blind baseline on the same texts: a score
// that does no better than one which never saw the model shows how the two sets differ,
// not what the model remembers. And where the two sets can be told apart without the
// model, by that baseline or by the length of the texts alone, no score shows a leak at
// all: it may follow what the baseline does not see.

namespace ringfort::campaign {

// How well one score tells members from held-out texts of one target.
struct MembershipResult {
  std::string target{};   // Subject::id; empty for an attack that asks no target
  std::string defense{};  // empty: none
  std::string attack{};
  std::uint64_t seed = 0;
  std::uint64_t members = 0;  // with a score
  std::uint64_t held_out = 0;
  std::uint64_t errors = 0;   // trials without one
  std::uint64_t missing = 0;  // not made yet
  double auroc = 0.5;
  statistics::Interval interval{};  // DeLong, 95 %
  statistics::RateAtFalsePositiveRate at_one_percent{};
  statistics::RateAtFalsePositiveRate at_one_permille{};
  // Two-sided, that the area is 1/2, and the same adjusted over all results of the
  // campaign (Benjamini-Hochberg).
  double probability = 1;
  double adjusted = 1;
  // AUROC minus that of the blind baseline on the same texts; none without a baseline.
  std::optional<double> above_blind{};
  statistics::Interval above_blind_interval{};
  // Behind a defense: AUROC minus that of the same attack without it, on the same texts.
  std::optional<double> above_undefended{};
  statistics::Interval above_undefended_interval{};
  std::vector<statistics::OperatingPoint> curve{};  // for a picture with logarithmic axes
  // The same area from fewer texts, as many of each kind, chosen by their digests: 8, 16,
  // 32... and all. What more texts would have shown.
  struct Growth {
    std::uint64_t texts = 0;  // of both kinds
    double auroc = 0.5;
    statistics::Interval interval{};
  };
  std::vector<Growth> growth{};

  bool scored() const { return members >= 2 && held_out >= 2; }
};

// What an attack on the model as such, which reads no text, got out of it.
struct TakenResult {
  std::string target{};
  std::string defense{};
  std::string attack{};
  std::uint64_t seed = 0;
  bool missing = false;  // not made yet
  Outcome outcome = Outcome::kUnjudged;
  std::string error{};  // the target's sentence, if the outcome is that
  double found = 0;
  std::uint64_t truth = 0;  // 0: the engine does not tell it
  std::uint64_t queries = 0;
  std::uint64_t tokens = 0;
  // What was in hand after part of what was spent; empty where the attack draws no curve.
  std::string spent{}, gained{};  // nouns
  std::vector<attacks::BudgetPoint> curve{};
};

struct Summary {
  std::string name{};
  std::uint64_t listed = 0;
  std::uint64_t made = 0;
  std::uint64_t queries = 0;
  std::uint64_t tokens = 0;
  std::vector<MembershipResult> membership{};
  std::vector<SuccessResult> success{};
  std::vector<NumberResult> numbers{};
  std::vector<TakenResult> taken{};
  std::vector<AttackFlow> flows{};
  std::vector<Skip> skips{};
  // The least AUROC above 1/2 that this many texts would show four times in five.
  double detectable_auroc = 1;
  // How well the mere length of the texts tells members from the others, and the
  // two-sided probability of that if they are drawn alike.
  double length_auroc = 0.5;
  double length_probability = 1;
  // The blind baseline (adjusted) or the lengths say so with less than 0.05.
  bool sets_differ = false;
};

// What a reader should take away from one result, in a few words: `leaks` only where the
// area is told from 1/2, lies above that of the blind baseline, and the two sets cannot be
// told apart without the model; else why not.
std::string_view Reading(const MembershipResult& result, const Summary& summary);

// The same of what an attack is worth in bits: of membership what its area reads, since bits alone
// do not know of the blind baseline; of secrets whether the interval lies above zero.
std::string_view Reading(const AttackFlow& flow, const Summary& summary);

// `records` in any order; those that the list does not hold are left out. Without `judges`
// there is the verbatim one. Errors: none but of our own statistics.
Result<Summary> Summarize(const Plan& plan, const Texts& texts, std::span<const Subject> subjects,
                          std::span<const attacks::AttackEntry> cards, const TrialList& list,
                          std::span<const TrialRecord> records, std::span<const SeatedJudge> judges = {});

// The area above 1/2 that is told from 1/2 at the 5 % level four times in five:
// (z(0.975) + z(0.8)) standard errors of the Mann-Whitney statistic where nothing is
// to be told, sqrt((n + m + 1) / (12 n m)). Source: J. Hanley, B. McNeil, Radiology 143
// (1982), for the variance; 1 where no area would do.
double DetectableAuroc(std::uint64_t positives, std::uint64_t negatives);

}  // namespace ringfort::campaign
