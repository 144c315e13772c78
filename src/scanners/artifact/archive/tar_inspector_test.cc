#include "scanners/artifact/archive/tar_inspector.h"

#include <gtest/gtest.h>

#include <string>

#include "formats/archive/sample_archive.h"
#include "scanners/artifact/archive/archive_rules.h"
#include "scanners/artifact/archive/compressed_inspector.h"

namespace ringfort::scanners {
namespace {

using formats::TarEnd;
using formats::TarHeader;
using formats::TarMemberBytes;

const std::string kPickle = "\x80\x02]q\x01.";
int pickles = 0;
void Count(const Content&, Inspection&) { ++pickles; }

ArtifactReport Inspect(const std::string& bytes, Limits limits = {}) {
  const Inspector inspectors[] = {{formats::Format::kPickle, Count, true},
                                  {formats::Format::kTar, InspectTar, true},
                                  {formats::Format::kGzip, InspectGzip, true}};
  Inspection inspection("model.tar", Mode::kFull, limits, inspectors);
  pickles = 0;
  inspection.InspectArtifact({.name = "model.tar", .bytes = AsBytes(bytes)});
  return inspection.TakeReport();
}

Severity Worst(const ArtifactReport& report, const RuleCard& rule) {
  for (const Finding& finding : report.findings)
    if (finding.rule == rule.id) return finding.severity;
  ADD_FAILURE() << rule.id << " is missing";
  return Severity::kLow;
}

TEST(TarInspector, AnHonestArchiveIsClean) {
  const std::string bytes = TarMemberBytes("./a/model.pkl", kPickle) + TarHeader("a/link", 0, '2', "model.pkl") +
                            TarHeader("bin/sh", 0, '2', "/usr/bin/dash") + TarEnd();
  const ArtifactReport report = Inspect(bytes);
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  EXPECT_EQ(pickles, 1);
}

TEST(TarInspector, KnowsTorchesOldFormat) {
  const std::string bytes = TarMemberBytes("sys_info", kPickle) + TarMemberBytes("pickle", kPickle) +
                            TarMemberBytes("storages", kPickle) + TarMemberBytes("tensors", kPickle) + TarEnd();
  EXPECT_EQ(Inspect(bytes).format, "pytorch-tar");
  EXPECT_EQ(pickles, 4);
}

TEST(TarInspector, NamesAndLinksThatLeadOutside) {
  EXPECT_EQ(Worst(Inspect(TarMemberBytes("../x", "x") + TarEnd()), kPathTraversal), Severity::kHigh);
  EXPECT_EQ(Worst(Inspect(TarMemberBytes("/etc/x", "x") + TarEnd()), kPathTraversal), Severity::kMedium);
  EXPECT_EQ(Worst(Inspect(TarHeader("a/link", 0, '2', "../../x") + TarEnd()), kLinkEscapes), Severity::kMedium);
  const std::string through = TarHeader("out", 0, '2', "/tmp") + TarMemberBytes("out/x", "x") + TarEnd();
  const ArtifactReport report = Inspect(through);
  EXPECT_EQ(report.verdict(), Verdict::kSuspicious);
}

TEST(TarInspector, ReadsBehindTheEndMark) {
  const ArtifactReport report =
      Inspect(TarMemberBytes("a", "a") + TarEnd() + TarMemberBytes("b.pkl", kPickle) + TarEnd());
  EXPECT_EQ(Worst(report, kMembersBehindEnd), Severity::kMedium);
  EXPECT_EQ(pickles, 1);
}

TEST(TarInspector, ReadsFromAStreamThatIsTooLargeToHold) {
  std::string bytes =
      TarMemberBytes("zeros", std::string(3 << 20, 'z')) + TarMemberBytes("model.pkl", kPickle) + TarEnd();
  const ArtifactReport report = Inspect(formats::Deflated(bytes, 31), {.held_member = 1 << 20});
  EXPECT_EQ(report.verdict(), Verdict::kClean);
  EXPECT_EQ(pickles, 1);
}

TEST(TarInspector, TruncationIsIncomplete) {
  const std::string bytes =
      TarMemberBytes("model.pkl", kPickle) + TarMemberBytes("b", std::string(100, 'b')) + TarEnd();
  for (const std::size_t size : {516u, 1030u, 1600u})
    EXPECT_EQ(Inspect(bytes.substr(0, size)).verdict(), Verdict::kIncomplete) << size;
}

}  // namespace
}  // namespace ringfort::scanners
