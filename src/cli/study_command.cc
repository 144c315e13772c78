#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdint>

#include "application/study.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "report/study_json.h"
#include "report/study_table.h"

namespace ringfort {
namespace {

struct StudyArguments {
  std::string folder;
  std::vector<std::string> scans;
  std::string group = "rule";
  std::string component = "folder";
  std::string format = "table";
  std::string output;
  std::uint64_t seed = 1;
};

int Fail(const Error& error) {
  return Complain(error.what, error.fault == Fault::kInternal ? kExitFailure : kExitUsage);
}

template <class Kind, std::size_t n>
Kind KindOf(const std::array<std::string_view, n>& names, std::string_view name) {
  return static_cast<Kind>(std::find(names.begin(), names.end(), name) - names.begin());
}

int StudyScans(const StudyArguments& arguments) {
  const auto study =
      RunScanStudy(arguments.scans, KindOf<study::Grouping>(study::kGroupingNames, arguments.group),
                   KindOf<study::ComponentKind>(study::kComponentKindNames, arguments.component), arguments.seed);
  if (!study.ok()) return Fail(study.error());
  return Deliver(arguments.output,
                 arguments.format == "json" ? WriteScanStudyJson(study.value()) : WriteScanStudyTable(study.value()));
}

int StudyFolder(const StudyArguments& arguments) {
  const auto study = RunRepositoryStudy(arguments.folder, arguments.seed);
  if (!study.ok()) return Fail(study.error());
  const int written = Deliver(
      arguments.output, arguments.format == "json" ? WriteStudyJson(study.value()) : WriteStudyTable(study.value()));
  if (written != 0) return written;
  return study.value().faults.empty() ? kExitClean : kExitIncomplete;
}

}  // namespace

void AddStudyCommand(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<StudyArguments>();
  CLI::App* study = app.add_subcommand(
      "study", "Recompute the published study of ML repositories, or ask the same of your own scans");
  auto* folder = study->add_option("folder", arguments->folder, "Folder with the study's replication tables");
  auto* scans =
      study->add_option("--scan", arguments->scans, "Reports of `scan` or `assess` in JSON, one a repository");
  scans->excludes(folder);
  study->add_option("--group", arguments->group, "What of a finding is counted: rule, cwe or threat (with --scan)")
      ->check(CLI::IsMember({"rule", "cwe", "threat"}))
      ->needs(scans)
      ->capture_default_str();
  study->add_option("--component", arguments->component, "What is ranked: folder, artifact or asset (with --scan)")
      ->check(CLI::IsMember({"folder", "artifact", "asset"}))
      ->needs(scans)
      ->capture_default_str();
  study->add_option("--seed", arguments->seed, "Seed of the communities")->capture_default_str();
  study->add_option("--format", arguments->format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  study->add_option("-o,--output", arguments->output, "File to write to; standard output without it");
  study->footer(
      "Examples:\n"
      "  ringfort study replication-tables\n"
      "  ringfort study --scan vision.json speech.json --group cwe\n"
      "Exit codes: 0 done, 2 nothing there to study, 3 some tables or rows could not be read.");
  study->callback([arguments, &exit_code] {
    if (arguments->folder.empty() && arguments->scans.empty())
      exit_code = Complain("nothing to study: give a folder with tables, or --scan with reports", kExitUsage);
    else
      exit_code = arguments->scans.empty() ? StudyFolder(*arguments) : StudyScans(*arguments);
  });
}

}  // namespace ringfort
