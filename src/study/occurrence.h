#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/verdict.h"

namespace ringfort::study {

// What stands in the published tables where a CVE has no CPE. It is no component:
// figures say whether they count it.
inline constexpr std::string_view kNoComponent = "[]";

// One meeting of a weakness with a repository. In the published study: a CVE, named
// in an issue of a repository, of a dependency (CPE). In a user's own scans: a rule,
// CWE or threat that a finding raised in one component of one repository.
struct Occurrence {
  std::string weakness{};
  std::string repository{};  // `owner/name`; empty: not known
  std::string component{};   // `vendor:product`, or kNoComponent
  std::optional<Severity> severity = std::nullopt;
  std::string issue{};  // empty: no issue behind it
};

}  // namespace ringfort::study
