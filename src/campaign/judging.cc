#include "campaign/judging.h"

#include <utility>

#include "base/json.h"
#include "campaign/exchange_internal.h"
#include "campaign/plan.h"
#include "judges/classifier_file.h"
#include "judges/family.h"
#include "judges/language_model_judge.h"

namespace ringfort::campaign {

SeatedJudge VerbatimJudge() { return {std::string(kVerbatim), "1", nullptr, {}}; }

Result<std::vector<SeatedJudge>> SeatJudges(std::span<const std::string> names, const JudgeFiles& files) {
  std::vector<SeatedJudge> seated;
  for (const std::string& name : names) {
    if (name == kVerbatim) {
      seated.push_back(VerbatimJudge());
      continue;
    }
    SeatedJudge one;
    one.judge = judges::MakeRuleJudge(name);
    if (!one.judge && name == judges::LanguageModelJudge::StaticCard().name) {
      one.verdicts = std::make_shared<LoggedVerdicts>(judges::LanguageModelJudge::StaticCard(), *files.model);
      one.judge = one.verdicts;
    }
    if (!one.judge) {
      TRY(classifier, judges::ReadClassifier(files.classifier, files.classifier_name));
      one.judge = std::make_shared<judges::ClassifierJudge>(std::move(classifier.model));
    }
    one.name = name;
    one.version = one.judge->Card().version;
    if (!files.calibration.empty()) {
      auto counts = judges::ReadCalibratedCounts(files.calibration, files.calibration_name, one.name, one.version,
                                                 one.verdicts ? TargetName(*files.model) : std::string());
      if (!counts.ok() && counts.error().fault != Fault::kUnavailable) return counts.error();
      if (counts.ok()) one.counts = std::move(counts).value();
    }
    seated.push_back(std::move(one));
  }
  return seated;
}

Outcome OutcomeBy(const SeatedJudge& seated, const TrialRecord& record) {
  if (record.outcome == Outcome::kError || !seated.judge) return record.outcome;
  const auto observed = ParseJson(record.observed);
  if (!observed.ok() || !observed.value().is_object() || !observed.value().contains("produced"))
    return Outcome::kUnjudged;
  const judges::Judgment judgment = seated.judge->Decide(ExchangeIn(observed.value()));
  return judgment.outcome == Outcome::kError ? Outcome::kUnjudged : judgment.outcome;
}

}  // namespace ringfort::campaign
