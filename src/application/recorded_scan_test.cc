#include "application/recorded_scan.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "evidence/memory/memory_store.h"

namespace ringfort {
namespace {

class RecordedScanTest : public testing::Test {
 protected:
  RecordedScanTest() { std::filesystem::create_directories(root_); }
  ~RecordedScanTest() override { std::filesystem::remove_all(root_); }
  void Write(const std::string& name, const std::string& content) {
    std::ofstream(root_ + "/" + name, std::ios::binary) << content;
  }
  ScanOutcome Scan(bool use_cache = true, std::string* id = nullptr) {
    ScanRequest request;
    request.paths = {root_};
    auto outcome = RunRecordedScan(request, {&store_, RunKind::kScan, 0, {"scan"}, use_cache}, nullptr, id);
    EXPECT_TRUE(outcome.ok());
    return std::move(outcome).value();
  }
  std::string root_ = testing::TempDir() + "recorded_" + std::to_string(getpid());
  MemoryStore store_;
};

TEST_F(RecordedScanTest, WhatWasScannedIsNotScannedTwice) {
  Write("a.txt", "one");
  Write("b.txt", "two");
  EXPECT_FALSE(Scan().result.artifacts[0].from_cache);
  Write("b.txt", "changed");
  const auto again = Scan().result.artifacts;
  EXPECT_TRUE(again[0].from_cache);
  EXPECT_FALSE(again[1].from_cache) << "other bytes are another artifact";
  EXPECT_FALSE(Scan(false).result.artifacts[0].from_cache) << "--no-cache forces";
}

TEST_F(RecordedScanTest, TheStoreHoldsTheFinishedRunWithItsArtifacts) {
  Write("a.txt", "one");
  std::string id;
  Scan(true, &id);
  const auto record = store_.Load(id);
  ASSERT_TRUE(record.ok());
  EXPECT_TRUE(record.value().run.finished_at);
  ASSERT_EQ(record.value().artifacts.size(), 1u);
  EXPECT_EQ(record.value().artifacts[0].path, root_ + "/a.txt");
}

}  // namespace
}  // namespace ringfort
