#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// NumPy's .npy files. An array of objects is a pickle and goes to the pickle inspector;
// a header that is an expression was written for a reader that evaluates it; behind the
// array something may be glued (formats/weights/numpy_array.h).

namespace ringfort::scanners {

void InspectNumpy(const Content& content, Inspection& inspection);

std::span<const RuleCard> NumpyRules();

}  // namespace ringfort::scanners
