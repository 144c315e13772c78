#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "application/evidence.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "knowledge/catalog/catalog.h"

namespace ringfort {
namespace {

struct EvidenceArguments {
  std::string file;
  std::string store;
  std::string step;
  std::string text;
  std::string format = "table";
};

int Fail(const Error& error) {
  return Complain(error.what, error.fault == Fault::kInvalidInput ? kExitUsage : kExitFailure);
}

int Add(const EvidenceArguments& arguments) {
  const Result<AddedEvidence> added = AddEvidence(arguments.file, arguments.store);
  if (!added.ok()) return Fail(added.error());
  if (!added.value().faults.empty()) {
    for (const std::string& fault : added.value().faults) Complain(fault, kExitUsage);
    return Complain("nothing was recorded; put these right and add the file again", kExitUsage);
  }
  const std::size_t known = added.value().read - added.value().added;
  return Deliver("",
                 fmt::format("{} observation{} recorded{}\n", added.value().added, added.value().added == 1 ? "" : "s",
                             known == 0 ? "" : fmt::format(", {} known already", known)));
}

std::string With(const Observation& observation) {
  if (observation.mitigations.empty()) return "-";
  return fmt::format("{} ({})", fmt::join(observation.mitigations, ", "), observation.adaptive ? "adaptive" : "naive");
}

std::string Table(const std::vector<Observation>& observations) {
  if (observations.empty()) return "no observations; `ringfort evidence add FILE --store STORE` records some\n";
  std::string table =
      fmt::format("{:>13}  {:38} {:16} {:32} {:20} {}\n", "worked", "step", "asset", "with", "measured", "source");
  for (const Observation& observation : observations)
    table += fmt::format(
        "{:>13}  {:38} {:16} {:32} {:20} {}\n", fmt::format("{}/{}", observation.successes, observation.trials),
        Printable(observation.step, 120), observation.asset.empty() ? "any" : Printable(observation.asset, 80),
        Printable(With(observation), 300), Printable(observation.measured_at, 40), Printable(observation.source, 120));
  return table;
}

std::string JsonOf(const std::vector<Observation>& observations) {
  Json all = Json::array();
  for (const Observation& observation : observations)
    all.push_back({{"id", observation.id},
                   {"step", observation.step},
                   {"asset", observation.asset},
                   {"mitigations", observation.mitigations},
                   {"adaptive", observation.adaptive},
                   {"successes", observation.successes},
                   {"trials", observation.trials},
                   {"source", observation.source},
                   {"measured_at", observation.measured_at},
                   {"tool_version", observation.tool_version},
                   {"seed", observation.seed}});
  const Json document = {{"schema", "ringfort.observations/1"}, {"observations", std::move(all)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int List(const EvidenceArguments& arguments) {
  const auto observations = ListEvidence(arguments.store, arguments.step);
  if (!observations.ok()) return Fail(observations.error());
  return Deliver("", arguments.format == "json" ? JsonOf(observations.value()) : Table(observations.value()));
}

// The steps that can be measured and whose id or title holds the text.
std::vector<const knowledge::StepRule*> FindSteps(std::string_view text) {
  std::vector<const knowledge::StepRule*> steps;
  const std::string wanted = LowerCase(text);
  for (const knowledge::StepRule& rule : knowledge::BuiltinCatalog().step_rules)
    if (!rule.certain && LowerCase(rule.id + " " + rule.title).find(wanted) != std::string::npos)
      steps.push_back(&rule);
  return steps;
}

int Steps(const EvidenceArguments& arguments) {
  const std::vector<const knowledge::StepRule*> steps = FindSteps(arguments.text);
  if (arguments.format == "json") {
    Json all = Json::array();
    for (const knowledge::StepRule* const rule : steps)
      all.push_back({{"id", rule->id},
                     {"title", rule->title},
                     {"prior", {{"successes", rule->prior.successes}, {"failures", rule->prior.failures}}},
                     {"ground", Name(rule->prior.kind)},
                     {"source", rule->prior.source},
                     {"note", rule->prior.note},
                     {"answered_by", rule->answered_by}});
    const Json document = {{"schema", "ringfort.steps/1"}, {"steps", std::move(all)}};
    return Deliver("", document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  }
  if (steps.empty()) return Complain(fmt::format("no step speaks of '{}'", Printable(arguments.text, 80)), kExitUsage);
  std::string table = fmt::format("{:52} {:>6} {:>6}  {:10} {}\n", "step", "prior", "weight", "ground", "title");
  for (const knowledge::StepRule* const rule : steps)
    table += fmt::format("{:52} {:>6.3f} {:>6.3g}  {:10} {}\n", rule->id, rule->prior.mean(), rule->prior.weight(),
                         Name(rule->prior.kind), rule->title);
  return Deliver("", table);
}

}  // namespace

void AddEvidenceCommand(CLI::App& app, int& exit_code) {
  CLI::App* evidence = app.add_subcommand("evidence", "What was tried on your systems, and how often it worked");
  evidence->require_subcommand(1);
  auto arguments = std::make_shared<EvidenceArguments>();

  CLI::App* add = evidence->add_subcommand("add", "Record observations from a file; told twice, each counts once");
  add->add_option("FILE", arguments->file, "CSV, TSV or JSON")->required();
  add->add_option("--store", arguments->store, "the evidence store; made if it is not there")->required();
  add->footer(
      "Columns: step, successes, trials, source, measured_at; if need be asset, mitigations (ids with blanks "
      "between),\n"
      "adaptive (true: those who tried knew them), seed. Nothing is recorded if one line is wrong.\n"
      "Examples:\n"
      "  ringfort evidence add tried.csv --store evidence.db\n"
      "  ringfort graph target my-project --store evidence.db   what follows from it");
  add->callback([arguments, &exit_code] { exit_code = Add(*arguments); });

  CLI::App* list = evidence->add_subcommand("list", "Show what was observed, the oldest first");
  list->add_option("--store", arguments->store, "the evidence store")->required();
  list->add_option("--step", arguments->step, "of this step alone (its id)");
  list->add_option("--format", arguments->format, "table or json; `add` reads the latter again")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  list->footer(
      "Examples:\n"
      "  ringfort evidence list --store evidence.db\n"
      "  ringfort evidence list --store evidence.db --step step.jailbreak.best_of_n --format json");
  list->callback([arguments, &exit_code] { exit_code = List(*arguments); });

  CLI::App* steps =
      evidence->add_subcommand("steps", "The steps of the catalog that can be measured, with their priors");
  steps->add_option("TEXT", arguments->text, "only those whose id or title holds it");
  steps->add_option("--format", arguments->format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  steps->footer("Examples:\n  ringfort evidence steps extraction");
  steps->callback([arguments, &exit_code] { exit_code = Steps(*arguments); });
}

}  // namespace ringfort
