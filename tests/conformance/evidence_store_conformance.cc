#include "conformance/evidence_store_conformance.h"

#include <unistd.h>

#include <filesystem>
#include <limits>
#include <utility>

#include "domain/artifact_codec.h"

namespace ringfort {

std::string MakeFolder() {
  std::string shape = (std::filesystem::temp_directory_path() / "ringfort-store-XXXXXX").string();
  return mkdtemp(shape.data()) == nullptr ? std::string() : shape;
}

EvidenceStoreConformance::EvidenceStoreConformance() : folder_(MakeFolder()), store_(GetParam()(folder_)) {}

EvidenceStoreConformance::~EvidenceStoreConformance() {
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Run SampleRun(std::string id) {
  Run run;
  run.id = std::move(id);
  run.kind = RunKind::kAssess;
  run.started_at = "2026-11-21T10:00:00Z";
  run.tool_version = "0.1.0";
  run.rule_set_version = "2026.11.21";
  run.mode = "full";
  run.limits = "time=60000";
  run.seed = std::numeric_limits<std::uint64_t>::max();
  run.arguments = {"assess", "a folder", "--seed", "7", ""};
  return run;
}

ArtifactReport SampleReport(std::string path, std::string sha256) {
  ArtifactReport report;
  report.path = path;
  report.sha256 = std::move(sha256);
  report.size = 1234567890123;
  report.format = "pickle";
  report.findings.push_back({"RF-PKL-001", Severity::kCritical, {path + "!/x", 42}, "posix.system", 3, ""});
  report.findings.push_back({"RF-PKL-002", Severity::kLow, {path, kNoOffset}, "a 'quoted' \n \xE2\x82\xAC", 1, "seen"});
  report.facts = {{"architecture", "llama"}, {"license", "MIT"}};
  return report;
}

Observation SampleObservation() {
  Observation observation;
  observation.step = "step.x";
  observation.asset = "bigram";
  observation.mitigations = {"mitigation.a", "mitigation.b"};
  observation.adaptive = true;
  observation.successes = 3;
  observation.trials = 40;
  observation.source = "run 'r1'";
  observation.measured_at = "2026-11-21T10:00:00Z";
  observation.tool_version = "0.1.0";
  observation.seed = std::numeric_limits<std::uint64_t>::max();
  return Identified(observation);
}

void ExpectSame(const ArtifactReport& got, const ArtifactReport& wanted) {
  EXPECT_EQ(EncodeArtifactReport(got), EncodeArtifactReport(wanted)) << wanted.path;
}

namespace {

CacheKey KeyOf(const Run& run, const ArtifactReport& report) {
  return {report.sha256, report.size, run.tool_version, run.rule_set_version, run.mode, run.limits};
}

TEST_P(EvidenceStoreConformance, GivesBackWhatItWasGivenInOrder) {
  const auto run = SampleRun("r1");
  ASSERT_TRUE(store_->Begin(run).ok());
  std::vector<ArtifactReport> reports = {SampleReport("b", "22"), SampleReport("a", "11"), {}};
  reports[2].path = "never read";
  reports[2].skipped = {{"all of it", "permission denied", kNoOffset}, {"tail", "ends early", 7}};
  ASSERT_TRUE(store_->Append("r1", std::span(reports).first(2)).ok());
  ASSERT_TRUE(store_->Append("r1", std::span(reports).last(1)).ok());
  const auto loaded = store_->Load("r1");
  ASSERT_TRUE(loaded.ok()) << loaded.error().what;
  EXPECT_EQ(loaded.value().run, run);
  ASSERT_EQ(loaded.value().artifacts.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) ExpectSame(loaded.value().artifacts[i], reports[i]);
}

TEST_P(EvidenceStoreConformance, ARunIsInterruptedUntilItIsFinished) {
  auto run = SampleRun("r1");
  run.finished_at = "ignored";
  ASSERT_TRUE(store_->Begin(run).ok());
  EXPECT_FALSE(store_->List().value()[0].finished_at);
  ASSERT_TRUE(store_->Finish("r1", "2026-11-21T10:00:05Z").ok());
  EXPECT_EQ(store_->List().value()[0].finished_at, "2026-11-21T10:00:05Z");
  EXPECT_EQ(store_->Load("r1").value().run.finished_at, "2026-11-21T10:00:05Z");
}

TEST_P(EvidenceStoreConformance, ListsTheOldestFirst) {
  auto late = SampleRun("late"), early = SampleRun("early");
  early.started_at = "2026-11-20T10:00:00Z";
  ASSERT_TRUE(store_->Begin(late).ok());
  ASSERT_TRUE(store_->Begin(early).ok());
  const auto runs = store_->List();
  ASSERT_TRUE(runs.ok());
  ASSERT_EQ(runs.value().size(), 2u);
  EXPECT_EQ(runs.value()[0].id, "early");
}

TEST_P(EvidenceStoreConformance, RefusesWhatMakesNoSense) {
  const auto expect_invalid = [](const auto& result) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().fault, Fault::kInvalidInput);
  };
  const std::vector<ArtifactReport> one = {SampleReport("a", "11")};
  expect_invalid(store_->Begin({}));
  expect_invalid(store_->Append("none", one));
  expect_invalid(store_->Finish("none", "now"));
  expect_invalid(store_->Load("none"));
  ASSERT_TRUE(store_->Begin(SampleRun("r1")).ok());
  expect_invalid(store_->Begin(SampleRun("r1")));
  ASSERT_TRUE(store_->Finish("r1", "now").ok());
  expect_invalid(store_->Append("r1", one));
  expect_invalid(store_->Finish("r1", "again"));
  EXPECT_TRUE(store_->Load("r1").value().artifacts.empty());
}

TEST_P(EvidenceStoreConformance, RemembersAnArtifactUnderItsWholeKeyOnly) {
  const auto run = SampleRun("r1");
  const ArtifactReport report = SampleReport("old/m.pkl", "11");
  ASSERT_TRUE(store_->Begin(run).ok());
  ASSERT_TRUE(store_->Append("r1", std::span(&report, 1)).ok());
  const CacheKey key = KeyOf(run, report);
  const auto found = store_->Find(key, "new/m.pkl");
  ASSERT_TRUE(found.ok());
  ASSERT_TRUE(found.value());
  const ArtifactReport& recalled = *found.value();
  EXPECT_TRUE(recalled.from_cache);
  EXPECT_EQ(recalled.path, "new/m.pkl");
  EXPECT_EQ(recalled.findings[0].where.container, "new/m.pkl!/x");
  EXPECT_EQ(recalled.findings[1].suppressed, "") << "the policy of today decides";
  EXPECT_EQ(recalled.facts, report.facts);

  std::vector<CacheKey> others(6, key);
  others[0].sha256 = "12";
  others[1].size = 1;
  others[2].tool_version = "0.2.0";
  others[3].rule_set_version = "2027";
  others[4].mode = "structure";
  others[5].limits = "time=1";
  for (const CacheKey& other : others) EXPECT_FALSE(store_->Find(other, "old/m.pkl").value());
  EXPECT_FALSE(store_->Find(key, "old/m.safetensors").value()) << "another name may be a masquerade";
}

TEST_P(EvidenceStoreConformance, NeverRecallsAnIncompleteReadingOrOneWithoutDigest) {
  const auto run = SampleRun("r1");
  std::vector<ArtifactReport> reports = {SampleReport("a", "11"), SampleReport("b", "")};
  reports[0].skipped.push_back({"tail", "out of time", 5});
  ASSERT_TRUE(store_->Begin(run).ok());
  ASSERT_TRUE(store_->Append("r1", reports).ok());
  EXPECT_FALSE(store_->Find(KeyOf(run, reports[0]), "a").value());
  EXPECT_FALSE(store_->Find(KeyOf(run, reports[1]), "b").value());
}

TEST_P(EvidenceStoreConformance, RecallsTheNewestWord) {
  ArtifactReport report = SampleReport("a", "11");
  for (const char* id : {"r1", "r2"}) {
    ASSERT_TRUE(store_->Begin(SampleRun(id)).ok());
    report.facts["run"] = id;
    ASSERT_TRUE(store_->Append(id, std::span(&report, 1)).ok());
  }
  EXPECT_EQ(store_->Find(KeyOf(SampleRun("r1"), report), "a").value()->facts.at("run"), "r2");
}

TEST_P(EvidenceStoreConformance, KeepsHostileTextAsItIs) {
  const std::string nasty("'; DROP TABLE runs; --\0\xFF\"x", 26);
  ArtifactReport report = SampleReport(nasty, nasty);
  report.findings[0].evidence = nasty;
  auto run = SampleRun(nasty);
  ASSERT_TRUE(store_->Begin(run).ok());
  ASSERT_TRUE(store_->Append(nasty, std::span(&report, 1)).ok());
  const auto loaded = store_->Load(nasty);
  ASSERT_TRUE(loaded.ok());
  ExpectSame(loaded.value().artifacts[0], report);
}

TEST_P(EvidenceStoreConformance, AnObservationToldTwiceCountsOnce) {
  EXPECT_TRUE(store_->Observations().value().empty());
  const Observation first = SampleObservation();
  Observation second = first;
  second.measured_at = "2026-11-20T10:00:00Z";
  second.mitigations.clear();
  second = Identified(second);
  const std::vector<Observation> told = {first, first, second};
  EXPECT_EQ(store_->Record(told).value(), 2u);
  EXPECT_EQ(store_->Record(told).value(), 0u);
  EXPECT_EQ(store_->Record({}).value(), 0u);
  EXPECT_EQ(store_->Observations().value(), (std::vector{second, first})) << "by time";
}

TEST_P(EvidenceStoreConformance, RecordsAllObservationsOrNone) {
  Observation wrong = SampleObservation();
  wrong.successes = wrong.trials + 1;
  const std::vector<Observation> told = {SampleObservation(), Identified(wrong)};
  const auto refused = store_->Record(told);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kInvalidInput);
  EXPECT_TRUE(store_->Observations().value().empty());
}

TEST_P(EvidenceStoreConformance, KeepsHostileTextInObservationsAsItIs) {
  const std::string nasty("'; DROP TABLE observations; --\0\"x", 34);
  Observation observation = SampleObservation();
  observation.step = observation.asset = observation.source = nasty;
  observation.mitigations = {nasty};
  observation = Identified(observation);
  ASSERT_TRUE(store_->Record(std::span(&observation, 1)).ok());
  EXPECT_EQ(store_->Observations().value(), std::vector{observation});
}

TrialRecord SampleTrial(std::uint64_t seed) {
  TrialRecord record;
  record.trial = {"loss", "1", "", "ab12", "cd34", "k=0.2", seed};
  record.id = TrialId(record.trial);
  record.label = "member";
  record.outcome = Outcome::kError;
  record.judge = "exact/1";
  record.score = -1.0 / 3;
  record.observed = R"({"answer":"'; DROP TABLE trials; --"})";
  record.queries = 3;
  record.tokens_in = 40;
  record.tokens_out = 5;
  record.seconds = 0.125;
  record.measured_at = "2026-11-21T10:00:00Z";
  record.tool_version = "0.1.0";
  return record;
}

TEST_P(EvidenceStoreConformance, ATrialIsLoggedOnceAndGivenBackAsItWas) {
  ASSERT_TRUE(store_->Begin(SampleRun("r1")).ok());
  const std::vector<TrialRecord> first = {SampleTrial(1), SampleTrial(~std::uint64_t{0})};
  EXPECT_EQ(store_->Log("r1", first).value(), 2u);
  TrialRecord again = SampleTrial(1);
  again.score = 5;
  const std::vector<TrialRecord> second = {again, SampleTrial(2)};
  EXPECT_EQ(store_->Log("r1", second).value(), 1u);
  const std::vector<std::string> ids = {second[1].id, "none", first[0].id, first[1].id};
  EXPECT_EQ(store_->FindTrials(ids).value(), (std::vector{second[1], first[0], first[1]})) << "the first word stands";
}

TEST_P(EvidenceStoreConformance, LogsAllTrialsOrNone) {
  ASSERT_TRUE(store_->Begin(SampleRun("r1")).ok());
  TrialRecord wrong = SampleTrial(2);
  wrong.trial.seed = 3;
  const std::vector<TrialRecord> told = {SampleTrial(1), wrong};
  EXPECT_EQ(store_->Log("r1", told).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(store_->Log("none", std::span(told).first(1)).error().fault, Fault::kInvalidInput);
  ASSERT_TRUE(store_->Finish("r1", "now").ok());
  EXPECT_EQ(store_->Log("r1", std::span(told).first(1)).error().fault, Fault::kInvalidInput);
  const std::vector<std::string> ids = {told[0].id, told[1].id};
  EXPECT_TRUE(store_->FindTrials(ids).value().empty());
}

}  // namespace
}  // namespace ringfort
