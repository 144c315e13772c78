#include "study/study_tables.h"

#include <fmt/format.h>

#include <array>

#include "study/cell_internal.h"

namespace ringfort::study {
namespace {

constexpr std::array<std::string_view, 16> kFiles = {
    "AI_Incident.csv",
    "atlas.csv",
    "cpe_dependency_reponame.csv",
    "cpe_dependency_report_issue.csv",
    "cve_by_issue.csv",
    "cve_by_repository.csv",
    "cwe_to_impact_252.csv",
    "cwe_to_impact_93.csv",
    "filtered_repos.csv",
    "grouped_unique_cve_patterns.csv",
    "output_classified_file_unknown.csv",
    "related_attacks_count.csv",
    "repo_description.csv",
    "repos_collection.csv",
    "target_repos_count.csv",
    "ttp_new_attacks.csv",
};

}  // namespace

std::span<const std::string_view> StudyFileNames() { return kFiles; }

void StudyTables::Add(std::string_view name, const Result<std::string>& text) {
  tables_.insert_or_assign(std::string(name),
                           text.ok() ? ReadCommaSeparated(text.value(), name) : Result<Table>(text.error()));
}

Result<const Table*> StudyTables::Find(std::string_view name) const {
  const auto at = tables_.find(name);
  if (at == tables_.end()) return Error{Fault::kUnavailable, fmt::format("{}: not in the folder", name)};
  if (!at->second.ok()) return at->second.error();
  return &at->second.value();
}

Result<std::vector<std::string_view>> StudyTables::Cells(std::string_view name, std::string_view column) const {
  TRY(table, Find(name));
  for (std::size_t i = 0; i < table->header.size(); ++i) {
    if (Collapsed(table->header[i]) != column) continue;
    std::vector<std::string_view> cells;
    for (const Table::Row& row : table->rows) cells.push_back(Trimmed(row.cells[i]));
    return cells;
  }
  return Error{Fault::kUnavailable, fmt::format("{}: no column `{}`", name, column)};
}

std::map<std::string, std::uint64_t, std::less<>> StudyTables::Rows() const {
  std::map<std::string, std::uint64_t, std::less<>> rows;
  for (const auto& [name, table] : tables_)
    if (table.ok()) rows.emplace(name, table.value().rows.size());
  return rows;
}

std::vector<std::string> StudyTables::Missing() const {
  std::vector<std::string> missing;
  for (const std::string_view name : kFiles)
    if (!tables_.contains(name)) missing.emplace_back(name);
  return missing;
}

std::vector<std::string> StudyTables::Faults() const {
  std::vector<std::string> faults;
  for (const auto& [name, table] : tables_)
    if (!table.ok()) faults.push_back(table.error().what);
  for (const auto& [name, table] : tables_)
    if (table.ok()) faults.insert(faults.end(), table.value().faults.begin(), table.value().faults.end());
  return faults;
}

}  // namespace ringfort::study
