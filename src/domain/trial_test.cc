#include "domain/trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace ringfort {
namespace {

using testing::HasSubstr;

TrialRecord Sample() {
  TrialRecord record;
  record.trial = {.attack = "loss",
                  .attack_version = "1",
                  .defense = "",
                  .target = "ab12",
                  .sample = "cd34",
                  .settings = "k=0.2",
                  .seed = 7};
  record.id = TrialId(record.trial);
  record.label = "member";
  record.outcome = Outcome::kSucceeded;
  record.judge = "exact/1";
  record.score = -1.5;
  record.observed = "{}";
  record.seconds = 0.25;
  record.measured_at = "2026-11-21T10:00:00Z";
  record.tool_version = "0.1.0";
  return record;
}

TEST(Trial, TheIdIsOfAllThatDecidesWhatIsSeenAndOfNothingElse) {
  std::set<std::string> ids = {TrialId(Sample().trial)};
  const auto differs = [&](auto change) {
    Trial other = Sample().trial;
    change(other);
    EXPECT_TRUE(ids.insert(TrialId(other)).second) << ids.size();
  };
  differs([](Trial& t) { t.attack = "zlib"; });
  differs([](Trial& t) { t.attack_version = "2"; });
  differs([](Trial& t) { t.defense = "rounding"; });
  differs([](Trial& t) { t.defense = "4:ab12"; });
  differs([](Trial& t) { t.target = "ab13"; });
  differs([](Trial& t) { t.sample = ""; });
  differs([](Trial& t) { t.settings = ""; });
  differs([](Trial& t) { t.seed = 8; });
  EXPECT_EQ(ids.begin()->size(), 64u);
}

TEST(Trial, WhatMakesNoSenseIsSaid) {
  const auto refusal = [](auto change) {
    TrialRecord other = Sample();
    change(other);
    const Status status = CheckTrialRecord(other);
    return status.ok() ? "none" : status.error().what;
  };
  EXPECT_EQ(refusal([](TrialRecord&) {}), "none");
  EXPECT_THAT(refusal([](TrialRecord& r) { r.trial.attack = ""; }), HasSubstr("the attack"));
  EXPECT_THAT(refusal([](TrialRecord& r) { r.trial.target = ""; }), HasSubstr("its target"));
  EXPECT_THAT(refusal([](TrialRecord& r) { r.trial.sample = ""; }), HasSubstr("its sample"));
  EXPECT_THAT(refusal([](TrialRecord& r) { r.score = std::numeric_limits<double>::quiet_NaN(); }), HasSubstr("score"));
  EXPECT_THAT(refusal([](TrialRecord& r) { r.seconds = -1; }), HasSubstr("lasts"));
  EXPECT_THAT(refusal([](TrialRecord& r) { r.measured_at = "now"; }), HasSubstr("'now' is no time"));
  EXPECT_THAT(refusal([](TrialRecord& r) { r.observed = "\xFF"; }), HasSubstr("not UTF-8"));
  EXPECT_THAT(refusal([](TrialRecord& r) { r.trial.seed = 8; }), HasSubstr("does not fit"));
}

TEST(Outcome, HasANameEachWay) {
  for (const std::string_view name : kOutcomeNames) EXPECT_EQ(Name(*OutcomeFromName(name)), name);
  EXPECT_FALSE(OutcomeFromName("lost"));
}

}  // namespace
}  // namespace ringfort
