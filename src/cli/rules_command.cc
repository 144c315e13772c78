#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "report/rule_list.h"
#include "scanners/artifact/family.h"

namespace ringfort {

void AddRulesCommand(CLI::App& app, int& exit_code) {
  CLI::App* rules = app.add_subcommand("rules", "List every rule: what it looks for, why, and what to do");
  auto format = std::make_shared<std::string>("table");
  rules->add_option("--format", *format, "table, json or markdown")
      ->check(CLI::IsMember({"table", "json", "markdown"}))
      ->capture_default_str();
  rules->footer("Examples:\n  ringfort rules\n  ringfort rules --format json");
  rules->callback([format, &exit_code] {
    const auto all = scanners::Rules();
    exit_code = Deliver("", *format == "json"       ? WriteRuleJson(all)
                            : *format == "markdown" ? WriteRuleMarkdown(all)
                                                    : WriteRuleTable(all));
  });
}

}  // namespace ringfort
