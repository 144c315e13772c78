#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

namespace ringfort::scanners {

// Judges a Jupyter notebook (nbformat 3 and 4): code cells as Python with IPython's
// shell escapes and magics taken apart, outputs for script that a viewer would run.
void JudgeNotebook(const nlohmann::ordered_json& notebook, Inspection& inspection);

std::span<const RuleCard> NotebookRules();

}  // namespace ringfort::scanners
