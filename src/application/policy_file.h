#pragma once

#include <string>

#include "base/result.h"
#include "domain/policy.h"

namespace ringfort {

// Reads a policy in TOML:
//
//   fail_on = "high"
//   [[suppress]]
//   rule = "RF-PKL-*"          # an id, a prefix with a star, or "*"
//   path = "models/legacy/**"  # see MatchesGlob
//   reason = "reviewed by the model team, ticket 17"
//   expires = 2026-12-31       # the last day on which it holds
//
// Strict: an unknown key, a missing reason or a day that the calendar does not have
// is an error that names file and line, for a policy that is misread lets danger
// through. Errors: kInvalidInput; kUnavailable if the file cannot be read.
Result<Policy> LoadPolicy(const std::string& path);

}  // namespace ringfort
