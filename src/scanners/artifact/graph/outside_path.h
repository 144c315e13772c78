#pragma once

#include <string_view>

// Paths in model files: where they lead.

namespace ringfort::scanners {

enum class PathKind { kInside, kAbsolute, kTraversal, kAddress, kControl };

// `path` as a loader on any system would take it, relative to the model's folder:
// backslashes and drive letters count, and so does `%2e%2e`.
PathKind ClassifyPath(std::string_view path);

// One word for the evidence.
std::string_view Name(PathKind kind);

// True for a place where secrets or start-up files lie (`/etc`, `~/.ssh`,
// `/proc`, ...).
bool IsSensitivePath(std::string_view path);

}  // namespace ringfort::scanners
