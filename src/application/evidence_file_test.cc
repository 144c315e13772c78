#include "application/evidence_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace ringfort {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

EvidenceFile Read(std::string_view text) { return ReadEvidence(text, "f", knowledge::BuiltinCatalog()); }

constexpr std::string_view kTable =
    "step,asset,mitigations,adaptive,successes,trials,source,measured_at,seed\n"
    "step.model_extraction.knockoff,bigram,,,3,40,\"run 7, by hand\",2026-11-21T10:00:00Z,9\n"
    "step.model_extraction.knockoff,,mitigation.rate_limit mitigation.cost_ceiling,true,0,40,run "
    "8,2026-11-21T11:00:00Z,\n";

TEST(EvidenceFile, ReadsATable) {
  const EvidenceFile file = Read(kTable);
  EXPECT_THAT(file.faults, IsEmpty());
  ASSERT_THAT(file.observations, SizeIs(2));
  Observation first;
  first.step = "step.model_extraction.knockoff";
  first.asset = "bigram";
  first.successes = 3;
  first.trials = 40;
  first.source = "run 7, by hand";
  first.measured_at = "2026-11-21T10:00:00Z";
  first.seed = 9;
  EXPECT_EQ(file.observations[0], Identified(first));
  EXPECT_THAT(file.observations[1].mitigations, ElementsAre("mitigation.cost_ceiling", "mitigation.rate_limit"));
  EXPECT_TRUE(file.observations[1].adaptive);
  EXPECT_EQ(file.observations[1].asset, "");
}

TEST(EvidenceFile, TabsAndJsonSayTheSame) {
  const std::vector<Observation> wanted = Read(kTable).observations;
  EXPECT_EQ(Read("step\tsuccesses\ttrials\tsource\tmeasured_at\tasset\tseed\r\n"
                 "step.model_extraction.knockoff\t3\t40\trun 7, by hand\t2026-11-21T10:00:00Z\tbigram\t9\r\n")
                .observations,
            std::vector{wanted[0]});
  const std::string list =
      R"([{"step": "step.model_extraction.knockoff", "asset": "bigram", "successes": 3, "trials": 40, "mitigations": [],
           "adaptive": false, "source": "run 7, by hand", "measured_at": "2026-11-21T10:00:00Z", "seed": 9},
          {"step": "step.model_extraction.knockoff", "asset": null, "successes": 0, "trials": 40, "adaptive": true,
           "mitigations": ["mitigation.rate_limit", "mitigation.cost_ceiling"], "source": "run 8",
           "measured_at": "2026-11-21T11:00:00Z"}])";
  EXPECT_EQ(Read(list).observations, wanted);
  EXPECT_EQ(Read("{\"schema\": \"x\", \"observations\": " + list + "}").observations, wanted);
}

TEST(EvidenceFile, EachFaultHasItsLine) {
  const auto faults = [](std::string_view line) {
    return Read("step,successes,trials,source,measured_at,mitigations,adaptive,id\n" + std::string(line) + "\n").faults;
  };
  const std::string step = "step.model_extraction.knockoff,";
  const std::string rest = ",s,2026-11-21T10:00:00Z,,,";
  EXPECT_THAT(faults(step + "1,2" + rest), IsEmpty());
  EXPECT_THAT(faults("step.model_extraction.knockof,1,2" + rest),
              ElementsAre("f:2: the catalog knows no step 'step.model_extraction.knockof' (did you mean "
                          "`step.model_extraction.knockoff`?)"));
  EXPECT_THAT(faults(",1,2" + rest), ElementsAre("f:2: the step that was tried is missing"));
  EXPECT_THAT(faults("step.access.model_query,1,2" + rest),
              ElementsAre("f:2: 'step.access.model_query' follows by definition: there is nothing to measure"));
  EXPECT_THAT(faults(step + "3,2" + rest), ElementsAre("f:2: 3 successes of 2 trials"));
  EXPECT_THAT(faults(step + "-1,2.5" + rest), ElementsAre("f:2: 'successes' must be a whole number, not '-1'",
                                                          "f:2: 'trials' must be a whole number, not '2.5'"));
  EXPECT_THAT(faults(step + ",2" + rest), ElementsAre("f:2: 'successes' must be a whole number, not ''"));
  EXPECT_THAT(faults(step + "1,99999999999999999999" + rest), ElementsAre(HasSubstr("must be a whole number")));
  EXPECT_THAT(faults(step + "1,2,,2026-11-21T10:00:00Z,,,"), ElementsAre(HasSubstr("needs its source")));
  EXPECT_THAT(faults(step + "1,2,s,today,,,"), ElementsAre(HasSubstr("'today' is no time")));
  EXPECT_THAT(faults(step + "1,2,s,2026-11-21T10:00:00Z,mitigation.rate_limits,,"),
              ElementsAre("f:2: the catalog knows no mitigation 'mitigation.rate_limits' (did you mean "
                          "`mitigation.rate_limit`?)"));
  EXPECT_THAT(faults(step + "1,2,s,2026-11-21T10:00:00Z,,maybe,"),
              ElementsAre("f:2: 'adaptive' must be true or false, not 'maybe'"));
  EXPECT_THAT(faults(step + "1,2,s,2026-11-21T10:00:00Z,,,abc"), ElementsAre(HasSubstr("somebody has changed")));
  EXPECT_THAT(faults("one,two"), ElementsAre("f:2: 2 cells, the header has 8"));
  EXPECT_THAT(faults("x,1,2" + rest + "\ny,1,2" + rest), SizeIs(2));
}

TEST(EvidenceFile, ColumnsMustBeKnownAndThere) {
  EXPECT_THAT(Read("step,sucesses,trials,source,measured_at\n").faults,
              ElementsAre("f:1: unknown column 'sucesses' (did you mean `successes`?)",
                          "f:1: the column 'successes' is missing"));
  EXPECT_THAT(Read("step,step,successes,trials,source,measured_at\n").faults,
              ElementsAre("f:1: the column 'step' stands twice"));
  EXPECT_THAT(Read("").faults, ElementsAre("f:1: no header line"));
  EXPECT_THAT(Read("{}").faults, ElementsAre("f:1: the list 'observations' is missing"));
  EXPECT_THAT(Read("[\n3]").faults, ElementsAre("f:2: an observation must be an object"));
  EXPECT_THAT(Read("[{\"tries\": 1}]").faults, testing::Contains(HasSubstr("f:1: unknown column 'tries'")));
  EXPECT_THAT(Read("[{\"step\": [1], \"mitigations\": {}}]").faults,
              testing::IsSupersetOf({"f:1: 'step' must be one value", "f:1: 'mitigations' must be a list of ids"}));
  EXPECT_THAT(Read("[{").faults, SizeIs(1));
}

TEST(EvidenceFile, OfManyFaultsAHundredAreTold) {
  std::string text = "step,successes,trials,source,measured_at\n";
  for (int i = 0; i < 1000; ++i) text += "nonesuch,1,2,s,2026-11-21T10:00:00Z\n";
  const EvidenceFile file = Read(text);
  EXPECT_THAT(file.faults, SizeIs(101));
  EXPECT_EQ(file.faults.back(), "f: and 900 faults more");
}

// Cut anywhere or with bits turned: an answer, never a crash; what is read passes the store's check.
TEST(EvidenceFile, SurvivesDamage) {
  std::mt19937 draw(20261121);
  for (const std::string& whole :
       {std::string(kTable), std::string(R"([{"step": "step.x", "trials": 4, "id": null}])")}) {
    for (std::size_t size = 0; size < whole.size(); ++size) (void)Read(std::string_view(whole).substr(0, size));
    for (int round = 0; round < 500; ++round) {
      std::string damaged = whole;
      for (int i = 0; i < 3; ++i) damaged[draw() % damaged.size()] ^= static_cast<char>(1u << (draw() % 8));
      for (const Observation& observation : Read(damaged).observations) EXPECT_TRUE(CheckObservation(observation).ok());
    }
  }
}

}  // namespace
}  // namespace ringfort
