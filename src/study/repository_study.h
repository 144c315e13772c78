#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "study/exposure.h"
#include "study/label_count.h"
#include "study/study_tables.h"

namespace ringfort::study {

// The study of ML repositories of Foundjem, Tidjon, Da Silva and Khomh (arXiv 2512.23132,
// 2025), recomputed from its replication tables. Every figure is there, or says why not:
// which table or column is missing.

inline constexpr std::array<std::string_view, 5> kImpactFlags = {"Availability", "Confidentiality", "Integrity",
                                                                 "Access Control", "Non-Repudiation"};

struct RegexStage {
  std::uint64_t cves = 0, issues = 0, projects = 0;  // distinct
};

// The five impact flags of each row against those of the row's CWE.
struct MatrixComparison {
  std::uint64_t compared = 0, differ = 0;  // rows whose CWE has a row of its own
  std::vector<std::string> without_row{};  // CWE cells that have none, by name
};

struct IncidentCounts {
  std::uint64_t rows = 0, distinct_ids = 0, ai_related = 0;
};

struct AtlasCounts {
  std::uint64_t rows = 0, tactics = 0, techniques = 0;
};

// Of unique CVEs that carry a CVSS vector in a column `CVSS vector`, which the
// published tables do not have.
struct RiskCounts {
  std::array<std::uint64_t, 3> bands{};   // by RiskBand
  std::array<std::uint64_t, 3> queues{};  // by RiskQueue
  double mean = 0;
};

struct StudyFigures {
  std::map<std::string, std::uint64_t, std::less<>> rows;
  Result<Exposure> by_issue;            // cve_by_issue.csv; the repository comes out of the issue's link
  Result<Exposure> by_repository;       // cve_by_repository.csv; no issues
  Result<std::uint64_t> repeated_rows;  // of cve_by_repository.csv, equal in every cell to an earlier one
  Result<bool> same_repositories;       // in both tables
  Result<LabelCounts> labels_by_repository, labels_by_issue, labels_published;
  Result<std::array<std::uint64_t, 5>> cves_with_flag;  // by kImpactFlags
  Result<std::uint64_t> distinct_cwe;
  Result<MatrixComparison> matrix;
  Result<RegexStage> regex_stage;
  Result<std::uint64_t> collected, kept;  // distinct repositories
  Result<LabelCounts> categories;         // of repositories
  Result<IncidentCounts> incidents;
  Result<AtlasCounts> atlas;
  Result<RiskCounts> risk;
};

StudyFigures ComputeFigures(const StudyTables& tables, std::uint64_t seed);

// `owner/name` of `https://api.github.com/repos/owner/name/issues/1` or
// `https://github.com/owner/name/issues/1`; empty if it is neither.
std::string_view RepositoryOfIssue(std::string_view link);

// Whether `text` is `CVE-`, four digits, `-`, four to seven digits.
bool IsCveId(std::string_view text);

}  // namespace ringfort::study
