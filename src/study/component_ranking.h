#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "study/occurrence.h"

namespace ringfort::study {

// One component (dependency) and what was met through it.
struct ComponentRank {
  std::string component{};
  std::uint64_t weaknesses = 0;    // distinct
  std::uint64_t critical = 0;      // distinct weaknesses of critical severity
  std::uint64_t issues = 0;        // distinct
  std::uint64_t repositories = 0;  // distinct
  std::uint64_t occurrences = 0;

  // Issues a weakness: how much of what is known is also tracked. Our own measure.
  double issue_coverage() const { return static_cast<double>(issues) / static_cast<double>(weaknesses); }
};

// Most distinct weaknesses first, equals by name. kNoComponent is ranked like a
// component; WithoutPlaceholder takes it out.
std::vector<ComponentRank> RankComponents(std::span<const Occurrence> occurrences);
std::vector<ComponentRank> WithoutPlaceholder(std::vector<ComponentRank> ranking);

// The hubs: most repositories first, then most weaknesses, then by name; without
// kNoComponent. A flaw in a hub reaches many repositories at once.
std::vector<ComponentRank> OrderedByRepositories(std::vector<ComponentRank> ranking);

// Weaknesses of the first `count` components together (a weakness of two components
// counts twice; in the published tables none has two).
std::uint64_t WeaknessesOfFirst(std::span<const ComponentRank> ranking, std::size_t count);

// How many components, from the first on, hold at least `share` (0..1) of `total`
// weaknesses. Empty if all of them do not.
std::optional<std::size_t> ComponentsForShare(std::span<const ComponentRank> ranking, double share,
                                              std::uint64_t total);

// y = intercept + slope x.
struct Line {
  double slope = 0;
  double intercept = 0;
  double At(double x) const { return intercept + slope * x; }
};

// Ordinary least squares over components: y = issues, x = weaknesses. Empty where all
// x are the same, or there are none.
std::optional<Line> FitIssuesOnWeaknesses(std::span<const ComponentRank> ranking);

}  // namespace ringfort::study
