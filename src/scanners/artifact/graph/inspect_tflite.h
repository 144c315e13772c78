#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// Judges TensorFlow Lite models (rules RF-TFL-0xx): custom and Flex operators,
// buffers that pass the end of the file, metadata, and what lies behind the model.
// An archive of label files behind the model (TFLite Metadata) is inspected, not
// held against it.

namespace ringfort::scanners {

void InspectTflite(const Content& content, Inspection& inspection);

std::span<const RuleCard> TfliteRules();

}  // namespace ringfort::scanners
