#include "report/study_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "base/file.h"
#include "base/json.h"
#include "report/study_table.h"

namespace ringfort {
namespace {

using testing::HasSubstr;

study::RepositoryStudy Study(const study::StudyTables& tables) {
  study::StudyFigures figures = study::ComputeFigures(tables, 1);
  auto claims = study::JudgeClaims(figures);
  return {"tables", std::move(figures), std::move(claims), tables.Missing(), tables.Faults()};
}

study::StudyTables OneTable() {
  study::StudyTables tables;
  tables.Add("cve_by_issue.csv", std::string("CVE ID,GHIssue,CVE severity,CPE dependency name \n"
                                             "CVE-2020-0001,https://github.com/a/b/issues/1,critical,v:\x1b[31mred\n"
                                             "CVE-2020-0002,https://github.com/a/b/issues/2,low,[]\nshort,row\n"));
  return tables;
}

TEST(StudyJson, LeavesOutWhatIsNotAvailable) {
  const Json json = ParseJson(WriteStudyJson(Study(OneTable()))).value();
  EXPECT_EQ(json["schema"], "ringfort.study/1");
  EXPECT_EQ(json["recomputed"]["unique_cves_by_severity"]["critical"], 1);
  EXPECT_FALSE(json["recomputed"].contains("incidents"));
  EXPECT_EQ(json["exposure"]["weaknesses"], 2);
  EXPECT_EQ(json["missing"].size(), study::StudyFileNames().size() - 1);
  EXPECT_EQ(json["faults"].size(), 1u);
  EXPECT_EQ(json["claims"][0]["recomputed"], 2);
  EXPECT_EQ(json["summary"]["reproduces"], 2) << "the two that need no table";
}

TEST(StudyJson, StandsWithoutAnyTable) {
  const Json json = ParseJson(WriteStudyJson(Study(study::StudyTables()))).value();
  EXPECT_TRUE(json["exposure"].is_null());
  EXPECT_TRUE(json["claims"][0]["recomputed"].is_null());
}

TEST(StudyTable, SaysWhatDoesNotReproduceAndPrintsNoControlCharacter) {
  const std::string table = WriteStudyTable(Study(OneTable()));
  EXPECT_THAT(table, HasSubstr("not available"));
  EXPECT_THAT(table, HasSubstr("not read: cve_by_issue.csv:4: 2 cells, the header has 4"));
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
}

TEST(StudyTable, OfScansWithoutFindings) {
  study::ScanStudy scans;
  scans.sources.push_back({"a.json", "a", 3, 0, 0});
  EXPECT_THAT(WriteScanStudyTable(scans), HasSubstr("0 occurrences by rule"));
  EXPECT_TRUE(ParseJson(WriteScanStudyJson(scans)).ok());
}

// The published tables: every number that was counted apart, by other means.
class PublishedStudy : public testing::Test {
 protected:
  // Maps, so that the order of keys does not matter.
  using Plain = nlohmann::json;

  void SetUp() override {
    const std::string folder = std::string(RINGFORT_SOURCE_DIR) + "/../shared/data/study/";
    const auto text = ReadTextFile(folder + "expected.json");
    if (!text.ok()) GTEST_SKIP() << "the replication tables are not here: " << text.error().what;
    expected_ = Plain::parse(text.value());
    study::StudyTables tables;
    for (const std::string_view name : study::StudyFileNames())
      tables.Add(name, ReadTextFile(folder + std::string(name)));
    study_ = Plain::parse(WriteStudyJson(Study(tables)));
  }

  Plain expected_{};
  Plain study_{};
};

TEST_F(PublishedStudy, EveryCountIsReached) {
  for (const auto& [key, value] : expected_["recomputed"].items()) EXPECT_EQ(study_["recomputed"][key], value) << key;
  EXPECT_TRUE(study_["faults"].empty()) << study_["faults"];
  EXPECT_TRUE(study_["missing"].empty()) << study_["missing"];
}

TEST_F(PublishedStudy, EveryClaimIsJudgedTheSame) {
  std::map<std::string, Plain> claims;
  for (const Plain& claim : study_["claims"]) claims[claim["id"]] = claim;
  std::map<std::string, int> statuses;
  for (const Plain& claim : expected_["claims"]) {
    const Plain& ours = claims[claim["id"]];
    EXPECT_EQ(ours["published"], claim["published"]) << claim["id"];
    EXPECT_EQ(ours["recomputed"], claim["recomputed"]) << claim["id"];
    EXPECT_EQ(ours["status"], claim["status"]) << claim["id"];
    ++statuses[ours["status"]];
  }
  EXPECT_EQ(statuses, expected_["summary"].get<decltype(statuses)>());
}

TEST_F(PublishedStudy, OursIsSaidToBeOurs) {
  std::map<std::string, Plain> claims;
  for (const Plain& claim : study_["claims"]) claims[claim["id"]] = claim;
  EXPECT_EQ(claims["severity_split"]["recomputed"],
            Plain::parse(R"({"critical":138,"high":386,"medium":300,"low":10})"));
  EXPECT_EQ(claims["exposure_graph"]["recomputed"],
            Plain::parse(R"({"nodes":1148,"edges":2204,"components":21,"giant":1079})"));
  EXPECT_EQ(claims["cvss_check"]["recomputed"], 10);
  EXPECT_EQ(claims["risk_bands"]["status"], "not_computable");
  EXPECT_EQ(claims["repositories_in_abstract"]["status"], "does_not_reproduce");
  const Plain& found = study_["exposure"]["communities"];
  EXPECT_GT(found["modularity"].get<double>(), 0.5);
  std::uint64_t nodes = 0;
  for (const Plain& community : found["communities"]) nodes += community["nodes"].get<std::uint64_t>();
  EXPECT_EQ(nodes, 1147u);
  EXPECT_EQ(study_["exposure"]["weaknesses_of_two_severities"], 0);
}

}  // namespace
}  // namespace ringfort
