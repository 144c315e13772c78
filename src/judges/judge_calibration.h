#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "judges/classifier_judge.h"
#include "judges/judge.h"
#include "statistics/clustered_bootstrap.h"
#include "statistics/corrected_rate.h"

// How often a judge errs, counted on answers whose truth a person told.
//
//   sensitivity   of the true successes that it judged, the share that it called success
//   specificity   of the true failures that it judged, the share that it called failure
//   accuracy      of all that it judged, the share that it called right
//   balanced      the mean of the first two: 0.5 for a judge that guesses, whatever the mix
//
// Answers to one prompt stand and fall together, so intervals are clustered by prompt
// (statistics/clustered_bootstrap.h). What the judge could not judge is counted beside,
// never as a failure. The raw counts are what statistics/corrected_rate.h needs.

namespace ringfort::judges {

struct JudgeCalibration {
  std::string judge{};
  std::string version{};
  std::string question{};
  std::string method{};       // how answers and training were kept apart
  std::string data_digest{};  // SHA-256 over prompts, answers and labels, in order
  std::uint64_t answers = 0;
  std::uint64_t prompts = 0;
  statistics::JudgeCounts counts{};
  std::uint64_t unjudged_successes = 0;
  std::uint64_t unjudged_failures = 0;
  std::uint64_t errors = 0;  // the judge could not work
  // Nothing where no answer of that kind was judged.
  std::optional<statistics::ClusteredRate> sensitivity{};
  std::optional<statistics::ClusteredRate> specificity{};
  std::optional<statistics::ClusteredRate> accuracy{};
  std::optional<double> balanced{};
  std::optional<double> area{};  // AUROC of the score over what was judged
};

// Errors: as many judgments as answers it must be, and at least one; bad options.
Result<JudgeCalibration> CountJudgments(const JudgeCard& card, std::span<const LabeledAnswer> answers,
                                        std::span<const Judgment> judgments, std::string method,
                                        const statistics::BootstrapOptions& options = {});

// Has the judge decide each answer, and counts.
Result<JudgeCalibration> Calibrate(Judge& judge, std::span<const LabeledAnswer> answers, std::string method,
                                   const statistics::BootstrapOptions& options = {});

}  // namespace ringfort::judges
