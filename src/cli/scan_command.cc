#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>

#include "application/recorded_scan.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/scan_policy.h"
#include "cli/terminal_progress.h"
#include "report/html_report.h"
#include "report/scan_cyclonedx.h"
#include "report/scan_json.h"
#include "report/scan_sarif.h"
#include "report/scan_table.h"

namespace ringfort {
namespace {

struct ScanArguments {
  std::vector<std::string> paths;
  std::string format = "table";
  std::string output;
  std::string mode = "full";
  std::string fail_on;
  std::string policy;
  std::string store;
  bool no_cache = false;
  bool no_progress = false;
  int jobs = 0;
  double timeout_seconds = 60;
  std::uint64_t memory_megabytes = 256;
  std::uint32_t depth = 16;
  bool all = false;
  std::string color = "auto";
};

std::string Write(const ScanResult& result, const ScanArguments& arguments) {
  if (arguments.format == "json") return WriteScanJson(result);
  if (arguments.format == "sarif") return WriteScanSarif(result);
  if (arguments.format == "cyclonedx") return WriteScanCycloneDx(result);
  if (arguments.format == "html") return WriteHtmlReport(result);
  TableOptions options;
  winsize size{};
  const bool terminal = arguments.output.empty() && isatty(STDOUT_FILENO) != 0;
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) options.width = size.ws_col;
  options.color =
      arguments.color == "always" || (arguments.color == "auto" && terminal && getenv("NO_COLOR") == nullptr);
  options.all = arguments.all;
  return WriteScanTable(result, options);
}

// `-` among the paths stands for a list on standard input, one path a line.
std::vector<std::string> ExpandPaths(const std::vector<std::string>& given) {
  std::vector<std::string> paths;
  for (const std::string& path : given) {
    if (path != "-") {
      paths.push_back(path);
      continue;
    }
    for (std::string line; std::getline(std::cin, line);) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (!line.empty()) paths.push_back(line);
    }
  }
  return paths;
}

int Scan(const ScanArguments& arguments) {
  ScanRequest request;
  request.paths = ExpandPaths(arguments.paths);
  if (request.paths.empty()) return Complain("nothing to scan: the list on standard input is empty", kExitUsage);
  request.mode = arguments.mode == "full" ? scanners::Mode::kFull : scanners::Mode::kStructure;
  request.jobs = arguments.jobs;
  request.limits.time = std::chrono::milliseconds(static_cast<std::int64_t>(arguments.timeout_seconds * 1000));
  request.limits.memory = arguments.memory_megabytes << 20;
  request.limits.depth = arguments.depth;

  auto policy = OpenPolicy(arguments.policy, arguments.fail_on);
  if (!policy.ok()) return Complain(policy.error().what, kExitUsage);
  request.amend = policy.value().amend;
  // Said before any store is opened or written.
  for (const std::string& path : request.paths)
    if (access(path.c_str(), F_OK) != 0)
      return Complain(fmt::format("cannot read {}: {}", path, std::strerror(errno)), kExitUsage);
  std::unique_ptr<EvidenceStore> store;
  if (!arguments.store.empty()) {
    auto opened = OpenStore(arguments.store, false);
    if (!opened.ok()) return Complain(opened.error().what, kExitFailure);
    store = std::move(opened).value();
  }
  Result<ScanOutcome> scanned = [&] {
    TerminalProgress progress(!arguments.no_progress);
    if (store == nullptr) return RunScan(request, &progress);
    return RunRecordedScan(request, {store.get(), RunKind::kScan, 0, request.paths, !arguments.no_cache}, &progress);
  }();
  if (!scanned.ok()) return Complain(scanned.error().what, kExitFailure);
  const ScanResult& result = scanned.value().result;
  if (const int failed = Deliver(arguments.output, Write(result, arguments)); failed != 0) return failed;
  if (scanned.value().interrupted) return Complain("interrupted; the report holds what was done", kExitInterrupted);
  return ExitCodeOf(Summarize(result), policy.value().fail_on);
}

}  // namespace

void AddScanCommand(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ScanArguments>();
  CLI::App* scan = app.add_subcommand("scan", "Scan model files and folders for what is dangerous to load");
  scan->add_option("paths", arguments->paths, "Files or folders; - reads a list from standard input")->required();
  scan->add_option("--format", arguments->format, "table, json, sarif, cyclonedx or html")
      ->check(CLI::IsMember({"table", "json", "sarif", "cyclonedx", "html"}))
      ->capture_default_str();
  scan->add_option("-o,--output", arguments->output, "Write the report to this file instead of standard output");
  scan->add_option("--mode", arguments->mode, "full: read and hash everything; structure: only what judging needs")
      ->check(CLI::IsMember({"full", "structure"}))
      ->capture_default_str();
  scan->add_option("--fail-on", arguments->fail_on,
                   "Exit with 1 from this severity on: low, medium, high, critical (default: medium)")
      ->check(CLI::IsMember({"low", "medium", "high", "critical"}));
  scan->add_option("--policy", arguments->policy,
                   "TOML file of suppressed rules, each with a reason and an expiry date");
  scan->add_option("--store", arguments->store, "Record the run in this evidence store (SQLite file)");
  scan->add_flag("--no-cache", arguments->no_cache, "Analyze again what the store already knows");
  scan->add_option("--jobs", arguments->jobs, "Worker processes; 0: one a core")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  scan->add_option("--timeout", arguments->timeout_seconds, "Seconds for one artifact")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str();
  scan->add_option("--memory", arguments->memory_megabytes, "Megabytes of memory for one worker")
      ->check(CLI::Range(32, 1048576))
      ->capture_default_str();
  scan->add_option("--depth", arguments->depth, "Containers inside containers that are opened")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  scan->add_flag("--all", arguments->all, "Table: show clean artifacts and every finding");
  scan->add_option("--color", arguments->color, "Table: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  scan->add_flag("--no-progress", arguments->no_progress, "No progress bar");
  scan->footer(
      "Examples:\n"
      "  ringfort scan model.safetensors\n"
      "  ringfort scan --format json --output scan.json models/\n"
      "  ringfort scan --mode structure --fail-on high ~/.cache/huggingface\n"
      "  git diff --name-only --diff-filter=d main | ringfort scan --format sarif -o findings.sarif -\n"
      "Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage, 3 nothing found but something is\n"
      "incomplete, 4 internal failure, 130 interrupted.");
  scan->callback([arguments, &exit_code] { exit_code = Scan(*arguments); });
}

}  // namespace ringfort
