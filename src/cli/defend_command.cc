#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <memory>

#include "application/defend.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "report/defense_plan_table.h"

namespace ringfort {
namespace {

struct DefendArguments {
  DefendRequest request;
  std::string budget;
  std::vector<std::string> in_place;
  std::vector<std::string> removed;
  std::vector<std::string> ruled_out;
  bool naive = false;
  std::string format = "table";
  std::string output;
};

// `effort=8,latency=2`: what is not named keeps its default.
std::string ReadBudget(std::string_view text, DefenseCost& budget) {
  while (!text.empty()) {
    const std::string part(text.substr(0, text.find(',')));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t equals = part.find('=');
    const std::string name = part.substr(0, equals);
    double* const amount = name == "effort"    ? &budget.effort
                           : name == "latency" ? &budget.latency
                           : name == "utility" ? &budget.utility
                                               : nullptr;
    if (amount == nullptr || equals == std::string::npos)
      return fmt::format("a budget is effort=N,latency=N,utility=N, not '{}'", Printable(part, 80));
    const char* const end = part.data() + part.size();
    const auto read = std::from_chars(part.data() + equals + 1, end, *amount);
    if (read.ec != std::errc() || read.ptr != end || !(*amount >= 0))
      return fmt::format("'{}' is no amount of {}: a number from 0 on", Printable(part.substr(equals + 1), 80), name);
  }
  return {};
}

int RunDefend(DefendArguments& arguments) {
  DefendRequest& request = arguments.request;
  if (!arguments.budget.empty()) {
    request.budget = kUsualBudget;
    if (const std::string fault = ReadBudget(arguments.budget, *request.budget); !fault.empty())
      return Complain(fault, kExitUsage);
  }
  request.reason.options.mitigations = {arguments.in_place.begin(), arguments.in_place.end()};
  request.reason.options.removed = {arguments.removed.begin(), arguments.removed.end()};
  request.reason.options.ruled_out = {arguments.ruled_out.begin(), arguments.ruled_out.end()};
  request.reason.options.adaptive = request.question.adaptive = !arguments.naive;
  request.reason.seed = request.question.seed;
  const Result<Defended> defended = Defend(request);
  if (!defended.ok())
    return Complain(defended.error().what, defended.error().fault == Fault::kUnavailable ? kExitFailure : kExitUsage);
  return Deliver(arguments.output, arguments.format == "json"
                                       ? WriteDefensePlanJson(defended.value().reasoning, request.target)
                                       : WriteDefensePlan(defended.value().reasoning));
}

}  // namespace

void AddDefendCommand(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("defend", "Which defenses to put up first in a system of yours, within a budget");
  auto arguments = std::make_shared<DefendArguments>();
  command->add_option("target,--target", arguments->request.target, "a folder, or its ringfort.toml")->required();
  command->add_option("--budget", arguments->budget,
                      "what the defenses may take in all, on the catalog's scales of 0 to 5 each; else what "
                      "ringfort.toml says, else effort=8,latency=2,utility=3");
  command->add_option("--store", arguments->request.store, "evidence store: what was measured updates the priors");
  command->add_option("--with", arguments->in_place,
                      "a mitigation that is in place already (may stand more than once)");
  command->add_option("--without", arguments->removed,
                      "what if a mitigation that ringfort.toml says is in place were not (may stand more than once)");
  command->add_option("--rule-out", arguments->ruled_out,
                      "a step that cannot happen here (its id; may stand more than once)");
  command->add_flag("--naive", arguments->naive, "attackers do not know the defenses");
  command->add_option("--draws", arguments->request.question.draws, "of the beliefs, for the intervals; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0, 10'000));
  command->add_option("--seed", arguments->request.question.seed, "of the draws")->capture_default_str();
  command->add_option("--format", arguments->format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->add_option("--output", arguments->output, "write to this file instead of standard output");
  command->footer(
      "Examples:\n"
      "  ringfort defend my-project\n"
      "  ringfort defend --target my-project --budget effort=4,latency=1,utility=1\n"
      "  ringfort defend my-project --with mitigation.rate_limit --format json");
  command->callback([arguments, &exit_code] { exit_code = RunDefend(*arguments); });
}

}  // namespace ringfort
