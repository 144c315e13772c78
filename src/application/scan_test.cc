#include "application/scan.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "application/scan_worker.h"
#include "base/digest.h"

namespace ringfort {
namespace {

class ScanTest : public testing::Test {
 protected:
  ScanTest() { std::filesystem::create_directories(root_); }
  ~ScanTest() override { std::filesystem::remove_all(root_); }
  std::string Write(const std::string& name, const std::string& content) {
    std::ofstream(root_ + "/" + name, std::ios::binary) << content;
    return root_ + "/" + name;
  }
  std::string root_ = testing::TempDir() + "scan_" + std::to_string(getpid());
};

TEST_F(ScanTest, EveryFileIsReportedOnceInOrderWithItsDigest) {
  for (int i = 0; i < 120; ++i) Write(std::to_string(1000 + i) + ".txt", "text " + std::to_string(i));
  ScanRequest request;
  request.paths = {root_};
  const auto outcome = RunScan(request, nullptr);
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  const auto& artifacts = outcome.value().result.artifacts;
  ASSERT_EQ(artifacts.size(), 120u);
  for (int i = 0; i < 120; ++i) {
    EXPECT_EQ(artifacts[static_cast<std::size_t>(i)].path, root_ + "/" + std::to_string(1000 + i) + ".txt");
    EXPECT_EQ(artifacts[static_cast<std::size_t>(i)].sha256, Sha256Hex(AsBytes("text " + std::to_string(i))));
  }
}

TEST_F(ScanTest, StructureModeDoesNotHash) {
  ScanRequest request;
  request.paths = {Write("a.txt", "text")};
  request.mode = scanners::Mode::kStructure;
  EXPECT_EQ(RunScan(request, nullptr).value().result.artifacts[0].sha256, "");
}

TEST_F(ScanTest, AnUnreadableFileIsIncompleteNotClean) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const std::string path = Write("a.txt", "text");
  chmod(path.c_str(), 0);
  ScanRequest request;
  request.paths = {path};
  EXPECT_EQ(RunScan(request, nullptr).value().result.artifacts[0].verdict(), Verdict::kIncomplete);
}

TEST_F(ScanTest, WhatIsRecalledIsNotAnalyzedAndTheRestIs) {
  Write("known.txt", "known");
  Write("new.txt", "new");
  ScanRequest request;
  request.paths = {root_};
  request.recall = [](const std::string& sha256, std::uint64_t, const std::string&) -> std::optional<ArtifactReport> {
    if (sha256 != Sha256Hex(AsBytes("known"))) return std::nullopt;
    ArtifactReport report;
    report.format = "from the store";
    report.sha256 = sha256;
    return report;
  };
  std::map<std::string, int> recorded;
  request.record = [&](const ArtifactReport& report) -> Status {
    ++recorded[report.path];
    return Done{};
  };
  const auto artifacts = RunScan(request, nullptr).value().result.artifacts;
  ASSERT_EQ(artifacts.size(), 2u);
  EXPECT_TRUE(artifacts[0].from_cache);
  EXPECT_EQ(artifacts[0].format, "from the store");
  EXPECT_FALSE(artifacts[1].from_cache);
  EXPECT_EQ(artifacts[1].format, "text");
  EXPECT_EQ(artifacts[1].sha256, Sha256Hex(AsBytes("new")));
  EXPECT_EQ(recorded.size(), 2u);
  for (const auto& [path, times] : recorded) EXPECT_EQ(times, 1) << path;
}

TEST_F(ScanTest, AFailureToRecordStopsTheScan) {
  Write("a.txt", "text");
  ScanRequest request;
  request.paths = {root_};
  request.record = [](const ArtifactReport&) -> Status { return Error{Fault::kUnavailable, "disk full"}; };
  const auto outcome = RunScan(request, nullptr);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().what, "disk full");
}

TEST(ScanTask, GoesThereAndBack) {
  const ScanTask task{"path with\nnewline", scanners::Mode::kStructure, true, "00ff", {"a", "b"}};
  const auto decoded = DecodeScanTask(EncodeScanTask(task));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->path, task.path);
  EXPECT_EQ(decoded->known_sha256, "00ff");
  EXPECT_EQ(decoded->siblings, task.siblings);
  EXPECT_TRUE(decoded->digest_only);
  EXPECT_FALSE(DecodeScanTask("x"));
}

}  // namespace
}  // namespace ringfort
