#include "scanners/artifact/archive/compressed_inspector.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "formats/archive/sample_archive.h"
#include "scanners/artifact/archive/archive_rules.h"

namespace ringfort::scanners {
namespace {

const std::string kPickle = "\x80\x02]q\x01.";
int pickles = 0, searches = 0;
bool streamed = false;
void Count(const Content& content, Inspection&) {
  ++pickles;
  streamed = content.stream != nullptr;
}
void Search(const Content&, Inspection&) { ++searches; }

ArtifactReport Inspect(const std::string& bytes, Limits limits = {}, std::string_view name = "model.joblib") {
  const Inspector inspectors[] = {{formats::Format::kPickle, Count, true},
                                  {formats::Format::kGzip, InspectGzip, true},
                                  {formats::Format::kZlib, InspectZlib, true},
                                  {formats::Format::kUnknown, Search, true}};
  Inspection inspection(std::string(name), Mode::kFull, limits, inspectors);
  pickles = searches = 0;
  inspection.InspectArtifact({.name = name, .bytes = AsBytes(bytes)});
  return inspection.TakeReport();
}

TEST(CompressedInspector, ShowsWhatIsInside) {
  for (const int bits : {15, 31}) {
    const ArtifactReport report = Inspect(formats::Deflated(kPickle, bits));
    EXPECT_EQ(report.verdict(), Verdict::kClean);
    EXPECT_EQ(pickles, 1);
  }
}

TEST(CompressedInspector, CompressionInsideCompression) {
  EXPECT_EQ(Inspect(formats::Deflated(formats::Deflated(kPickle, 15), 31)).verdict(), Verdict::kClean);
  EXPECT_EQ(pickles, 1);
}

TEST(CompressedInspector, OpensWhatJoblibWroteBeforeItsTenth) {
  const std::string old = "ZF0x6" + std::string(16, ' ') + formats::Deflated(kPickle, 15);
  const ArtifactReport report = Inspect(old);
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  EXPECT_EQ(pickles, 1);
  EXPECT_NE(Inspect(old.substr(0, old.size() - 2)).verdict(), Verdict::kClean);
}

TEST(CompressedInspector, WhatIsTooLargeToHoldComesAsAStream) {
  const ArtifactReport report =
      Inspect(formats::Deflated(kPickle + std::string(3 << 20, 'x'), 31), {.held_member = 1 << 20});
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  EXPECT_EQ(pickles, 1);
  EXPECT_TRUE(streamed);
}

TEST(CompressedInspector, TrailingDataIsInspected) {
  const ArtifactReport report = Inspect(formats::Deflated("some text", 31) + kPickle);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, kDataBehindStream.id);
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
  EXPECT_EQ(pickles, 1);
}

// A payload that runs before the stream breaks.
TEST(CompressedInspector, ABrokenStreamShowsWhatCameBefore) {
  const std::string whole = formats::Deflated(kPickle + std::string(200'000, 'x'), 31);
  const ArtifactReport report = Inspect(whole.substr(0, whole.size() / 2));
  EXPECT_EQ(report.verdict(), Verdict::kIncomplete);
  EXPECT_EQ(pickles, 1);
}

// Few bytes and a wrong checksum look like chance, and have run all the same.
TEST(CompressedInspector, AShortStreamThatBreaksShowsWhatCameBefore) {
  std::string broken = formats::Deflated(kPickle, 15);
  broken.back() = static_cast<char>(broken.back() ^ 1);
  EXPECT_EQ(Inspect(broken).verdict(), Verdict::kIncomplete);
  EXPECT_EQ(pickles, 1);
}

// Too large to hold outside, broken inside.
TEST(CompressedInspector, ABrokenStreamInsideAStreamIsNotClean) {
  std::mt19937 draw(2);
  std::string noise = kPickle;
  while (noise.size() < 3u << 20) noise += static_cast<char>(draw());
  const std::string inner = formats::Deflated(noise, 31);
  EXPECT_EQ(Inspect(formats::Deflated(inner, 31), {.held_member = 1 << 20}).verdict(), Verdict::kClean);
  const ArtifactReport report =
      Inspect(formats::Deflated(inner.substr(0, inner.size() - 100), 31), {.held_member = 1 << 20});
  EXPECT_EQ(report.verdict(), Verdict::kIncomplete);
}

// `x\x9C` begins about one in 4000 runs of random bytes.
TEST(CompressedInspector, NumbersThatLookLikeZlibAreSearchedAsNumbers) {
  std::mt19937 draw(1);
  for (int round = 0; round < 50; ++round) {
    std::string noise = "x\x9C";
    for (int i = 0; i < 3000; ++i) noise += static_cast<char>(draw());
    const ArtifactReport report = Inspect(formats::Deflated(noise, 31), {}, "weights.gz");
    EXPECT_EQ(report.verdict(), Verdict::kClean);
    EXPECT_EQ(Inspect(noise).verdict(), Verdict::kIncomplete) << "a file of its own has a claim";
  }
}

TEST(CompressedInspector, ExpansionIsBounded) {
  const ArtifactReport report = Inspect(formats::Deflated(std::string(100 << 20, 'x'), 31), {.expansion_ratio = 100});
  EXPECT_EQ(report.findings.at(0).rule, "RF-LIM-001");
}

}  // namespace
}  // namespace ringfort::scanners
