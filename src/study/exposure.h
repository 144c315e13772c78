#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "study/component_ranking.h"
#include "study/exposure_graph.h"
#include "study/occurrence.h"

namespace ringfort::study {

// Everything that occurrences alone say, wherever they come from.
struct Exposure {
  std::uint64_t occurrences = 0;
  std::uint64_t weaknesses = 0;  // distinct, as are those below
  std::uint64_t issues = 0;
  std::uint64_t repositories = 0;
  std::uint64_t components = 0;                           // kNoComponent is none
  std::array<std::uint64_t, 4> weaknesses_by_severity{};  // by Severity; a weakness under its worst
  std::array<std::uint64_t, 4> occurrences_by_severity{};
  std::uint64_t weaknesses_of_two_severities = 0;
  std::uint64_t weaknesses_without_severity = 0;  // none, or a word that is no Severity
  std::vector<ComponentRank> ranking{};           // with kNoComponent, if it was met
  std::optional<Line> fit = std::nullopt;
  GraphSize graph{};
  GraphSize graph_without_placeholder{};
  ExposureCommunities communities{};
};

// `seed`: of the communities. O(n log n) in occurrences.
Exposure AnalyzeExposure(std::span<const Occurrence> occurrences, std::uint64_t seed);

}  // namespace ringfort::study
