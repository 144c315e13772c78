#include "study/repository_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "study/risk_score.h"

namespace ringfort::study {
namespace {

constexpr std::string_view kByIssue = "cve_by_issue.csv";
constexpr std::string_view kByRepository = "cve_by_repository.csv";
constexpr std::string_view kMatrix = "cwe_to_impact_93.csv";

std::uint64_t Distinct(const std::vector<std::string_view>& cells) {
  return std::set<std::string_view>(cells.begin(), cells.end()).size();
}

Result<std::uint64_t> DistinctIn(const StudyTables& tables, std::string_view name, std::string_view column) {
  TRY(cells, tables.Cells(name, column));
  return Distinct(cells);
}

Result<Exposure> ExposureOf(const StudyTables& tables, std::string_view name, std::string_view place,
                            std::uint64_t seed) {
  TRY(cves, tables.Cells(name, "CVE ID"));
  TRY(places, tables.Cells(name, place));
  TRY(severities, tables.Cells(name, "CVE severity"));
  TRY(components, tables.Cells(name, "CPE dependency name"));
  const bool by_issue = name == kByIssue;
  std::vector<Occurrence> occurrences;
  for (std::size_t i = 0; i < cves.size(); ++i)
    occurrences.push_back({.weakness = std::string(cves[i]),
                           .repository = std::string(by_issue ? RepositoryOfIssue(places[i]) : places[i]),
                           .component = std::string(components[i].empty() ? kNoComponent : components[i]),
                           .severity = SeverityFromName(severities[i]),
                           .issue = std::string(by_issue ? places[i] : "")});
  return AnalyzeExposure(occurrences, seed);
}

Result<std::uint64_t> RepeatedRows(const StudyTables& tables) {
  TRY(table, tables.Find(kByRepository));
  std::set<std::vector<std::string_view>> distinct;
  for (const Table::Row& row : table->rows) distinct.emplace(row.cells.begin(), row.cells.end());
  return table->rows.size() - distinct.size();
}

Result<bool> SameRepositories(const StudyTables& tables) {
  TRY(links, tables.Cells(kByIssue, "GHIssue"));
  TRY(names, tables.Cells(kByRepository, "TargetRepo"));
  std::set<std::string_view> linked, named(names.begin(), names.end());
  for (const std::string_view link : links) linked.insert(RepositoryOfIssue(link));
  return linked == named;
}

Result<LabelCounts> LabelsOf(const StudyTables& tables, std::string_view name, std::string_view column) {
  TRY(cells, tables.Cells(name, column));
  return CountLabels(cells);
}

Result<LabelCounts> PublishedLabels(const StudyTables& tables) {
  TRY(labels, tables.Cells("related_attacks_count.csv", "Related attack"));
  TRY(counts, tables.Cells("related_attacks_count.csv", "Occurrences"));
  std::map<std::string, std::uint64_t> published;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const LabelCounts label = CountLabels({labels[i]});
    std::uint64_t count = 0;
    for (const char digit : counts[i]) {
      if (digit < '0' || digit > '9' || count > 1'000'000'000)
        return Error{Fault::kInvalidInput,
                     fmt::format("related_attacks_count.csv: row {}: `Occurrences` is no count", i + 1)};
      count = count * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    if (!label.empty()) published[label[0].first] += count;
  }
  return Ordered(published);
}

Result<std::array<std::uint64_t, 5>> CvesWithFlag(const StudyTables& tables) {
  TRY(cves, tables.Cells(kByIssue, "CVE ID"));
  std::array<std::uint64_t, 5> counts{};
  for (std::size_t flag = 0; flag < kImpactFlags.size(); ++flag) {
    TRY(cells, tables.Cells(kByIssue, kImpactFlags[flag]));
    std::set<std::string_view> flagged;
    for (std::size_t i = 0; i < cves.size(); ++i)
      if (cells[i] == "1") flagged.insert(cves[i]);
    counts[flag] = flagged.size();
  }
  return counts;
}

using Flags = std::array<std::string_view, 5>;

Result<std::vector<Flags>> FlagsOf(const StudyTables& tables, std::string_view name) {
  TRY(table, tables.Find(name));
  std::vector<Flags> flags(table->rows.size());
  for (std::size_t flag = 0; flag < kImpactFlags.size(); ++flag) {
    TRY(cells, tables.Cells(name, kImpactFlags[flag]));
    for (std::size_t i = 0; i < cells.size(); ++i) flags[i][flag] = cells[i];
  }
  return flags;
}

Result<MatrixComparison> CompareWithMatrix(const StudyTables& tables) {
  TRY(weaknesses, tables.Cells(kByIssue, "CWE name"));
  TRY(flags, FlagsOf(tables, kByIssue));
  TRY(ids, tables.Cells(kMatrix, "CWE_ID"));
  TRY(expected, FlagsOf(tables, kMatrix));
  std::map<std::string_view, std::size_t> row_of;
  for (std::size_t i = 0; i < ids.size(); ++i) row_of.emplace(ids[i], i);
  MatrixComparison comparison;
  std::set<std::string_view> without;
  for (std::size_t i = 0; i < weaknesses.size(); ++i) {
    const auto row = row_of.find(weaknesses[i]);
    if (row == row_of.end()) {
      without.insert(weaknesses[i]);
      continue;
    }
    ++comparison.compared;
    comparison.differ += flags[i] != expected[row->second] ? 1 : 0;
  }
  comparison.without_row.assign(without.begin(), without.end());
  return comparison;
}

Result<RegexStage> CountRegexStage(const StudyTables& tables) {
  constexpr std::string_view kName = "grouped_unique_cve_patterns.csv";
  TRY(cves, tables.Cells(kName, "CVE"));
  TRY(issues, tables.Cells(kName, "Issue_ID"));
  TRY(projects, tables.Cells(kName, "repository"));
  std::erase_if(cves, [](std::string_view cve) { return !IsCveId(cve); });
  return RegexStage{.cves = Distinct(cves), .issues = Distinct(issues), .projects = Distinct(projects)};
}

Result<LabelCounts> Categories(const StudyTables& tables) {
  TRY(cells, tables.Cells("target_repos_count.csv", "Category"));
  return CountLabels(cells);
}

Result<IncidentCounts> CountIncidents(const StudyTables& tables) {
  TRY(ids, tables.Cells("AI_Incident.csv", "ID"));
  TRY(related, tables.Cells("AI_Incident.csv", "AI related"));
  IncidentCounts counts{.rows = ids.size(), .distinct_ids = Distinct(ids)};
  for (const std::string_view cell : related) counts.ai_related += cell.empty() ? 0 : 1;
  return counts;
}

Result<AtlasCounts> CountAtlas(const StudyTables& tables) {
  TRY(tactics, tables.Cells("atlas.csv", "Tactic ID"));
  TRY(techniques, tables.Cells("atlas.csv", "Technique ID"));
  return AtlasCounts{.rows = tactics.size(), .tactics = Distinct(tactics), .techniques = Distinct(techniques)};
}

Result<RiskCounts> CountRisk(const StudyTables& tables) {
  TRY(cves, tables.Cells(kByIssue, "CVE ID"));
  TRY(vectors, tables.Cells(kByIssue, "CVSS vector"));
  std::map<std::string_view, double> risk_of;
  for (std::size_t i = 0; i < cves.size(); ++i) {
    if (vectors[i].empty()) continue;
    TRY(vector, ParseCvssVector(vectors[i]));
    risk_of.emplace(cves[i], Risk(Score(vector)));
  }
  RiskCounts counts;
  for (const auto& [cve, risk] : risk_of) {
    ++counts.bands[static_cast<std::size_t>(BandOf(risk))];
    ++counts.queues[static_cast<std::size_t>(QueueOf(risk))];
    counts.mean += risk / static_cast<double>(risk_of.size());
  }
  return counts;
}

}  // namespace

StudyFigures ComputeFigures(const StudyTables& tables, std::uint64_t seed) {
  return {.rows = tables.Rows(),
          .by_issue = ExposureOf(tables, kByIssue, "GHIssue", seed),
          .by_repository = ExposureOf(tables, kByRepository, "TargetRepo", seed),
          .repeated_rows = RepeatedRows(tables),
          .same_repositories = SameRepositories(tables),
          .labels_by_repository = LabelsOf(tables, kByRepository, "Related attacks"),
          .labels_by_issue = LabelsOf(tables, kByIssue, "Related attacks"),
          .labels_published = PublishedLabels(tables),
          .cves_with_flag = CvesWithFlag(tables),
          .distinct_cwe = DistinctIn(tables, kByIssue, "CWE name"),
          .matrix = CompareWithMatrix(tables),
          .regex_stage = CountRegexStage(tables),
          .collected = DistinctIn(tables, "repos_collection.csv", "full_name"),
          .kept = DistinctIn(tables, "filtered_repos.csv", "repository"),
          .categories = Categories(tables),
          .incidents = CountIncidents(tables),
          .atlas = CountAtlas(tables),
          .risk = CountRisk(tables)};
}

std::string_view RepositoryOfIssue(std::string_view link) {
  const std::size_t scheme = link.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t host_end = link.find('/', scheme + 3);
  if (host_end == std::string_view::npos) return {};
  std::string_view path = link.substr(host_end + 1);
  if (path.starts_with("repos/")) path.remove_prefix(6);
  const std::size_t owner_end = path.find('/');
  if (owner_end == std::string_view::npos || owner_end == 0) return {};
  const std::size_t name_end = path.find('/', owner_end + 1);
  if (name_end == std::string_view::npos || name_end == owner_end + 1) return {};
  return path.substr(0, name_end);
}

bool IsCveId(std::string_view text) {
  const auto digits = [](std::string_view part) {
    return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return text.size() >= 13 && text.size() <= 16 && text.starts_with("CVE-") && text[8] == '-' &&
         digits(text.substr(4, 4)) && digits(text.substr(9));
}

}  // namespace ringfort::study
