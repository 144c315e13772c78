#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "attacks/attack.h"
#include "base/result.h"
#include "campaign/judging.h"
#include "campaign/trial_list.h"
#include "domain/trial.h"
#include "statistics/corrected_rate.h"
#include "statistics/interval.h"

// How often attacks that ask the target got what they wanted, and what numbers they
// brought home.
//
// A sample that was tried with several seeds stands and falls as one: then the interval is
// a bootstrap over samples (statistics/clustered_bootstrap.h), else Wilson's. A rate is
// corrected for the judge's errors where those were measured (statistics/corrected_rate.h);
// with clusters the correction is given as many tries as would be independent (tries over
// the design effect), which is an approximation of ours.

namespace ringfort::campaign {

// By one judge, of the samples of one label.
struct SuccessResult {
  std::string target{};
  std::string defense{};
  std::string attack{};
  std::uint64_t seed = 0;  // 0: several
  std::string label{};
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t unjudged = 0;
  std::uint64_t errors = 0;
  std::uint64_t missing = 0;
  double rate = 0;                  // of those judged
  statistics::Interval interval{};  // 95 %; see above
  std::string judge{};              // name; with version and what is known of its errors
  std::string judge_version{};
  Calibration calibration = Calibration::kByDefinition;
  std::uint64_t samples = 0;  // that were judged at least once
  bool clustered = false;     // the interval is that of a bootstrap over samples
  bool few = false;           // and those are too few for it: fewer than 20
  std::optional<statistics::CorrectedEstimate> corrected{};
  // Behind a defense: the rate minus that of the same attack without it, on the same samples.
  std::optional<double> above_undefended{};
  statistics::Interval above_undefended_interval{};
  bool above_undefended_alike = false;  // the same on every sample: the interval is that point and says nothing
};

// Of an attack whose result is a number; the mean over samples, each the mean of its seeds.
struct NumberResult {
  std::string target{};
  std::string defense{};
  std::string attack{};
  std::string label{};
  std::string unit{};
  std::uint64_t samples = 0;  // with a number
  std::uint64_t errors = 0;   // trials
  std::uint64_t missing = 0;
  double mean = 0;
  statistics::Interval interval{};  // 95 %, bootstrap over samples; from two samples on
  double least = 0;
  double most = 0;
};

// One trial and what was logged of it; nullptr if it was not made.
using TriedSample = std::pair<const ListedTrial*, const TrialRecord*>;

// One result a label and judge, labels in order, members first. `undefended`: the same
// attack's trials without a defense; empty where there is none. Attacks that do not make
// the target speak are judged by what the log says alone.
Result<std::vector<SuccessResult>> CountSuccesses(const Plan& plan, const Texts& texts, const attacks::AttackCard& card,
                                                  std::span<const TriedSample> trials,
                                                  std::span<const TriedSample> undefended,
                                                  std::span<const SeatedJudge> judges);

// One result a label.
Result<std::vector<NumberResult>> MeanNumbers(const Plan& plan, const Texts& texts, const attacks::AttackCard& card,
                                              std::span<const TriedSample> trials);

}  // namespace ringfort::campaign
