#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

namespace ringfort::scanners {

// Every inspector, one a format. Adding a format = its parser, its inspector and
// one line in family.cc.
std::span<const Inspector> Inspectors();

// Every rule of every inspector, sorted by id.
std::span<const RuleCard* const> Rules();

// The rule of that id, or null.
const RuleCard* FindRule(std::string_view id);

// Changes whenever a rule, a list or a parser changes what it says of the same
// bytes: findings stored under another version are not reused.
std::string_view RuleSetVersion();

}  // namespace ringfort::scanners
