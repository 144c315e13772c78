#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// Judges XML: PMML models, OpenVINO intermediate representations, and whatever
// else is XML. Finds external entities (XXE), entities that expand without
// bound, script and command text in extensions, Java classes named as functions,
// and paths to libraries or out of the folder.

namespace ringfort::scanners {

void InspectXml(const Content& content, Inspection& inspection);

std::span<const RuleCard> XmlRules();

}  // namespace ringfort::scanners
