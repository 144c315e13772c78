#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/finding.h"
#include "domain/verdict.h"

// What a user has decided to live with, and until when. Pure: no clock, no file.

namespace ringfort {

// One exception: these rules do not count at these paths until that day is over.
struct Suppression {
  std::string rule{};     // an id, a prefix with a star behind (`RF-PKL-*`), or `*`
  std::string path{};     // glob over the artifact's path, see MatchesGlob
  std::string reason{};   // shown beside every finding that it suppresses
  std::string expires{};  // `2026-12-31`: the last day on which it holds (UTC)
  int line = 0;           // in the policy file; 0 if it came from none
};

struct Policy {
  std::vector<Suppression> suppressions{};
  std::optional<Severity> fail_on{};
};

// Whether `glob` matches the whole of `path`: `?` is one character and `*` any
// number of them, neither a slash; `**` is any number of characters, slashes too,
// and `**/` also nothing. A glob without a slash is matched against the last step
// of the path alone, as in .gitignore. A leading `./` of the path does not count.
//
//   models/**/*.pkl matches models/a.pkl and models/x/y/a.pkl; *.pkl matches both too
//
// Time is bounded by the product of both lengths.
bool MatchesGlob(std::string_view glob, std::string_view path);

bool MatchesRule(std::string_view pattern, std::string_view rule);

// `2026-11-21` and nothing else; a day that the calendar has.
bool IsDate(std::string_view text);

// Marks the findings that the policy suppresses with the reason, the first
// matching entry first. An expired entry suppresses nothing. `today` is a date or
// an RFC 3339 time in UTC. Other findings lose whatever mark they had.
// A suppression speaks of findings only: what was not read stays incomplete.
void ApplyPolicy(const Policy& policy, std::string_view today, ArtifactReport& report);

// The entries whose day is past, for a warning.
std::vector<Suppression> ExpiredEntries(const Policy& policy, std::string_view today);

}  // namespace ringfort
