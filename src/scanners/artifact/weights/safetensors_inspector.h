#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// safetensors files: the format runs nothing, so what is judged is whether the
// bookkeeping leaves room for something that does, or reads differently in different
// readers (formats/weights/safetensors.h).

namespace ringfort::scanners {

void InspectSafetensors(const Content& content, Inspection& inspection);

std::span<const RuleCard> SafetensorsRules();

}  // namespace ringfort::scanners
