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

// Gives up as soon as the store holds something, or after a while.
class UntilRecorded final : public Progress {
 public:
  explicit UntilRecorded(EvidenceStore& store) : store_(store) {}
  void Show(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t) override {}
  bool GoOn() override {
    const auto record = store_.Load(store_.List().value().at(0).id);
    return record.value().artifacts.empty() && ++asked_ < 100;
  }

 private:
  EvidenceStore& store_;
  int asked_ = 0;
};

TEST_F(RecordedScanTest, NothingWaitsForALongArtifactToBeRecorded) {
  Write("short.txt", "one");
  Write("long.bin", "two");
  std::filesystem::resize_file(root_ + "/long.bin", std::uintmax_t{1} << 36);  // a hole: long to hash
  ScanRequest request;
  request.paths = {root_};
  request.jobs = 2;
  UntilRecorded progress(store_);
  const auto outcome = RunRecordedScan(request, {&store_, RunKind::kScan, 0, {"scan"}, false}, &progress);
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(outcome.value().interrupted);
  const auto record = store_.Load(store_.List().value().at(0).id);
  ASSERT_EQ(record.value().artifacts.size(), 1u);
  EXPECT_FALSE(record.value().run.finished_at);
}

}  // namespace
}  // namespace ringfort
