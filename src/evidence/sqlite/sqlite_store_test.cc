#include "evidence/sqlite/sqlite_store.h"

#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "conformance/evidence_store_conformance.h"

namespace ringfort {

INSTANTIATE_TEST_SUITE_P(Sqlite, EvidenceStoreConformance, testing::Values(StoreMaker{[](const std::string& folder) {
                           return OpenSqliteStore(folder + "/evidence.db").value();
                         }}));

namespace {

// A connection past the store, as another program would have it.
class RawDatabase {
 public:
  explicit RawDatabase(const std::string& path) { sqlite3_open(path.c_str(), &handle_); }
  ~RawDatabase() { sqlite3_close_v2(handle_); }
  int Execute(const char* sql) { return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); }
  std::string Text(const char* sql) {
    std::string text;
    const auto take = [](void* into, int, char** values, char**) {
      *static_cast<std::string*>(into) = values[0] == nullptr ? "NULL" : values[0];
      return 0;
    };
    sqlite3_exec(handle_, sql, take, &text, nullptr);
    return text;
  }

 private:
  sqlite3* handle_ = nullptr;
};

class SqliteStoreTest : public testing::Test {
 protected:
  ~SqliteStoreTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Error Refusal(const SqliteStoreOptions& options = {}) {
    auto store = OpenSqliteStore(path_, options);
    EXPECT_FALSE(store.ok());
    return store.ok() ? Error{} : store.error();
  }
  void Write(std::string_view content) { std::ofstream(path_, std::ios::binary) << content; }

  std::string folder_ = MakeFolder();
  std::string path_ = folder_ + "/evidence.db";
};

TEST_F(SqliteStoreTest, IsThereTheNextTime) {
  const ArtifactReport report = SampleReport("a", "11");
  {
    auto store = OpenSqliteStore(path_).value();
    ASSERT_TRUE(store->Begin(SampleRun("r1")).ok());
    ASSERT_TRUE(store->Append("r1", std::span(&report, 1)).ok());
  }
  auto store = OpenSqliteStore(path_, {.read_only = true});
  ASSERT_TRUE(store.ok()) << store.error().what;
  ExpectSame(store.value()->Load("r1").value().artifacts.at(0), report);
  const auto refused = store.value()->Begin(SampleRun("r2"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kUnavailable);
  EXPECT_NE(refused.error().what.find("read-only"), std::string::npos) << refused.error().what;
}

TEST_F(SqliteStoreTest, FindingsAreRowsAnybodyCanQuery) {
  auto store = OpenSqliteStore(path_).value();
  const std::vector<ArtifactReport> reports = {SampleReport("a", "11"), SampleReport("b", "22")};
  ASSERT_TRUE(store->Begin(SampleRun("r1")).ok());
  ASSERT_TRUE(store->Append("r1", reports).ok());
  RawDatabase raw(path_);
  EXPECT_EQ(raw.Text("SELECT count(*) FROM findings WHERE rule = 'RF-PKL-001' AND severity = 'critical'"), "2");
  EXPECT_EQ(raw.Text("SELECT offset FROM findings WHERE rule = 'RF-PKL-002'"), "NULL");
  EXPECT_EQ(raw.Text("SELECT facts ->> 'license' FROM artifacts LIMIT 1"), "MIT");
  EXPECT_EQ(raw.Text("SELECT verdict FROM artifacts LIMIT 1"), "malicious");
  EXPECT_EQ(raw.Text("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(raw.Execute("PRAGMA foreign_keys = ON; DELETE FROM runs"), SQLITE_OK);
  EXPECT_EQ(raw.Text("SELECT count(*) FROM findings"), "0") << "a deleted run takes its rows with it";
}

TEST_F(SqliteStoreTest, StoresAThousandArtifactsInATenthOfASecond) {
  auto store = OpenSqliteStore(path_).value();
  std::vector<ArtifactReport> reports;
  for (int i = 0; i < 1000; ++i) reports.push_back(SampleReport("folder/" + std::to_string(i), std::to_string(i)));
  ASSERT_TRUE(store->Begin(SampleRun("r1")).ok());
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(store->Append("r1", reports).ok());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  RecordProperty("milliseconds", static_cast<int>(took.count() * 1000));
#ifdef RINGFORT_SANITIZED
  EXPECT_LT(took.count(), 5.0);
#else
  // Ten times the aim: a machine under load shall not fail it, one flush an artifact shall.
  EXPECT_LT(took.count(), 1.0);
#endif
  EXPECT_EQ(store->Load("r1").value().artifacts.size(), 1000u);
}

TEST_F(SqliteStoreTest, ASecondWriterIsToldWhyAndReadersGoOn) {
  auto store = OpenSqliteStore(path_, {.busy_milliseconds = 50}).value();
  ASSERT_TRUE(store->Begin(SampleRun("r1")).ok());
  RawDatabase other(path_);
  ASSERT_EQ(other.Execute("BEGIN IMMEDIATE"), SQLITE_OK);
  const ArtifactReport report = SampleReport("a", "11");
  const auto refused = store->Append("r1", std::span(&report, 1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kUnavailable);
  EXPECT_NE(refused.error().what.find("another process"), std::string::npos) << refused.error().what;
  EXPECT_TRUE(store->Load("r1").ok());
  EXPECT_TRUE(OpenSqliteStore(path_, {.read_only = true}).value()->List().ok());
  ASSERT_EQ(other.Execute("COMMIT"), SQLITE_OK);
  EXPECT_TRUE(store->Append("r1", std::span(&report, 1)).ok());
}

// The tables as the first schema had them.
constexpr const char* kFirstSchema = R"sql(
CREATE TABLE runs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, started_at TEXT NOT NULL,
  finished_at TEXT, tool_version TEXT NOT NULL, rule_set_version TEXT NOT NULL, mode TEXT NOT NULL,
  seed INTEGER NOT NULL, arguments TEXT NOT NULL);
CREATE TABLE artifacts (number INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,
  path TEXT NOT NULL, file_name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, format TEXT NOT NULL,
  verdict TEXT NOT NULL, facts TEXT NOT NULL);
CREATE INDEX artifacts_by_run ON artifacts(run);
CREATE TABLE findings (number INTEGER PRIMARY KEY,
  artifact INTEGER NOT NULL REFERENCES artifacts(number) ON DELETE CASCADE, rule TEXT NOT NULL,
  severity TEXT NOT NULL, container TEXT NOT NULL, offset INTEGER, evidence TEXT NOT NULL, count INTEGER NOT NULL,
  suppressed TEXT NOT NULL);
CREATE INDEX findings_by_artifact ON findings(artifact);
CREATE INDEX findings_by_rule ON findings(rule);
CREATE TABLE skipped_parts (number INTEGER PRIMARY KEY,
  artifact INTEGER NOT NULL REFERENCES artifacts(number) ON DELETE CASCADE, what TEXT NOT NULL, reason TEXT NOT NULL,
  offset INTEGER);
CREATE INDEX skipped_parts_by_artifact ON skipped_parts(artifact);
INSERT INTO runs VALUES (1, 'old', 'scan', '2026-01-01T00:00:00Z', NULL, '0.0.1', 'r', 'full', 7, '["scan","x"]');
INSERT INTO artifacts VALUES (1, 1, 'd/x.pkl', 'x.pkl', 'aa', 5, 'pickle', 'suspicious', '{"license":"MIT"}');
INSERT INTO findings VALUES (1, 1, 'RF-PKL-003', 'high', 'd/x.pkl', NULL, 'e', 2, '');
PRAGMA application_id = 1380345206;
PRAGMA user_version = 1;
)sql";

TEST_F(SqliteStoreTest, BringsTheFirstSchemaUpToDate) {
  ASSERT_EQ(RawDatabase(path_).Execute(kFirstSchema), SQLITE_OK);
  EXPECT_NE(Refusal({.read_only = true}).what.find("older schema"), std::string::npos);
  auto opened = OpenSqliteStore(path_);
  ASSERT_TRUE(opened.ok()) << opened.error().what;
  auto& store = *opened.value();
  const RunRecord record = store.Load("old").value();
  EXPECT_EQ(record.run.seed, 7u);
  EXPECT_EQ(record.run.limits, "");
  ASSERT_EQ(record.artifacts.size(), 1u);
  EXPECT_EQ(record.artifacts[0].verdict(), Verdict::kSuspicious);
  EXPECT_EQ(record.artifacts[0].findings[0].where.offset, kNoOffset);
  EXPECT_EQ(record.artifacts[0].facts.at("license"), "MIT");
  ASSERT_TRUE(store.Finish("old", "later").ok());
  ASSERT_TRUE(store.Begin(SampleRun("new")).ok());
  EXPECT_EQ(RawDatabase(path_).Text("PRAGMA user_version"), "4");
  const Observation observation = SampleObservation();
  EXPECT_EQ(store.Record(std::span(&observation, 1)).value(), 1u);
  EXPECT_EQ(store.Observations().value(), std::vector{observation});
  EXPECT_TRUE(OpenSqliteStore(path_, {.read_only = true}).ok());
}

TEST_F(SqliteStoreTest, ObservationsAreThereTheNextTimeAndAnybodyCanQueryThem) {
  const Observation observation = SampleObservation();
  {
    auto store = OpenSqliteStore(path_).value();
    ASSERT_EQ(store->Record(std::span(&observation, 1)).value(), 1u);
  }
  EXPECT_EQ(RawDatabase(path_).Text("SELECT successes * 1.0 / trials FROM observations WHERE step = 'step.x'"),
            "0.075");
  auto store = OpenSqliteStore(path_, {.read_only = true}).value();
  EXPECT_EQ(store->Observations().value(), std::vector{observation});
  const auto refused = store->Record(std::span(&observation, 1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kUnavailable);
}

TEST_F(SqliteStoreTest, AnObservationThatSomebodyChangedIsNotBelieved) {
  const Observation observation = SampleObservation();
  auto store = OpenSqliteStore(path_).value();
  ASSERT_EQ(store->Record(std::span(&observation, 1)).value(), 1u);
  ASSERT_EQ(RawDatabase(path_).Execute("UPDATE observations SET successes = 40"), SQLITE_OK);
  const auto listed = store->Observations();
  ASSERT_FALSE(listed.ok());
  EXPECT_EQ(listed.error().fault, Fault::kInvalidInput);
  EXPECT_NE(listed.error().what.find(observation.id), std::string::npos) << listed.error().what;
}

TEST_F(SqliteStoreTest, RefusesANewerSchemaAndLeavesItAlone) {
  ASSERT_TRUE(OpenSqliteStore(path_).ok());
  ASSERT_EQ(RawDatabase(path_).Execute("PRAGMA user_version = 99"), SQLITE_OK);
  const Error error = Refusal();
  EXPECT_EQ(error.fault, Fault::kInvalidInput);
  EXPECT_NE(error.what.find("newer Ringfort"), std::string::npos) << error.what;
  EXPECT_EQ(RawDatabase(path_).Text("PRAGMA user_version"), "99");
}

TEST_F(SqliteStoreTest, RefusesWhatIsNoStoreAndLeavesItAlone) {
  Write("this is a letter to a friend, long enough to be taken for a page of a database by a careless reader......");
  EXPECT_EQ(Refusal().fault, Fault::kInvalidInput);
  EXPECT_NE(Refusal().what.find("not a database"), std::string::npos) << Refusal().what;
  std::filesystem::remove(path_);

  ASSERT_EQ(RawDatabase(path_).Execute("CREATE TABLE recipes (name TEXT)"), SQLITE_OK);
  EXPECT_NE(Refusal().what.find("not an evidence store"), std::string::npos) << Refusal().what;
  EXPECT_EQ(RawDatabase(path_).Text("PRAGMA journal_mode"), "delete");
  EXPECT_EQ(RawDatabase(path_).Text("SELECT count(*) FROM sqlite_master"), "1");
}

TEST_F(SqliteStoreTest, SaysWhatIsWrongWithAPath) {
  EXPECT_EQ(Refusal({.read_only = true}).fault, Fault::kUnavailable);
  EXPECT_NE(Refusal({.read_only = true}).what.find("no evidence store at"), std::string::npos);
  path_ = folder_;
  EXPECT_NE(Refusal().what.find("is a folder"), std::string::npos);
  path_ = folder_ + "/missing/evidence.db";
  EXPECT_EQ(Refusal().fault, Fault::kUnavailable);
  EXPECT_NE(Refusal().what.find("cannot be opened"), std::string::npos) << Refusal().what;
  path_ = ":memory:";
  EXPECT_EQ(Refusal().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort
