#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// GGUF files. Three things are judged: the chat templates (handed to the inspector of
// Jinja templates), shapes that attack the arithmetic of readers written in C, and room
// where something else can hide (formats/weights/gguf.h).

namespace ringfort::scanners {

void InspectGguf(const Content& content, Inspection& inspection);

std::span<const RuleCard> GgufRules();

}  // namespace ringfort::scanners
