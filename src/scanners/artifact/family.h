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

// A date and a digest of the sources of all parsers and rules: changes whenever
// one of them may say something else of the same bytes. Findings stored under
// another version are not reused.
std::string_view RuleSetVersion();

}  // namespace ringfort::scanners
