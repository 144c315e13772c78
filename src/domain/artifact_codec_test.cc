#include "domain/artifact_codec.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

ArtifactReport Sample() {
  ArtifactReport report;
  report.path = "a/b.pkl";
  report.sha256 = "00ff";
  report.size = 1234567890123;
  report.format = "pickle";
  report.findings.push_back({"RF-PKL-001", Severity::kCritical, {"a/b.pkl!/x", 42}, "posix.system", 3, "accepted"});
  report.skipped.push_back({"tail", "ends early", 7});
  report.facts = {{"architecture", "llama"}, {"license", "MIT"}};
  return report;
}

TEST(ArtifactCodec, GoesThereAndBack) {
  const ArtifactReport report = Sample();
  const auto decoded = DecodeArtifactReport(AsBytes(EncodeArtifactReport(report)));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(EncodeArtifactReport(decoded.value()), EncodeArtifactReport(report));
  EXPECT_EQ(decoded.value().findings[0].where.offset, 42u);
  EXPECT_EQ(decoded.value().facts.at("license"), "MIT");
}

TEST(ArtifactCodec, RefusesEveryTruncationAndTrailingBytes) {
  const std::string bytes = EncodeArtifactReport(Sample());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(DecodeArtifactReport(AsBytes(bytes).first(size)).ok()) << size;
  EXPECT_FALSE(DecodeArtifactReport(AsBytes(bytes + "x")).ok());
}

}  // namespace
}  // namespace ringfort
