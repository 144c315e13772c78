#include <CLI/CLI.hpp>

#include "application/solve_game.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {

void AddGameCommand(CLI::App& app, int& exit_code) {
  CLI::App* game = app.add_subcommand("game", "Solve games of two players");
  game->require_subcommand(1);
  CLI::App* solve = game->add_subcommand("solve", "The value of a game, and how to play it, with a proof");
  auto request = std::make_shared<GameRequest>();
  auto solver = std::make_shared<std::string>("lp");
  auto json = std::make_shared<bool>(false);
  auto output = std::make_shared<std::string>();
  solve->add_option("file", request->path, "CSV, JSON (ringfort.game/1) or Gambit .nfg; payoffs to the row player")
      ->required();
  solve->add_option("--solver", *solver, "lp, regret (learns by playing) or exact (fractions)")
      ->check(CLI::IsMember({"lp", "regret", "exact"}))
      ->capture_default_str();
  solve->add_flag("--eliminate", request->eliminate, "First take out actions that another one never does worse than");
  solve->add_flag("--json", *json, "Print JSON (ringfort.game-solution/1)");
  solve->add_option("-o,--output", *output, "Write to this file");
  solve->footer(
      "A game whose payoffs have no constant sum is solved for a row player who commits first.\n"
      "Examples:\n"
      "  ringfort game solve game.nfg\n"
      "  ringfort game solve --solver exact --json game.csv");
  solve->callback([request, solver, json, output, &exit_code] {
    request->solver = *solver == "lp"       ? GameSolver::kLinearProgram
                      : *solver == "regret" ? GameSolver::kRegretMatching
                                            : GameSolver::kExact;
    const auto answer = SolveGame(*request);
    if (!answer.ok()) {
      const bool ours = answer.error().fault == Fault::kInternal;
      const bool absent = answer.error().fault == Fault::kUnavailable;
      exit_code = Complain(answer.error().what, ours ? kExitFailure : absent ? kExitUsage : kExitIncomplete);
      return;
    }
    exit_code = Deliver(*output, *json ? WriteGameJson(answer.value()) : WriteGameTable(answer.value()));
  });
  AddSecurityGameCommand(*game, exit_code);
  AddBreakerCommand(*game, exit_code);
}

}  // namespace ringfort
