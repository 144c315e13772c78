#include <CLI/CLI.hpp>

#include "application/graph_coverage.h"
#include "cli/command.h"
#include "cli/exit_code.h"

namespace ringfort {

void AddDefenseCoverageCommand(CLI::App& graph, int& exit_code) {
  CLI::App* command =
      graph.add_subcommand("coverage", "How much of the known threats each mitigation answers, the widest first");
  auto mitigations = std::make_shared<std::vector<std::string>>();
  auto format = std::make_shared<std::string>("table");
  command->add_option("--mitigation", *mitigations, "only this one, cell by cell (its id; may stand more than once)");
  auto store = std::make_shared<std::string>();
  command->add_option("--store", *store,
                      "evidence store: what was measured there takes the place of assumed residuals");
  command->add_option("--format", *format, "table or json (ringfort.defense-coverage/1)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer(
      "The defense coverage index, a definition of ours: docs/knowledge/catalog.md.\n"
      "Examples:\n"
      "  ringfort graph coverage\n"
      "  ringfort graph coverage --mitigation mitigation.rate_limit\n"
      "  ringfort graph coverage --store evidence.db");
  command->callback([mitigations, store, format, &exit_code] {
    const auto coverage = FindCatalogCoverage(*mitigations, *store);
    if (!coverage.ok())
      exit_code =
          Complain(coverage.error().what, coverage.error().fault == Fault::kUnavailable ? kExitFailure : kExitUsage);
    else
      exit_code = Deliver("", *format == "json" ? WriteCoverageJson(coverage.value())
                                                : WriteCoverageTable(coverage.value(), !mitigations->empty()));
  });
}

}  // namespace ringfort
