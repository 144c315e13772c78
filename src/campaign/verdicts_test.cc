#include "campaign/verdicts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacks/model_to_data/family.h"
#include "campaign/judging.h"
#include "engines/scripted/scripted_model.h"
#include "evidence/memory/memory_store.h"
#include "judges/language_model_judge.h"

namespace ringfort::campaign {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TrialRecord Answer(std::string answer, std::string prompt = "say it", std::string attack = "divergence") {
  TrialRecord record;
  record.trial.attack = std::move(attack);
  record.observed = R"({"prompt": ")" + prompt + R"(", "produced": ")" + answer + R"("})";
  return record;
}

// Says YES where the answer under judgment holds "sure", NO where it holds "sorry", nonsense
// where it holds "odd".
engines::Script Speaker(std::span<const TrialRecord> records) {
  engines::Script script;
  script.context = 4000;
  script.gives = {engines::Ability::kGenerate};
  for (const TrialRecord& record : records) {
    const auto at = [&](std::string_view key) {
      const std::size_t begin = record.observed.find(key) + key.size();
      return record.observed.substr(begin, record.observed.find('"', begin) - begin);
    };
    const std::string prompt = at(R"("prompt": ")"), answer = at(R"("produced": ")");
    const std::string reply = answer.find("sure") != std::string::npos    ? "YES"
                              : answer.find("sorry") != std::string::npos ? "NO"
                                                                          : "perhaps";
    script.answers[judges::JudgeQuestion({prompt, answer, ""}) + "\nReply: "] = reply;
  }
  return script;
}

class VerdictsTest : public testing::Test {
 protected:
  VerdictsTest() { EXPECT_TRUE(store_.Begin({.id = "r", .kind = RunKind::kCampaign}).ok()); }

  RunOutcome Ask(const engines::Script& script) {
    model_ = std::make_shared<engines::ScriptedModel>(script);
    judges::LanguageModelJudge judge(model_);
    RunOptions options;
    options.run = "r";
    options.now = [] { return std::string("2026-11-22T10:00:00Z"); };
    const auto wanted = WantedVerdicts(judge.Card(), model_->Facts(), records_, cards_);
    return AskVerdicts(judge, *model_, wanted, store_, options).value();
  }

  std::vector<Outcome> Told() {
    const auto told = std::make_shared<LoggedVerdicts>(judges::LanguageModelJudge::StaticCard(), model_->Facts());
    std::vector<std::string> ids;
    for (const WantedVerdict& wanted : WantedVerdicts(told->Card(), told->model(), records_, cards_))
      ids.push_back(wanted.id);
    told->Learn(store_.FindTrials(ids).value());
    const SeatedJudge seated{"language_model", "1", told, {}, told};
    std::vector<Outcome> outcomes;
    for (const TrialRecord& record : records_) outcomes.push_back(OutcomeBy(seated, record));
    return outcomes;
  }

  const std::vector<attacks::AttackEntry> cards_ = attacks::model_to_data::Family();
  std::vector<TrialRecord> records_ = {Answer("sure, here"), Answer("sorry, no"), Answer("odd")};
  std::shared_ptr<engines::ScriptedModel> model_;
  MemoryStore store_;
};

TEST_F(VerdictsTest, AreAskedOnceAndToldFromTheLog) {
  const RunOutcome first = Ask(Speaker(records_));
  EXPECT_EQ(first.made, 3u);
  EXPECT_EQ(model_->calls(), 3u);
  EXPECT_THAT(Told(), ElementsAre(Outcome::kSucceeded, Outcome::kFailed, Outcome::kUnjudged));
  records_.push_back(records_[1]);  // the same exchange, of another target
  records_.push_back(Answer("sure, too"));
  EXPECT_THAT(Told(), ElementsAre(Outcome::kSucceeded, Outcome::kFailed, Outcome::kUnjudged, Outcome::kFailed,
                                  Outcome::kUnjudged))
      << "the last was not asked yet";
  const RunOutcome second = Ask(Speaker(records_));
  EXPECT_EQ(second.known, 3u) << "nonsense, too, is not asked again";
  EXPECT_EQ(second.made, 1u);
  EXPECT_EQ(model_->calls(), 1u);
  EXPECT_EQ(Told().back(), Outcome::kSucceeded);
}

TEST_F(VerdictsTest, LeaveOutWhatIsNoAnswer) {
  records_ = {Answer("sure"), Answer("0.5", "x", "loss"), Answer("sure", "x", "nonesuch"), Answer("sure", "broken"),
              Answer("sure", "odd")};
  records_[3].observed = "{";
  records_[4].outcome = Outcome::kError;
  EXPECT_EQ(Ask(Speaker(std::span(records_).first(1))).listed, 1u);
}

TEST_F(VerdictsTest, AnotherModelIsAnotherJudge) {
  Ask(Speaker(records_));
  engines::Script other = Speaker(records_);
  other.language.seed = 99;
  EXPECT_EQ(Ask(other).known, 0u);
}

TEST_F(VerdictsTest, AModelThatDoesNotAnswerLeavesNoVerdict) {
  engines::Script script = Speaker(records_);
  script.faults = {{2, 99, {Fault::kUnavailable, "it sleeps"}}};
  records_.push_back(Answer("sure, and more"));
  const RunOutcome outcome = Ask(script);
  EXPECT_EQ(outcome.made, 1u);
  EXPECT_EQ(outcome.missing(), 3u);
  EXPECT_THAT(outcome.troubles, ElementsAre("judge language_model: left after 3 failures in a row: it sleeps"));
  EXPECT_THAT(Told(), ElementsAre(Outcome::kSucceeded, Outcome::kUnjudged, Outcome::kUnjudged, Outcome::kUnjudged));
  EXPECT_EQ(Ask(Speaker(records_)).made, 3u);
}

// A question that is too long today is too long tomorrow.
TEST_F(VerdictsTest, AQuestionThatDoesNotFitIsUnjudgedAndNotAskedAgain) {
  engines::Script script = Speaker(records_);
  script.faults = {{1, 1, {Fault::kInvalidInput, "too long"}}};
  EXPECT_EQ(Ask(script).made, 3u);
  EXPECT_THAT(Told(), ElementsAre(Outcome::kUnjudged, Outcome::kFailed, Outcome::kUnjudged));
  EXPECT_EQ(Ask(Speaker(records_)).made, 0u);
}

TEST(SeatJudges, HonorsACalibrationOfThisModelAlone) {
  engines::ModelFacts facts;
  facts.engine = "http";
  facts.name = "judge";
  const auto counts = [](std::string_view model) {
    return R"({"schema": "ringfort.judge_calibration/1", "model": )" + std::string(model) +
           R"(, "judges": [{"name": "language_model", "version": "1", "found": 9, "missed": 1, "passed": 8, )"
           R"("false_alarms": 2}]})";
  };
  const auto seat = [&](const std::string& calibration) {
    return SeatJudges(std::vector<std::string>{"language_model"}, {calibration, "c.json", {}, {}, &facts})
        .value()[0]
        .calibration();
  };
  EXPECT_EQ(seat(counts(R"({"engine": "http", "name": "judge", "sha256": ""})")), Calibration::kMeasured);
  EXPECT_EQ(seat(counts(R"({"engine": "http", "name": "other", "sha256": ""})")), Calibration::kUncalibrated);
  EXPECT_EQ(seat(counts("null")), Calibration::kUncalibrated);
  EXPECT_EQ(seat(counts(R"({"sha256": "ab"})")), Calibration::kUncalibrated);
  facts.digest = "ab";
  EXPECT_EQ(seat(counts(R"({"sha256": "ab"})")), Calibration::kMeasured);
}

}  // namespace
}  // namespace ringfort::campaign
