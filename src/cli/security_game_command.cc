#include <CLI/CLI.hpp>

#include "application/solve_security_game.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {

void AddSecurityGameCommand(CLI::App& game, int& exit_code) {
  CLI::App* command = game.add_subcommand(
      "security", "What to deploy against an attacker who picks a way through an attack graph, within budgets");
  auto request = std::make_shared<SecurityGameRequest>();
  auto format = std::make_shared<std::string>("table");
  auto output = std::make_shared<std::string>();
  command->add_option("file", request->path, "JSON or YAML (ringfort.security-game/1)")->required();
  command->add_option("--rounds", request->limits.rounds, "Of the double oracle at most; the bounds stay true")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1'000'000}))
      ->capture_default_str();
  command->add_option("--format", *format, "table or json (ringfort.security-solution/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", *output, "Write to this file");
  command->footer(
      "pure: the one portfolio whose worst case is least. mixed: portfolios drawn by lot, so that the\n"
      "attacker cannot foresee which; never worse than pure.\n"
      "A file, in YAML:\n"
      "  budgets: {effort: 3, latency: null}\n"
      "  defenses: [{name: filter, costs: {effort: 2}}, {name: audit, required: true}]\n"
      "  edges:\n"
      "  - {to: account, probability: 0.5, residuals: {audit: 0.8}}\n"
      "  - {from: account, to: weights, probability: 0.4, residuals: {filter: 0.25}}\n"
      "  goals: [{node: weights, value: 10}]\n"
      "Examples:\n"
      "  ringfort game security game.yaml\n"
      "  ringfort game security --format json -o solution.json game.json");
  command->callback([request, format, output, &exit_code] {
    const auto answer = SolveSecurityGameFile(*request);
    if (!answer.ok()) {
      const bool ours = answer.error().fault == Fault::kInternal;
      const bool absent = answer.error().fault == Fault::kUnavailable;
      exit_code = Complain(answer.error().what, ours ? kExitFailure : absent ? kExitUsage : kExitIncomplete);
      return;
    }
    exit_code = Deliver(
        *output, *format == "json" ? WriteSecurityGameJson(answer.value()) : WriteSecurityGameTable(answer.value()));
  });
}

}  // namespace ringfort
