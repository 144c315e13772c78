#pragma once

#include <string>

#include "domain/assessment.h"

namespace ringfort {

// The inventory as a CycloneDX 1.6 ML-BOM (ECMA-424).
//
// - A model file is a component of type `machine-learning-model` with its hash,
//   licence and a model card made of the facts that were read from it; a file of
//   numbers is `data`; anything else is `file`.
// - A licence is an SPDX id where it names one of those that models are published
//   under, else a name; both are what the file declares, not what we judge.
// - Findings are vulnerabilities, one a rule (and one more where a policy accepts
//   it), with the artifacts they affect and the evidence as properties.
// - Artifacts that were not read to the end are listed in an `incomplete`
//   composition.
// - The serial number is made from the tool's version, the rule set's and the digests
//   and paths of all artifacts: the same inventory has the same number.
std::string WriteScanCycloneDx(const ScanResult& scan);

// The same for an assessment: its target is the described component, its datasets
// and endpoints stand beside the files, and its ties are the dependencies.
std::string WriteAssessmentCycloneDx(const Assessment& assessment);

}  // namespace ringfort
