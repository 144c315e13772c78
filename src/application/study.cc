#include "application/study.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/text.h"

namespace ringfort {
namespace {

constexpr std::size_t kFileLimit = std::size_t{256} << 20;

}  // namespace

Result<study::RepositoryStudy> RunRepositoryStudy(const std::string& folder, std::uint64_t seed) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored))
    return Error{Fault::kInvalidInput, fmt::format("no folder {}", Printable(folder))};
  study::StudyTables tables;
  bool any = false;
  for (const std::string_view name : study::StudyFileNames()) {
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    if (!std::filesystem::exists(path, ignored)) continue;
    any = true;
    tables.Add(name, ReadTextFile(path.string(), kFileLimit));
  }
  if (!any)
    return Error{
        Fault::kInvalidInput,
        fmt::format("no table of the study lies in {}; it wants cve_by_issue.csv, cve_by_repository.csv and the "
                    "like, see docs/study.md",
                    Printable(folder))};
  study::StudyFigures figures = study::ComputeFigures(tables, seed);
  std::vector<study::Claim> claims = study::JudgeClaims(figures);
  return study::RepositoryStudy{.folder = folder,
                                .figures = std::move(figures),
                                .claims = std::move(claims),
                                .missing = tables.Missing(),
                                .faults = tables.Faults()};
}

Result<study::ScanStudy> RunScanStudy(const std::vector<std::string>& files, study::Grouping grouping,
                                      study::ComponentKind component, std::uint64_t seed) {
  std::map<std::string, int> named;
  for (const std::string& file : files) ++named[std::filesystem::path(file).stem().string()];
  study::ScanStudy result{.grouping = grouping, .component = component};
  std::vector<study::Occurrence> all;
  for (const std::string& file : files) {
    const std::string stem = std::filesystem::path(file).stem().string();
    const std::string repository = named[stem] > 1 ? file : stem;
    TRY(text, ReadTextFile(file, kFileLimit));
    TRY(read, study::ReadScanOccurrences(text, file, repository, grouping, component));
    result.sources.push_back({file, repository, read.artifacts, read.incomplete, read.suppressed});
    for (study::Occurrence& one : read.occurrences) all.push_back(std::move(one));
  }
  result.exposure = study::AnalyzeExposure(all, seed);
  return result;
}

}  // namespace ringfort
