#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "application/recorded_scan.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "evidence/run_difference.h"
#include "report/scan_json.h"
#include "report/scan_table.h"
#include "scanners/artifact/family.h"

namespace ringfort {
namespace {

struct RunsArguments {
  std::string store;
  std::string format = "table";
  std::string run;
  std::string before, after;
};

std::string Dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string State(const Run& run) { return run.finished_at ? "finished" : "interrupted"; }

Json RunJson(const Run& run) {
  return {{"id", run.id},
          {"kind", Name(run.kind)},
          {"state", State(run)},
          {"started_at", run.started_at},
          {"finished_at", run.finished_at ? Json(*run.finished_at) : Json(nullptr)},
          {"tool_version", run.tool_version},
          {"rule_set_version", run.rule_set_version},
          {"mode", run.mode},
          {"seed", run.seed},
          {"arguments", run.arguments}};
}

// `last` and `last-1` stand for the newest runs; a prefix stands for the run that
// it alone begins.
Result<std::string> ResolveRun(EvidenceStore& store, const std::string& wanted) {
  TRY(runs, store.List());
  if (wanted == "last" && !runs.empty()) return runs.back().id;
  if (wanted == "last-1" && runs.size() > 1) return runs[runs.size() - 2].id;
  std::vector<std::string> matches;
  for (const Run& run : runs) {
    if (run.id == wanted) return run.id;
    if (run.id.starts_with(wanted)) matches.push_back(run.id);
  }
  if (matches.size() == 1) return matches[0];
  return Error{Fault::kInvalidInput,
               matches.empty() ? fmt::format("no run {} in the store; `ringfort runs list` shows them", wanted)
                               : fmt::format("{} could be any of {} runs", wanted, matches.size())};
}

ScanResult AsScan(RunRecord record) {
  ScanResult scan;
  scan.tool_version = record.run.tool_version;
  scan.rule_set_version = record.run.rule_set_version;
  scan.mode = record.run.mode;
  scan.started_at = record.run.started_at;
  scan.roots = record.run.arguments;
  scan.artifacts = std::move(record.artifacts);
  const auto rules = scanners::Rules();
  scan.rules.assign(rules.begin(), rules.end());
  return scan;
}

int Fail(const Error& error) {
  return Complain(error.what, error.fault == Fault::kInvalidInput ? kExitUsage : kExitFailure);
}

int List(const RunsArguments& arguments) {
  auto store = OpenStore(arguments.store, true);
  if (!store.ok()) return Fail(store.error());
  auto runs = store.value()->List();
  if (!runs.ok()) return Fail(runs.error());
  if (arguments.format == "json") {
    Json all = Json::array();
    for (const Run& run : runs.value()) all.push_back(RunJson(run));
    return Deliver("", Dump({{"schema", "ringfort.runs/1"}, {"runs", all}}));
  }
  std::string table = fmt::format("{:24} {:7} {:12} {:10} {}\n", "run", "kind", "state", "mode", "arguments");
  for (const Run& run : runs.value())
    table += fmt::format("{:24} {:7} {:12} {:10} {}\n", run.id, Name(run.kind), State(run), run.mode,
                         Printable(fmt::format("{}", fmt::join(run.arguments, " ")), 200));
  if (runs.value().empty()) table = "no runs yet; `ringfort scan --store FILE PATH` records one\n";
  return Deliver("", table);
}

int Show(const RunsArguments& arguments) {
  auto store = OpenStore(arguments.store, true);
  if (!store.ok()) return Fail(store.error());
  auto id = ResolveRun(*store.value(), arguments.run);
  if (!id.ok()) return Fail(id.error());
  auto record = store.value()->Load(id.value());
  if (!record.ok()) return Fail(record.error());
  const Run run = record.value().run;
  const ScanResult scan = AsScan(std::move(record).value());
  if (arguments.format == "json") return Deliver("", WriteScanJson(scan));
  return Deliver(
      "", fmt::format("run {}, {}, started {}\n\n", run.id, State(run), run.started_at) + WriteScanTable(scan, {}));
}

int Diff(const RunsArguments& arguments) {
  auto store = OpenStore(arguments.store, true);
  if (!store.ok()) return Fail(store.error());
  RunRecord sides[2];
  for (int i = 0; i < 2; ++i) {
    auto id = ResolveRun(*store.value(), i == 0 ? arguments.before : arguments.after);
    if (!id.ok()) return Fail(id.error());
    auto record = store.value()->Load(id.value());
    if (!record.ok()) return Fail(record.error());
    sides[i] = std::move(record).value();
  }
  const RunDifference difference = Compare(sides[0], sides[1]);
  const auto findings = [](const std::vector<FindingChange>& changes) {
    Json all = Json::array();
    for (const FindingChange& change : changes)
      all.push_back({{"path", change.path},
                     {"rule", change.finding.rule},
                     {"severity", Name(change.finding.severity)},
                     {"container", change.finding.where.container},
                     {"evidence", change.finding.evidence}});
    return all;
  };
  if (arguments.format == "json") {
    Json changed = Json::array();
    for (const ArtifactChange& change : difference.changed)
      changed.push_back({{"path", change.path},
                         {"verdict_before", Name(change.verdict_before)},
                         {"verdict_after", Name(change.verdict_after)},
                         {"sha256_before", change.sha256_before},
                         {"sha256_after", change.sha256_after}});
    return Deliver("", Dump({{"schema", "ringfort.run-difference/1"},
                             {"before", sides[0].run.id},
                             {"after", sides[1].run.id},
                             {"added", difference.added},
                             {"removed", difference.removed},
                             {"changed", changed},
                             {"findings_new", findings(difference.appeared)},
                             {"findings_gone", findings(difference.gone)}}));
  }
  std::string text = fmt::format("{} -> {}\n", sides[0].run.id, sides[1].run.id);
  if (difference.empty()) text += "nothing changed\n";
  for (const std::string& path : difference.added) text += fmt::format("added    {}\n", Printable(path));
  for (const std::string& path : difference.removed) text += fmt::format("removed  {}\n", Printable(path));
  for (const ArtifactChange& change : difference.changed)
    text += fmt::format("changed  {}: {} -> {}{}\n", Printable(change.path), Name(change.verdict_before),
                        Name(change.verdict_after), change.bytes_changed ? ", other bytes" : "");
  for (const FindingChange& change : difference.appeared)
    text += fmt::format("new      {} {} {} {}\n", Name(change.finding.severity), change.finding.rule,
                        Printable(change.finding.where.container), Printable(change.finding.evidence, 100));
  for (const FindingChange& change : difference.gone)
    text += fmt::format("gone     {} {} {} {}\n", Name(change.finding.severity), change.finding.rule,
                        Printable(change.finding.where.container), Printable(change.finding.evidence, 100));
  return Deliver("", text);
}

}  // namespace

void AddRunsCommand(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<RunsArguments>();
  CLI::App* runs = app.add_subcommand("runs", "Look at recorded runs and at what changed between them");
  runs->require_subcommand(1);
  const auto add = [&](const char* name, const char* what) {
    CLI::App* verb = runs->add_subcommand(name, what);
    verb->add_option("--store", arguments->store, "The evidence store (SQLite file)")->required();
    verb->add_option("--format", arguments->format, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
    return verb;
  };
  CLI::App* list = add("list", "List the runs of a store, the oldest first");
  list->footer("Examples:\n  ringfort runs list --store evidence.db");
  list->callback([arguments, &exit_code] { exit_code = List(*arguments); });
  CLI::App* show = add("show", "Show one run as its scan showed it");
  show->add_option("run", arguments->run, "Id of the run, the beginning of one, `last` or `last-1`")->required();
  show->footer("Examples:\n  ringfort runs show --store evidence.db last");
  show->callback([arguments, &exit_code] { exit_code = Show(*arguments); });
  CLI::App* diff = add("diff", "Show what changed from one run to another");
  diff->add_option("before", arguments->before, "The earlier run")->required();
  diff->add_option("after", arguments->after, "The later run")->required();
  diff->footer("Examples:\n  ringfort runs diff --store evidence.db last-1 last");
  diff->callback([arguments, &exit_code] { exit_code = Diff(*arguments); });
}

}  // namespace ringfort
