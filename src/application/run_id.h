#pragma once

#include <string>

namespace ringfort {

// A new id for a run that began at `started_at` (RFC 3339 in UTC). The time comes
// first, so that ids sort as they were made; the rest keeps two runs of one second
// apart.
std::string NewRunId(const std::string& started_at);

}  // namespace ringfort
