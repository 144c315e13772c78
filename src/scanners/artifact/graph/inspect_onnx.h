#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// Judges ONNX models (rules RF-ONX-0xx): external data that leaves the model's
// folder, operators that run Python or commands, operators of unknown domains,
// code in metadata, tensors and fields with more in them than the standard gives
// them. Missing external files make the artifact incomplete.

namespace ringfort::scanners {

void InspectOnnx(const Content& content, Inspection& inspection);

std::span<const RuleCard> OnnxRules();

}  // namespace ringfort::scanners
