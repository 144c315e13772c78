#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// Judges TensorFlow graphs (rules RF-SAV-0xx): operators that touch files,
// processes, networks or Python, paths that lead out of the model's folder, and
// the Keras configuration that a SavedModel carries (by the rules RF-KER-0xx).
// The operators that every SavedModel saves and restores itself with are no
// findings.

namespace ringfort::scanners {

// A saved_model.pb or a bare GraphDef.
void InspectSavedModel(const Content& content, Inspection& inspection);

// A keras_metadata.pb.
void InspectKerasMetadata(const Content& content, Inspection& inspection);

std::span<const RuleCard> SavedModelRules();

}  // namespace ringfort::scanners
