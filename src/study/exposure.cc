#include "study/exposure.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace ringfort::study {

Exposure AnalyzeExposure(std::span<const Occurrence> occurrences, std::uint64_t seed) {
  Exposure exposure;
  exposure.occurrences = occurrences.size();
  std::set<std::string_view> weaknesses, issues, repositories, components;
  std::map<std::string_view, std::set<Severity>> severities;
  for (const Occurrence& one : occurrences) {
    weaknesses.insert(one.weakness);
    if (!one.issue.empty()) issues.insert(one.issue);
    if (!one.repository.empty()) repositories.insert(one.repository);
    if (one.component != kNoComponent) components.insert(one.component);
    if (!one.severity) continue;
    ++exposure.occurrences_by_severity[static_cast<std::size_t>(*one.severity)];
    severities[one.weakness].insert(*one.severity);
  }
  for (const auto& [weakness, met] : severities) {
    ++exposure.weaknesses_by_severity[static_cast<std::size_t>(*met.rbegin())];
    exposure.weaknesses_of_two_severities += met.size() > 1 ? 1 : 0;
  }
  exposure.weaknesses = weaknesses.size();
  exposure.weaknesses_without_severity = weaknesses.size() - severities.size();
  exposure.issues = issues.size();
  exposure.repositories = repositories.size();
  exposure.components = components.size();
  exposure.ranking = RankComponents(occurrences);
  if (!issues.empty()) exposure.fit = FitIssuesOnWeaknesses(exposure.ranking);
  exposure.graph = MeasureExposureGraph(occurrences, Placeholder::kCounted);
  exposure.graph_without_placeholder = MeasureExposureGraph(occurrences, Placeholder::kLeftOut);
  exposure.communities = FindExposureCommunities(occurrences, seed);
  return exposure;
}

}  // namespace ringfort::study
