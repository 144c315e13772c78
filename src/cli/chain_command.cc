#include <CLI/CLI.hpp>
#include <memory>

#include "application/chain_file.h"
#include "application/run_chain.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal_progress.h"

namespace ringfort {
namespace {

struct Arguments {
  ChainRequest request{};
  std::string format = "table";
  std::string output{};
  bool no_progress = false;

  bool json() const { return format == "json"; }
};

int FaultCode(Fault fault) {
  return fault == Fault::kUnavailable || fault == Fault::kInternal ? kExitFailure : kExitUsage;
}

void AddFormat(CLI::App* command, const std::shared_ptr<Arguments>& arguments, const std::string& schema) {
  command->add_option("--format", arguments->format, "table or json (" + schema + ")")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

int Run(const Arguments& arguments) {
  CatchInterrupts();
  const auto result = [&] {
    TerminalProgress progress(!arguments.no_progress);
    return RunChain(arguments.request, &progress);
  }();
  if (!result.ok()) return Complain(result.error().what, FaultCode(result.error().fault));
  const int code =
      Deliver(arguments.output, arguments.json() ? WriteChainJson(result.value()) : WriteChainTable(result.value()));
  if (code != kExitClean) return code;
  bool incomplete = result.value().stopped;
  for (const ChainRunRecord& run : result.value().runs)
    for (const LinkRecord& link : run.links) incomplete = incomplete || !link.error.empty();
  return incomplete ? kExitIncomplete : kExitClean;
}

}  // namespace

void AddChainCommand(CLI::App& app, int& exit_code) {
  CLI::App* chain = app.add_subcommand("chain", "Attacks that feed each other around the loop, from end to end");
  chain->require_subcommand(1);

  auto run_arguments = std::make_shared<Arguments>();
  CLI::App* run = chain->add_subcommand("run", "Run a chain, and count each link and the whole");
  run->add_option("PLAN", run_arguments->request.plan, "a TOML file; docs/chains.md says how it is written")
      ->required();
  run->add_option("-o,--out", run_arguments->request.folder, "where everything that a link makes is kept")->required();
  run->add_option("--threads", run_arguments->request.threads, "for each model")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  AddFormat(run, run_arguments, "ringfort.chain/1");
  run->add_option("--output", run_arguments->output, "a file for the table or the JSON; else standard output");
  run->add_flag("--no-progress", run_arguments->no_progress, "No progress bar");
  run->footer(
      "Stopped or killed, the same command goes on: links that are in the folder are not run again.\n"
      "Example:\n"
      "  ringfort chain run examples/chains/poison_from_extraction.toml --out chain\n"
      "Exit codes: 0 done, 2 usage, 3 a link could not be run or it was stopped, 4 failure.");
  run->callback([run_arguments, &exit_code] { exit_code = Run(*run_arguments); });

  auto show_arguments = std::make_shared<Arguments>();
  CLI::App* show = chain->add_subcommand("show", "What a plan would run, and whether its kinds meet; asks no model");
  show->add_option("PLAN", show_arguments->request.plan, "a TOML file")->required();
  AddFormat(show, show_arguments, "ringfort.chain_plan/1");
  show->footer(
      "Example:\n"
      "  ringfort chain show examples/chains/poison_from_extraction.toml\n"
      "Exit codes: 0 it could run, 2 it could not, 4 failure.");
  show->callback([show_arguments, &exit_code] {
    const auto plan = ReadChainPlan(show_arguments->request.plan);
    if (!plan.ok()) {
      exit_code = Complain(plan.error().what, FaultCode(plan.error().fault));
      return;
    }
    exit_code =
        Deliver("", show_arguments->json() ? WriteChainPlanJson(plan.value()) : WriteChainPlanTable(plan.value()));
  });

  auto list_arguments = std::make_shared<Arguments>();
  CLI::App* links = chain->add_subcommand("links", "Every link that a plan may name");
  AddFormat(links, list_arguments, "ringfort.chain_links/1");
  links->callback([list_arguments, &exit_code] {
    exit_code = Deliver("", list_arguments->json() ? WriteChainLinksJson() : WriteChainLinksTable());
  });
}

}  // namespace ringfort
