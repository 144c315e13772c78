#pragma once

#include <string>
#include <string_view>

#include "domain/reasoning.h"

namespace ringfort {

// How the reports name what is in a Reasoning. An index that leads nowhere gets a
// name as well: a report is not the place to fall over it.

// `bigram: copied`
std::string StateName(const Reasoning& reasoning, std::size_t state);

// `measured`, `published`, `assumed`, or `definition` for a step that cannot fail.
std::string_view GroundOf(const ReasonedStep& step);

// That of its weakest step.
std::string_view GroundOf(const Reasoning& reasoning, const AttackWay& way);

// The weakest ground of the steps that carry the loop gain.
std::string_view LoopGround(const Reasoning& reasoning);

// A mitigation's title as the plan or the catalog has it, else the words of its id.
std::string MitigationTitle(const Reasoning& reasoning, std::string_view id);

// `0.312`, and of small ones two digits: `0.0031`; `below 0.0001`; `infinite`, `not a number`.
std::string NumberText(double value);

}  // namespace ringfort
