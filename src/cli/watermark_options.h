#pragma once

#include "application/watermark.h"
#include "base/result.h"

namespace CLI {
class App;
}

namespace ringfort {

// What all verbs below `watermark` have in common: how a scheme is named, and what a failure's
// exit code is.
void AddScheme(CLI::App& command, NamedScheme& scheme);
int FailWatermark(const Error& error);
void AddWatermarkAttacks(CLI::App& watermark, int& exit_code);  // remove, forge

}  // namespace ringfort
