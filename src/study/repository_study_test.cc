#include "study/repository_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "study/published_claims.h"

namespace ringfort::study {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::string_view kByIssue =
    "CVE ID,GHIssue,CWE name,CVE severity,CPE dependency name ,Related attacks,Availability,Confidentiality,Integrity,"
    "Access Control,Non-Repudiation\n"
    "CVE-2020-0001,https://api.github.com/repos/a/one/issues/1,CWE-20,high,v:x,\"DoS,  Use-after-free  "
    "attack\",1,0,0,0,0\n"
    "CVE-2020-0001,https://api.github.com/repos/a/two/issues/9,CWE-20,high,v:x,DoS,1,1,0,0,0\n"
    " CVE-2020-0002 ,https://github.com/a/one/issues/1,CWE-99,critical,[],DoS,0,0,0,0,0\n";

StudyTables Sample() {
  StudyTables tables;
  tables.Add("cve_by_issue.csv", std::string(kByIssue));
  return tables;
}

const Claim& ClaimOf(const std::vector<Claim>& claims, std::string_view id) {
  const auto at = std::find_if(claims.begin(), claims.end(), [&](const Claim& claim) { return claim.id == id; });
  EXPECT_NE(at, claims.end()) << id;
  return *at;
}

TEST(StudyTables, HeadersMayEndInBlanks) {
  const StudyTables tables = Sample();
  EXPECT_TRUE(tables.Cells("cve_by_issue.csv", "CPE dependency name").ok());
  EXPECT_THAT(tables.Cells("cve_by_issue.csv", "CVE ID").value(),
              ElementsAre("CVE-2020-0001", "CVE-2020-0001", "CVE-2020-0002"));
  EXPECT_EQ(tables.Cells("cve_by_issue.csv", "Color").error().what, "cve_by_issue.csv: no column `Color`");
  EXPECT_EQ(tables.Find("atlas.csv").error().what, "atlas.csv: not in the folder");
  EXPECT_EQ(tables.Missing().size(), StudyFileNames().size() - 1);
}

TEST(StudyTables, KeepsFaults) {
  StudyTables tables;
  tables.Add("atlas.csv", std::string("Tactic  ID,Technique ID\nA,B\nA\n"));
  tables.Add("cve_by_issue.csv", Error{Fault::kUnavailable, "cannot open cve_by_issue.csv"});
  tables.Add("repos_collection.csv", std::string("full_name\n\"open"));
  EXPECT_THAT(tables.Faults(),
              ElementsAre(HasSubstr("cannot open"), HasSubstr("repos_collection.csv:2"), HasSubstr("atlas.csv:3")));
  EXPECT_THAT(tables.Rows(), ElementsAre(Pair("atlas.csv", 1u)));
}

TEST(RepositoryStudy, CountsASmallTable) {
  const StudyFigures figures = ComputeFigures(Sample(), 1);
  ASSERT_TRUE(figures.by_issue.ok());
  const Exposure& exposure = figures.by_issue.value();
  EXPECT_EQ(exposure.weaknesses, 2u);
  EXPECT_EQ(exposure.occurrences, 3u);
  EXPECT_EQ(exposure.issues, 3u);
  EXPECT_EQ(exposure.repositories, 2u);
  EXPECT_EQ(exposure.components, 1u);
  EXPECT_EQ(exposure.ranking.size(), 2u);
  EXPECT_EQ(figures.cves_with_flag.value(), (std::array<std::uint64_t, 5>{1, 1, 0, 0, 0}));
  EXPECT_THAT(figures.labels_by_issue.value(), ElementsAre(Pair("DoS", 3u), Pair("Use-after-free attack", 1u)));
  EXPECT_EQ(figures.by_repository.error().what, "cve_by_repository.csv: not in the folder");
}

TEST(RepositoryStudy, ComparesFlagsWithTheMatrix) {
  StudyTables tables = Sample();
  tables.Add(
      "cwe_to_impact_93.csv",
      std::string("CWE_ID,Availability,Confidentiality,Integrity,Access Control,Non-Repudiation\nCWE-20,1,0,0,0,0\n"));
  const StudyFigures figures = ComputeFigures(tables, 1);
  ASSERT_TRUE(figures.matrix.ok());
  EXPECT_EQ(figures.matrix.value().compared, 2u);
  EXPECT_EQ(figures.matrix.value().differ, 1u);
  EXPECT_THAT(figures.matrix.value().without_row, ElementsAre("CWE-99"));
}

TEST(RepositoryStudy, CountsRowsThatRepeat) {
  StudyTables tables;
  tables.Add("cve_by_repository.csv", std::string("CVE ID,TargetRepo\na,b\na,b\na, b\na,b\n"));
  EXPECT_EQ(ComputeFigures(tables, 1).repeated_rows.value(), 2u);
}

TEST(RepositoryStudy, ScoresVectorsWhereThereAreSome) {
  StudyTables tables;
  tables.Add("cve_by_issue.csv", std::string("CVE ID,CVSS vector\nC1,AV:N/AC:L/Au:N/C:C/I:C/A:C\n"
                                             "C2,AV:L/AC:H/Au:M/C:P/I:N/A:N\nC1,AV:N/AC:L/Au:N/C:C/I:C/A:C\nC3,\n"));
  const StudyFigures figures = ComputeFigures(tables, 1);
  ASSERT_TRUE(figures.risk.ok());
  EXPECT_EQ(figures.risk.value().bands, (std::array<std::uint64_t, 3>{1, 0, 1}));
  EXPECT_EQ(figures.risk.value().queues, (std::array<std::uint64_t, 3>{1, 0, 1}));
  tables.Add("cve_by_issue.csv", std::string("CVE ID,CVSS vector\nC1,9.8\n"));
  EXPECT_THAT(ComputeFigures(tables, 1).risk.error().what, HasSubstr("`9.8` is no CVSS version 2 vector"));
}

TEST(PublishedClaims, AreJudgedByTheNumbers) {
  StudyTables tables = Sample();
  const auto claims = JudgeClaims(ComputeFigures(tables, 1));
  EXPECT_EQ(ClaimOf(claims, "unique_cves").status, ClaimStatus::kDoesNotReproduce);
  EXPECT_EQ(ClaimOf(claims, "repositories").status, ClaimStatus::kNotAvailable);
  EXPECT_EQ(ClaimOf(claims, "repositories").note, "cve_by_repository.csv: not in the folder");
  EXPECT_EQ(ClaimOf(claims, "keyword_stage").status, ClaimStatus::kNotComputable);
  EXPECT_EQ(ClaimOf(claims, "severity_split").status, ClaimStatus::kOurs);
  EXPECT_EQ(ClaimOf(claims, "risk_bands").status, ClaimStatus::kNotComputable);
  EXPECT_EQ(ClaimOf(claims, "cvss_check").status, ClaimStatus::kReproduces);
  EXPECT_EQ(ClaimOf(claims, "normalized_frequency").status, ClaimStatus::kReproduces);
  EXPECT_EQ(ClaimOf(claims, "graph_size_sum").recomputed[0].value, 45278);
  EXPECT_EQ(ClaimOf(claims, "graph_size_sum").status, ClaimStatus::kDoesNotReproduce);
  std::uint64_t all = 0;
  for (const std::uint64_t count : CountStatuses(claims)) all += count;
  EXPECT_EQ(all, claims.size());
}

TEST(PublishedClaims, StandWithoutAnyTable) {
  for (const Claim& claim : JudgeClaims(ComputeFigures(StudyTables(), 1)))
    EXPECT_TRUE(claim.status != ClaimStatus::kNotAvailable || !claim.note.empty()) << claim.id;
}

TEST(RepositoryOfIssue, TakesOwnerAndName) {
  EXPECT_EQ(RepositoryOfIssue("https://api.github.com/repos/a/b/issues/1"), "a/b");
  EXPECT_EQ(RepositoryOfIssue("https://github.com/a/b/issues/1"), "a/b");
  for (const char* broken : {"", "a/b", "https://", "https://github.com", "https://github.com/a",
                             "https://github.com/a/b", "https://github.com//b/", "https://github.com/a//"})
    EXPECT_EQ(RepositoryOfIssue(broken), "") << broken;
}

TEST(CveId, HasFourToSevenDigits) {
  EXPECT_TRUE(IsCveId("CVE-2020-0001"));
  EXPECT_TRUE(IsCveId("CVE-2018-1000001"));
  for (const char* other : {"CVE-2020-001", "CVE-2018-10000011", "cve-2020-0001", "CVE-2020_0001", "CVE-20x0-0001", ""})
    EXPECT_FALSE(IsCveId(other)) << other;
}

}  // namespace
}  // namespace ringfort::study
