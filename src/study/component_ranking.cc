#include "study/component_ranking.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace ringfort::study {

std::vector<ComponentRank> RankComponents(std::span<const Occurrence> occurrences) {
  struct Met {
    std::set<std::string_view> weaknesses, critical, issues, repositories;
    std::uint64_t occurrences = 0;
  };
  std::map<std::string_view, Met> met;
  for (const Occurrence& one : occurrences) {
    Met& component = met[one.component];
    ++component.occurrences;
    component.weaknesses.insert(one.weakness);
    if (one.severity == Severity::kCritical) component.critical.insert(one.weakness);
    if (!one.issue.empty()) component.issues.insert(one.issue);
    if (!one.repository.empty()) component.repositories.insert(one.repository);
  }
  std::vector<ComponentRank> ranking;
  for (const auto& [name, component] : met)
    ranking.push_back({.component = std::string(name),
                       .weaknesses = component.weaknesses.size(),
                       .critical = component.critical.size(),
                       .issues = component.issues.size(),
                       .repositories = component.repositories.size(),
                       .occurrences = component.occurrences});
  std::stable_sort(ranking.begin(), ranking.end(),
                   [](const ComponentRank& a, const ComponentRank& b) { return a.weaknesses > b.weaknesses; });
  return ranking;
}

std::vector<ComponentRank> WithoutPlaceholder(std::vector<ComponentRank> ranking) {
  std::erase_if(ranking, [](const ComponentRank& rank) { return rank.component == kNoComponent; });
  return ranking;
}

std::vector<ComponentRank> OrderedByRepositories(std::vector<ComponentRank> ranking) {
  ranking = WithoutPlaceholder(std::move(ranking));
  std::stable_sort(ranking.begin(), ranking.end(), [](const ComponentRank& a, const ComponentRank& b) {
    return std::tie(b.repositories, b.weaknesses, a.component) < std::tie(a.repositories, a.weaknesses, b.component);
  });
  return ranking;
}

std::uint64_t WeaknessesOfFirst(std::span<const ComponentRank> ranking, std::size_t count) {
  std::uint64_t sum = 0;
  for (const ComponentRank& rank : ranking.first(std::min(count, ranking.size()))) sum += rank.weaknesses;
  return sum;
}

std::optional<std::size_t> ComponentsForShare(std::span<const ComponentRank> ranking, double share,
                                              std::uint64_t total) {
  const double wanted = share * static_cast<double>(total);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < ranking.size(); ++i) {
    sum += ranking[i].weaknesses;
    if (static_cast<double>(sum) >= wanted) return i + 1;
  }
  return std::nullopt;
}

std::optional<Line> FitIssuesOnWeaknesses(std::span<const ComponentRank> ranking) {
  if (ranking.empty()) return std::nullopt;
  const double count = static_cast<double>(ranking.size());
  double mean_x = 0, mean_y = 0;
  for (const ComponentRank& rank : ranking) {
    mean_x += static_cast<double>(rank.weaknesses) / count;
    mean_y += static_cast<double>(rank.issues) / count;
  }
  double products = 0, squares = 0;
  for (const ComponentRank& rank : ranking) {
    const double dx = static_cast<double>(rank.weaknesses) - mean_x;
    products += dx * (static_cast<double>(rank.issues) - mean_y);
    squares += dx * dx;
  }
  if (!(squares > 1e-12)) return std::nullopt;
  const double slope = products / squares;
  return Line{slope, mean_y - slope * mean_x};
}

}  // namespace ringfort::study
