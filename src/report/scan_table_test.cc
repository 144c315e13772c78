#include "report/scan_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/text.h"
#include "report/report_sample_internal.h"

namespace ringfort {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Table(TableOptions options = {}) { return WriteScanTable(sample::Scan(), options); }

TEST(ScanTable, SaysVerdictPlaceEvidenceAndRemedy) {
  const std::string text = Table();
  EXPECT_THAT(text, HasSubstr("MALICIOUS   models/headline writer.pt"));
  EXPECT_THAT(text, HasSubstr("critical  RF-SMP-001  Loading this file runs a system command"));
  EXPECT_THAT(text, HasSubstr("archive/data.pkl, byte 31 (0x1f)"));
  EXPECT_THAT(text, HasSubstr("(3 times)"));
  EXPECT_THAT(text, HasSubstr("GLOBAL 'posix system'"));
  EXPECT_THAT(text, HasSubstr("end header: checksum does not fit"));
}

TEST(ScanTable, CleanFilesAreCountedAndSuppressedOnesAsWell) {
  const std::string text = Table();
  EXPECT_THAT(text, HasSubstr("and 9 clean files\n"));
  EXPECT_THAT(text, Not(HasSubstr("part-3.safetensors")));
  EXPECT_THAT(text, HasSubstr("1 finding suppressed by policy"));
  EXPECT_THAT(text, HasSubstr("5 unchanged since an earlier run"));
  TableOptions all;
  all.all = true;
  EXPECT_THAT(Table(all), HasSubstr("part-3.safetensors"));
}

TEST(ScanTable, WorstFirst) {
  ScanResult scan = sample::Scan();
  std::swap(scan.artifacts[0], scan.artifacts[2]);
  const std::string text = WriteScanTable(scan, {});
  EXPECT_LT(text.find("MALICIOUS"), text.find("SUSPICIOUS"));
  EXPECT_LT(text.find("SUSPICIOUS"), text.find("INCOMPLETE"));
}

TEST(ScanTable, ARemarkOnACleanFileIsShown) {
  ScanResult scan = sample::Scan();
  scan.artifacts[7].findings.push_back(sample::Make(sample::kName, scan.artifacts[7].path, kNoOffset, "x"));
  EXPECT_THAT(WriteScanTable(scan, {}), HasSubstr("part-3.safetensors"));
}

TEST(ScanTable, NoLineIsWiderThanTheTerminal) {
  for (const std::size_t width : {64u, 80u, 100u, 200u}) {
    TableOptions options;
    options.width = width;
    std::istringstream lines(Table(options));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), width) << line;
    }
  }
}

TEST(ScanTable, HostileNamesCannotSteerTheTerminal) {
  ScanResult scan = sample::Scan();
  scan.artifacts[0].path =
      "a\x1b[2J\x07"
      "b\r\nc\xff";
  scan.artifacts[0].findings[0].evidence = "\x1b]0;title\x07";
  scan.artifacts[0].format = "\x1b[31m";
  const std::string text = WriteScanTable(scan, {});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_TRUE(IsValidUtf8(text));
}

TEST(ScanTable, LongNamesKeepTheirEndAndWholeCharacters) {
  ScanResult scan = sample::Scan();
  std::string name = "models/";
  for (int i = 0; i < 60; ++i) name += "\xe6\xa8\xa1";
  scan.artifacts[0].path = name + "/end.pt";
  TableOptions options;
  options.width = 60;
  const std::string text = WriteScanTable(scan, options);
  EXPECT_TRUE(IsValidUtf8(text));
  EXPECT_THAT(text, HasSubstr("/end.pt"));
}

TEST(ScanTable, ManyFindingsAreCut) {
  ScanResult scan = sample::Scan();
  for (int i = 0; i < 100; ++i) scan.artifacts[0].findings.push_back(sample::Make(sample::kSecret, "x", 1, "evidence"));
  EXPECT_THAT(WriteScanTable(scan, {}), HasSubstr("and 90 more findings in this file"));
}

TEST(ScanTable, ColorsOnlyWhenAsked) {
  TableOptions color;
  color.color = true;
  EXPECT_THAT(Table(color), HasSubstr("\x1b[1;97;41mMALICIOUS\x1b[0m"));
  EXPECT_EQ(Table().find('\x1b'), std::string::npos);
}

TEST(ScanTable, NothingToScan) { EXPECT_THAT(WriteScanTable({}, {}), HasSubstr("nothing to scan")); }

}  // namespace
}  // namespace ringfort
