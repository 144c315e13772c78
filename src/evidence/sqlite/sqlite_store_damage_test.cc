// What a store owes when the world around it fails: a killed writer, a full disk, a
// read-only file, a damaged one.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "conformance/evidence_store_conformance.h"
#include "evidence/sqlite/sqlite_store.h"

namespace ringfort {
namespace {

class SqliteStoreDamage : public testing::Test {
 protected:
  ~SqliteStoreDamage() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string folder_ = MakeFolder();
  std::string path_ = folder_ + "/evidence.db";
};

TEST_F(SqliteStoreDamage, AKilledWriterKeepsEveryAcknowledgedAppend) {
  int acknowledged[2];
  ASSERT_EQ(pipe(acknowledged), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto store = OpenSqliteStore(path_);
    if (!store.ok() || !store.value()->Begin(SampleRun("r1")).ok()) _exit(1);
    for (int i = 0;; ++i) {
      const ArtifactReport report = SampleReport(std::to_string(i), std::to_string(i));
      if (!store.value()->Append("r1", std::span(&report, 1)).ok()) _exit(1);
      if (write(acknowledged[1], "x", 1) != 1) _exit(1);
    }
  }
  close(acknowledged[1]);
  std::size_t heard = 0;
  char byte = 0;
  while (heard < 40 && read(acknowledged[0], &byte, 1) == 1) ++heard;
  ASSERT_EQ(heard, 40u);
  ASSERT_EQ(kill(child, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  while (read(acknowledged[0], &byte, 1) == 1) ++heard;
  close(acknowledged[0]);

  auto store = OpenSqliteStore(path_);
  ASSERT_TRUE(store.ok()) << store.error().what;
  const RunRecord record = store.value()->Load("r1").value();
  EXPECT_FALSE(record.run.finished_at) << "interrupted";
  // One more may have been committed and not yet acknowledged.
  ASSERT_GE(record.artifacts.size(), heard);
  ASSERT_LE(record.artifacts.size(), heard + 1);
  for (std::size_t i = 0; i < record.artifacts.size(); ++i)
    ExpectSame(record.artifacts[i], SampleReport(std::to_string(i), std::to_string(i)));
  EXPECT_TRUE(store.value()->Begin(SampleRun("r2")).ok()) << "and life goes on";
}

TEST_F(SqliteStoreDamage, ADiskThatTakesNoMoreIsOneSentenceAndLosesNothing) {
  {
    auto store = OpenSqliteStore(path_).value();
    ASSERT_TRUE(store->Begin(SampleRun("r1")).ok());
  }
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // The nearest thing to a full disk that needs no rights: files may not grow.
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{512 << 10, 512 << 10};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto store = OpenSqliteStore(path_).value();
    int stored = 0;
    for (; stored < 200; ++stored) {
      ArtifactReport report = SampleReport(std::to_string(stored), "11");
      report.findings[0].evidence.assign(16 << 10, 'e');
      const auto status = store->Append("r1", std::span(&report, 1));
      if (status.ok()) continue;
      const bool clear =
          status.error().fault == Fault::kUnavailable && status.error().what.find(path_) != std::string::npos;
      if (!clear || !store->Load("r1").ok()) _exit(255);
      break;
    }
    // Not the destructors' way out: as if the program had given up here.
    _exit(stored);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  const auto stored = static_cast<std::size_t>(WEXITSTATUS(status));
  ASSERT_GT(stored, 3u);
  ASSERT_LT(stored, 200u) << "255: the error was not clear; 200: it never came";
  auto store = OpenSqliteStore(path_).value();
  EXPECT_EQ(store->Load("r1").value().artifacts.size(), stored);
}

TEST_F(SqliteStoreDamage, AReadOnlyFileIsOneSentenceAndStillReadable) {
  {
    auto store = OpenSqliteStore(path_).value();
    ASSERT_TRUE(store->Begin(SampleRun("r1")).ok());
  }
  // Root may write everywhere, so be somebody else for a while.
  const bool root = geteuid() == 0;
  constexpr uid_t kNobody = 65534;
  if (root) {
    ASSERT_EQ(chown(path_.c_str(), kNobody, static_cast<gid_t>(-1)), 0);
    ASSERT_EQ(chown(folder_.c_str(), kNobody, static_cast<gid_t>(-1)), 0);
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  ASSERT_EQ(chmod(path_.c_str(), 0444), 0);
  auto refused = OpenSqliteStore(path_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kUnavailable);
  EXPECT_NE(refused.error().what.find("read-only"), std::string::npos) << refused.error().what;

  ASSERT_EQ(chmod(folder_.c_str(), 0555), 0);
  auto store = OpenSqliteStore(path_, {.read_only = true});
  ASSERT_TRUE(store.ok()) << store.error().what;
  EXPECT_EQ(store.value()->List().value().size(), 1u);
  ASSERT_EQ(chmod(folder_.c_str(), 0755), 0);
  ASSERT_TRUE(!root || seteuid(0) == 0);
}

// Cut or overwritten stores: an error or an answer, never a crash.
TEST_F(SqliteStoreDamage, SurvivesDamagedFiles) {
  {
    auto store = OpenSqliteStore(path_).value();
    std::vector<ArtifactReport> reports;
    for (int i = 0; i < 50; ++i) reports.push_back(SampleReport(std::to_string(i), "11"));
    ASSERT_TRUE(store->Begin(SampleRun("r1")).ok());
    ASSERT_TRUE(store->Append("r1", reports).ok());
  }
  std::ifstream file(path_, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::mt19937 draw(20261121);
  int refused = 0;
  for (int round = 0; round < 60; ++round) {
    std::string damaged = whole;
    if (round % 3 == 0) damaged.resize(draw() % whole.size());
    if (round % 3 != 0)
      for (int i = 0; i < 40; ++i) damaged[draw() % whole.size()] = static_cast<char>(draw());
    const std::string path = folder_ + "/damaged.db";
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
    std::ofstream(path, std::ios::binary) << damaged;
    auto store = OpenSqliteStore(path, {.read_only = round % 2 == 0});
    const bool good = store.ok() && store.value()->List().ok() && store.value()->Load("r1").ok();
    if (store.ok()) (void)store.value()->Find({"11", 1234567890123, "0.1.0", "2026.11.21", "full", "time=60000"}, "7");
    EXPECT_TRUE(store.ok() || !store.error().what.empty());
    refused += good ? 0 : 1;
  }
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace ringfort
