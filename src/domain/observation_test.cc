#include "domain/observation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace ringfort {
namespace {

using testing::HasSubstr;

Observation Sample() {
  Observation observation;
  observation.step = "step.x";
  observation.asset = "bigram";
  observation.mitigations = {"mitigation.a", "mitigation.b"};
  observation.adaptive = true;
  observation.successes = 3;
  observation.trials = 40;
  observation.source = "run 7";
  observation.measured_at = "2026-11-21T10:00:00Z";
  observation.tool_version = "0.1.0";
  observation.seed = 9;
  return Identified(observation);
}

TEST(Observation, TheIdIsOfAllTheRest) {
  std::set<std::string> ids = {Sample().id};
  const auto differs = [&](auto change) {
    Observation other = Sample();
    change(other);
    EXPECT_TRUE(ids.insert(Identified(other).id).second) << ids.size();
  };
  differs([](Observation& o) { o.step = "step.y"; });
  differs([](Observation& o) { o.asset = ""; });
  differs([](Observation& o) { o.mitigations = {"mitigation.a"}; });
  differs([](Observation& o) { o.mitigations = {"mitigation.a;12:mitigation.b"}; });
  differs([](Observation& o) { o.adaptive = false; });
  differs([](Observation& o) { o.successes = 4; });
  differs([](Observation& o) { o.trials = 41; });
  differs([](Observation& o) { o.source = "run 8"; });
  differs([](Observation& o) { o.measured_at = "2026-11-21T10:00:01Z"; });
  differs([](Observation& o) { o.tool_version = ""; });
  differs([](Observation& o) { o.seed = 10; });
  EXPECT_EQ(Sample().id.size(), 64u);
}

TEST(Observation, TheOrderInWhichMitigationsAreToldDoesNotMatter) {
  Observation other = Sample();
  other.mitigations = {"mitigation.b", "mitigation.a", "mitigation.b"};
  EXPECT_EQ(Identified(other), Sample());
}

TEST(Observation, WhatMakesNoSenseIsSaid) {
  const auto refusal = [](auto change) {
    Observation other = Sample();
    change(other);
    const Status status = CheckObservation(Identified(other));
    return status.ok() ? "none" : status.error().what;
  };
  EXPECT_EQ(refusal([](Observation&) {}), "none");
  EXPECT_EQ(refusal([](Observation& o) { o.successes = 41; }), "41 successes of 40 trials");
  EXPECT_THAT(refusal([](Observation& o) { o.successes = o.trials = 0; }), HasSubstr("a trial at least"));
  EXPECT_THAT(refusal([](Observation& o) { o.trials = ~std::uint64_t{0}; }), HasSubstr("more than the 1000000000000"));
  EXPECT_THAT(refusal([](Observation& o) { o.step = ""; }), HasSubstr("the step"));
  EXPECT_THAT(refusal([](Observation& o) { o.source = ""; }), HasSubstr("its source"));
  EXPECT_EQ(refusal([](Observation& o) { o.measured_at = "yesterday"; }),
            "'yesterday' is no time such as 2026-11-21T10:00:00Z");
  EXPECT_THAT(refusal([](Observation& o) { o.mitigations = {"\xFF"}; }), HasSubstr("not UTF-8"));
  Observation changed = Sample();
  changed.successes = 4;
  EXPECT_FALSE(CheckObservation(changed).ok()) << "the id is that of another";
}

TEST(Observation, KnowsATime) {
  for (const char* time : {"2026-11-21T10:00:00Z", "2026-11-21T10:00:00.123Z", "2024-02-29T23:59:59+01:00"})
    EXPECT_TRUE(IsTime(time)) << time;
  for (const char* time : {"", "2026-11-21", "2026-11-21 10:00:00Z", "2026-02-29T10:00:00Z", "2026-11-21T24:00:00Z",
                           "2026-11-21T10:60:00Z", "2026-11-21T10:00:60Z", "2026-11-21T10:00:00",
                           "2026-11-21T10:00:00.Z", "2026-11-21T10:00:00Zx", "2026-11-21T10:00:00+1:00",
                           "2026-11-21T10:00:00+01:00x", "2026-11-21T-1:00:00Z", "2026-11-21T10:00:00+25:00"})
    EXPECT_FALSE(IsTime(time)) << time;
}

}  // namespace
}  // namespace ringfort
