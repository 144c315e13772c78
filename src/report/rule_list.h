#pragma once

#include <span>
#include <string>

#include "domain/rule.h"

namespace ringfort {

// The rules, in the order given: for `ringfort rules` and for the documentation.
std::string WriteRuleTable(std::span<const RuleCard* const> rules);
// {"schema": "ringfort.rules/1", "rules": [{"id", "name", "severity", "title", "why", "fix", "threats": []}]}
std::string WriteRuleJson(std::span<const RuleCard* const> rules);
// A table to look things up, then one section a rule, with its id as the heading.
std::string WriteRuleMarkdown(std::span<const RuleCard* const> rules);

}  // namespace ringfort
