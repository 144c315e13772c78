#include "scanners/artifact/archive/seven_zip_inspector.h"

#include <gtest/gtest.h>

#include <string>

#include "formats/archive/sample_archive.h"
#include "formats/archive/seven_zip.h"
#include "scanners/artifact/archive/archive_rules.h"

namespace ringfort::scanners {
namespace {

using formats::LittleEndian;
using formats::SampleCrc;

const std::string kPickle = "\x80\x02]q\x01.";

// One stored file, by the format description in 7-Zip's 7zFormat.txt.
std::string Stored(const std::string& name, const std::string& content) {
  std::string names(1, '\0');
  for (const char c : name) names += std::string{c, '\0'};
  names += std::string(2, '\0');
  std::string header = {1, 4, 6, 0, 1, 9, static_cast<char>(content.size()), 0};              // packed streams
  header += std::string{7, 0x0B, 1, 0, 1, 1, 0, 0x0C, static_cast<char>(content.size()), 0};  // one folder, method copy
  header +=
      std::string{8, 0x0A, 1} + LittleEndian(SampleCrc(content), 4) + std::string{0, 0};  // checksum of its one stream
  header += std::string{5, 1, 0x11, static_cast<char>(names.size())} + names + std::string{0, 0};
  const std::string next =
      LittleEndian(content.size(), 8) + LittleEndian(header.size(), 8) + LittleEndian(SampleCrc(header), 4);
  return "7z\xBC\xAF\x27\x1C" + std::string{0, 4} + LittleEndian(SampleCrc(next), 4) + next + content + header;
}

int pickles = 0;
void Count(const Content&, Inspection&) { ++pickles; }

ArtifactReport Inspect(const std::string& bytes, std::string_view name) {
  const Inspector inspectors[] = {{formats::Format::kPickle, Count, true},
                                  {formats::Format::kSevenZip, InspectSevenZip}};
  Inspection inspection(std::string(name), Mode::kFull, {}, inspectors);
  pickles = 0;
  inspection.InspectArtifact({.name = name, .bytes = AsBytes(bytes)});
  return inspection.TakeReport();
}

class SevenZipInspector : public testing::Test {
  void SetUp() override {
    const auto error = formats::WalkSevenZip({}, [](const auto&, ByteStream&) { return true; });
    if (error && error->fault == Fault::kUnsupported) GTEST_SKIP() << error->what;
  }
};

TEST_F(SevenZipInspector, ACheckpointPackedAs7zIsSuspicious) {
  const ArtifactReport report = Inspect(Stored("data.pkl", kPickle), "model.pt");
  EXPECT_EQ(pickles, 1);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, kSevenZipCheckpoint.id);
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
}

TEST_F(SevenZipInspector, AnOpen7zIsARemark) {
  EXPECT_EQ(Inspect(Stored("data.pkl", kPickle), "model.7z").verdict(), Verdict::kClean);
  EXPECT_EQ(pickles, 1);
  EXPECT_EQ(Inspect(Stored("notes.txt", "plain text"), "notes.7z").verdict(), Verdict::kClean);
}

// The checksum fails behind the payload, and the payload is shown all the same.
TEST_F(SevenZipInspector, ABrokenStreamShowsWhatCameBefore) {
  std::string bytes = Stored("data.pkl", kPickle);
  bytes[32 + kPickle.size() - 1] ^= 1;  // its last byte
  const ArtifactReport report = Inspect(bytes, "model.7z");
  EXPECT_EQ(report.verdict(), Verdict::kIncomplete);
  EXPECT_EQ(pickles, 1);
}

TEST_F(SevenZipInspector, WhatStandsBehindTheArchiveIsInspected) {
  const std::string archive = Stored("notes.txt", "plain text");
  const ArtifactReport report = Inspect(archive + kPickle, "notes.7z");
  EXPECT_EQ(pickles, 1);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, kDataBehindStream.id);
  EXPECT_EQ(report.findings[0].where.offset, archive.size());
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
  EXPECT_EQ(Inspect(archive + std::string(100, '\0'), "notes.7z").verdict(), Verdict::kClean);
}

TEST_F(SevenZipInspector, NoCutIsClean) {
  const std::string bytes = Stored("data.pkl", kPickle);
  for (std::size_t size = 6; size < bytes.size(); ++size)
    EXPECT_NE(Inspect(bytes.substr(0, size), "model.7z").verdict(), Verdict::kClean);
}

}  // namespace
}  // namespace ringfort::scanners
