#include "report/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "report/report_sample_internal.h"

namespace ringfort {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t Count(const std::string& text, std::string_view piece) {
  std::size_t count = 0;
  for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++count;
  return count;
}

TEST(HtmlReport, HostileTextIsShownNotObeyed) {
  for (const std::string& html : {WriteHtmlReport(sample::Scan()), WriteHtmlReport(sample::Assess())}) {
    EXPECT_TRUE(IsValidUtf8(html));
    EXPECT_EQ(Count(html, "<script"), 1u) << "ours";
    EXPECT_EQ(Count(html, "</script"), 1u);
    EXPECT_THAT(html, Not(HasSubstr("<img")));
    EXPECT_THAT(html, HasSubstr("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"));
    EXPECT_THAT(html, HasSubstr("bad \\xff\\xfe 100%#?"));
  }
}

TEST(HtmlReport, EveryFieldIsEscaped) {
  const std::string hostile(sample::kInjection);
  Assessment assessment = sample::Assess();
  assessment.target = assessment.budget = hostile;
  assessment.scan.tool_version = assessment.scan.rule_set_version = assessment.scan.mode = hostile;
  assessment.scan.started_at = hostile;
  for (ArtifactReport& artifact : assessment.scan.artifacts) {
    artifact.path = artifact.sha256 = artifact.format = hostile;
    for (auto& [key, value] : artifact.facts) value = hostile;
    for (Finding& finding : artifact.findings) finding.rule = finding.where.container = finding.evidence = hostile;
  }
  for (Asset& asset : assessment.assets) asset.id = asset.location = asset.inferred = hostile;
  for (Tie& tie : assessment.ties) tie.from = tie.to = tie.inferred = hostile;
  for (PlanStep& step : assessment.plan) step.name = step.reason = hostile;
  for (PlacedFinding& placed : assessment.findings) placed.asset = hostile;
  assessment.digests = {{hostile, hostile}};
  const std::string html = WriteHtmlReport(assessment);
  EXPECT_EQ(Count(html, "</script"), 1u);
  EXPECT_THAT(html, Not(HasSubstr("<img")));
}

TEST(HtmlReport, AsksForNothingFromOutside) {
  const std::string html = WriteHtmlReport(sample::Assess());
  for (const char* piece : {"src=\"", "href=", "@import", "<link", "<iframe", "style=\"", "onclick=", "xmlns"})
    EXPECT_THAT(html, Not(HasSubstr(piece)));
  EXPECT_THAT(html, HasSubstr("default-src 'none'; style-src 'sha256-"));
}

TEST(HtmlReport, SaysVerdictFindingsPlanAndWhatIsMissing) {
  const std::string html = WriteHtmlReport(sample::Assess());
  EXPECT_THAT(html, HasSubstr("Malicious: do not load"));
  EXPECT_EQ(Count(html, "<details"), 5u);
  EXPECT_THAT(html, HasSubstr("not available: arrives with the threat graph"));
  EXPECT_THAT(html, HasSubstr("checksum does not fit"));
  EXPECT_THAT(html, HasSubstr("data-kind=\"accepted\""));
  EXPECT_THAT(html, HasSubstr("inferred: the configuration names the folder"));
  EXPECT_THAT(html, HasSubstr("byte 4096 (0x1000)"));
}

TEST(HtmlReport, HeadlineFollowsTheWorst) {
  ScanResult scan = sample::Scan();
  EXPECT_THAT(WriteHtmlReport(ScanResult()), HasSubstr("Nothing was scanned"));
  scan.artifacts.erase(scan.artifacts.begin(), scan.artifacts.begin() + 2);
  EXPECT_THAT(WriteHtmlReport(scan), HasSubstr("Suspicious: look before you load"));
  scan.artifacts.erase(scan.artifacts.begin() + 1);
  EXPECT_THAT(WriteHtmlReport(scan), HasSubstr("Incomplete: not all was read"));
  scan.artifacts.erase(scan.artifacts.begin());
  EXPECT_THAT(WriteHtmlReport(scan), HasSubstr("<h1 class=\"clean\">The files are clean</h1>"));
}

TEST(HtmlReport, ManyFindingsAreBoundedAndCounted) {
  ScanResult scan = sample::Scan();
  for (int i = 0; i < 3000; ++i)
    scan.artifacts[4].findings.push_back(sample::Make(sample::kName, scan.artifacts[4].path, 1, std::to_string(i)));
  const std::string html = WriteHtmlReport(scan);
  EXPECT_EQ(Count(html, "<details"), 2000u);
  EXPECT_THAT(html, HasSubstr("1005 more findings"));
  EXPECT_THAT(html, HasSubstr("posix system")) << "the worst come first";
}

TEST(HtmlReport, IsTheSameEachTime) { EXPECT_EQ(WriteHtmlReport(sample::Assess()), WriteHtmlReport(sample::Assess())); }

}  // namespace
}  // namespace ringfort
