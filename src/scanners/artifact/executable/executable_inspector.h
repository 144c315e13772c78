#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// Native programs and scripts among model files.
//
// A shared library or a script in a repository is nothing bad by itself, and is said so in a
// remark. It is suspicious where its name promises a model, and where something is glued
// behind it: an archive, or weights. A llamafile is the honest case of that: a portable
// program with a zip behind it that holds the model; who runs it trusts the program.

namespace ringfort::scanners {

// For Format::kElf, kPe and kMachO.
void InspectExecutable(const Content& content, Inspection& inspection);

// For Format::kScript: a text that begins with `#!`.
void InspectScript(const Content& content, Inspection& inspection);

std::span<const RuleCard> ExecutableRules();

}  // namespace ringfort::scanners
