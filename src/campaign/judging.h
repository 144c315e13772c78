#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "campaign/verdicts.h"
#include "domain/trial.h"
#include "judges/calibration_file.h"
#include "judges/judge.h"

// The judges of a campaign. They judge what the log holds, whenever somebody asks: no
// target is asked again, and another judge, or a better version of one, needs no new trial.
// A judge that asks a model is asked when trials are made, and its verdicts are logged
// (campaign/verdicts.h).

namespace ringfort::campaign {

// What is known of a judge's errors.
enum class Calibration : std::uint8_t {
  kByDefinition,  // what it says is what is meant
  kUncalibrated,  // nothing; its numbers may be far off
  kMeasured,      // how often it erred on labeled answers
};

constexpr std::string_view Name(Calibration calibration) {
  return calibration == Calibration::kByDefinition   ? "by definition"
         : calibration == Calibration::kUncalibrated ? "uncalibrated"
                                                     : "measured";
}

struct SeatedJudge {
  std::string name{};
  std::string version{};
  std::shared_ptr<judges::Judge> judge{};            // none: kVerbatim, which the log itself tells
  std::optional<judges::CalibratedCounts> counts{};  // none: never calibrated
  std::shared_ptr<LoggedVerdicts> verdicts{};        // the same as `judge` where that asks a model

  Calibration calibration() const {
    if (!judge) return Calibration::kByDefinition;
    return counts ? Calibration::kMeasured : Calibration::kUncalibrated;
  }
};

SeatedJudge VerbatimJudge();

// Judges by name, with the counts that `calibration` has of them: the text of what
// `ringfort judge calibrate --format json` wrote, empty for none; `classifier` that of
// `ringfort judge train`. A judge that the calibration does not speak of, in its present
// version, is uncalibrated. Errors: those of the two files, whose names stand for them.
struct JudgeFiles {
  std::string_view calibration{}, calibration_name{};
  std::string_view classifier{}, classifier_name{};
  const engines::ModelFacts* model = nullptr;  // of the model that a judge asks; none: nullptr
};
// REQUIRES: CheckJudges passed.
Result<std::vector<SeatedJudge>> SeatJudges(std::span<const std::string> names, const JudgeFiles& files);

// An error stays one, whoever judges. Where the log holds no answer, or the judge could not
// work, nobody could tell: kUnjudged.
Outcome OutcomeBy(const SeatedJudge& seated, const TrialRecord& record);

}  // namespace ringfort::campaign
