#include "study/risk_score.h"

#include <gtest/gtest.h>

#include <string>

namespace ringfort::study {
namespace {

CvssScore ScoreOf(std::string_view text) {
  const auto vector = ParseCvssVector(text);
  EXPECT_TRUE(vector.ok()) << text;
  return vector.ok() ? Score(vector.value()) : CvssScore{};
}

TEST(CvssVector, WorstCaseIsTen) {
  const CvssScore score = ScoreOf("AV:N/AC:L/Au:N/C:C/I:C/A:C");
  EXPECT_NEAR(score.impact, 10.0008, 5e-5);
  EXPECT_NEAR(score.exploitability, 9.9968, 5e-5);
  EXPECT_NEAR(score.base, 9.9951, 5e-5);
  EXPECT_EQ(RoundedToTenth(score.base), 10.0);
}

// The three examples of the guide, section 3.3: CVE-2002-0392, CVE-2003-0818, CVE-2003-0062.
TEST(CvssVector, ExamplesOfTheGuide) {
  EXPECT_DOUBLE_EQ(RoundedToTenth(ScoreOf("AV:N/AC:L/Au:N/C:N/I:N/A:C").base), 7.8);
  EXPECT_DOUBLE_EQ(RoundedToTenth(ScoreOf("(AV:N/AC:L/Au:N/C:C/I:C/A:C)").base), 10.0);
  EXPECT_DOUBLE_EQ(RoundedToTenth(ScoreOf("AV:L/AC:H/Au:N/C:C/I:C/A:C").base), 6.2);
}

TEST(CvssVector, NoImpactNoBase) { EXPECT_EQ(ScoreOf("AV:N/AC:L/Au:N/C:N/I:N/A:N").base, 0); }

TEST(CvssVector, OrderDoesNotMatter) {
  EXPECT_EQ(ScoreOf("A:C/I:P/C:N/Au:S/AC:M/AV:A").base, ScoreOf("AV:A/AC:M/Au:S/C:N/I:P/A:C").base);
}

TEST(CvssVector, RefusesWhatIsNoVector) {
  const std::string whole = "AV:N/AC:L/Au:N/C:C/I:C/A:C";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) EXPECT_FALSE(ParseCvssVector(whole.substr(0, cut)).ok()) << cut;
  EXPECT_FALSE(ParseCvssVector(whole + "/A:C").ok()) << "twice";
  EXPECT_FALSE(ParseCvssVector(whole + "/E:U").ok()) << "temporal metrics are none of the base";
  EXPECT_FALSE(ParseCvssVector("AV:X/AC:L/Au:N/C:C/I:C/A:C").ok());
  EXPECT_FALSE(ParseCvssVector("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H").ok());
  EXPECT_FALSE(ParseCvssVector("(").ok());
  EXPECT_FALSE(ParseCvssVector("()").ok());
}

TEST(Risk, WeighsBaseExploitabilityAndImpact) {
  EXPECT_DOUBLE_EQ(Risk({.impact = 10, .exploitability = 10, .base = 10}), 1);
  EXPECT_DOUBLE_EQ(Risk({.impact = 0, .exploitability = 0, .base = 10}), 0.5);
  EXPECT_DOUBLE_EQ(Risk({.impact = 0, .exploitability = 10, .base = 0}), 0.3);
  EXPECT_DOUBLE_EQ(Risk({.impact = 10.0008, .exploitability = 0, .base = 0}), 0.2) << "no part above 1";
}

TEST(Risk, BandsAndQueuesAtTheirEdges) {
  EXPECT_EQ(BandOf(0.81), RiskBand::kCritical);
  EXPECT_EQ(BandOf(0.8), RiskBand::kMedium);
  EXPECT_EQ(BandOf(0.4), RiskBand::kMedium);
  EXPECT_EQ(BandOf(0.39), RiskBand::kLow);
  EXPECT_EQ(QueueOf(0.81), RiskQueue::kAboveEightTenths);
  EXPECT_EQ(QueueOf(0.8), RiskQueue::kAboveHalf);
  EXPECT_EQ(QueueOf(0.51), RiskQueue::kAboveHalf);
  EXPECT_EQ(QueueOf(0.5), RiskQueue::kUpToHalf);
}

TEST(NormalizedFrequency, DividesByDeployment) {
  EXPECT_NEAR(NormalizedFrequency(218, 0.92), 236.93, 0.01);
  EXPECT_NEAR(NormalizedFrequency(1, 0), 10000, 1e-6);
}

}  // namespace
}  // namespace ringfort::study
