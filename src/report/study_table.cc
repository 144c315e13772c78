#include "report/study_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace ringfort {
namespace {

using study::ClaimStatus;
using study::Exposure;

constexpr std::size_t kShown = 10;

std::string Number(double value) {
  if (value == std::floor(value)) return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", value);
}

std::string_view Answer(ClaimStatus status) {
  switch (status) {
    case ClaimStatus::kReproduces: return "yes";
    case ClaimStatus::kDoesNotReproduce: return "NO";
    case ClaimStatus::kNotComputable: return "not recomputable";
    case ClaimStatus::kNotAvailable: return "not available";
    case ClaimStatus::kOurs: return "our count";
  }
  return "";
}

void AddClaim(std::string& text, const study::Claim& claim) {
  const bool one = claim.published.size() <= 1 && claim.recomputed.size() <= 1;
  const auto alone = [&](const std::vector<study::Quantity>& numbers) {
    return one ? numbers.empty() ? std::string("-") : Number(numbers[0].value) : std::string();
  };
  text += fmt::format("{:<66} {:>10} {:>11}  {}\n", Printable(claim.claim, 66), alone(claim.published),
                      alone(claim.recomputed), Answer(claim.status));
  if (one) return;
  const std::size_t rows = std::max(claim.published.size(), claim.recomputed.size());
  for (std::size_t i = 0; i < rows; ++i) {
    const auto at = [i](const std::vector<study::Quantity>& numbers) {
      return i < numbers.size() ? Number(numbers[i].value) : std::string("-");
    };
    text += fmt::format("  {:<64} {:>10} {:>11}\n",
                        i < claim.published.size() ? claim.published[i].name : claim.recomputed[i].name,
                        at(claim.published), at(claim.recomputed));
  }
}

std::string Severities(const std::array<std::uint64_t, 4>& counts) {
  return fmt::format("{} critical, {} high, {} medium, {} low", counts[3], counts[2], counts[1], counts[0]);
}

void AddRanking(std::string& text, const Exposure& exposure, std::string_view weaknesses) {
  text += fmt::format("\n{:<44} {:>10} {:>9} {:>7} {:>13}\n", "component", weaknesses, "critical", "issues",
                      "repositories");
  for (std::size_t i = 0; i < std::min(kShown, exposure.ranking.size()); ++i) {
    const study::ComponentRank& rank = exposure.ranking[i];
    text += fmt::format("{:<44} {:>10} {:>9} {:>7} {:>13}\n", Printable(rank.component, 44), rank.weaknesses,
                        rank.critical, rank.issues, rank.repositories);
  }
  if (exposure.ranking.size() > kShown) text += fmt::format("and {} more\n", exposure.ranking.size() - kShown);
}

void AddPareto(std::string& text, const Exposure& exposure) {
  const std::uint64_t total = study::WeaknessesOfFirst(exposure.ranking, exposure.ranking.size());
  const auto enough = study::ComponentsForShare(exposure.ranking, 0.8, total);
  const std::size_t fifth = (exposure.ranking.size() + 4) / 5;
  const std::uint64_t held = study::WeaknessesOfFirst(exposure.ranking, fifth);
  text += fmt::format("\nPareto: the first {} of {} components (a fifth) hold {} of {} ({:.1f} %); 80 % takes {}\n",
                      fifth, exposure.ranking.size(), held, total,
                      100.0 * static_cast<double>(held) / static_cast<double>(total), enough.value_or(0));
}

void AddHubs(std::string& text, const Exposure& exposure) {
  text += "Hubs, by repositories:";
  const auto hubs = study::OrderedByRepositories(exposure.ranking);
  for (std::size_t i = 0; i < std::min<std::size_t>(5, hubs.size()); ++i)
    text += fmt::format("{} {} ({})", i == 0 ? "" : ",", Printable(hubs[i].component, 60), hubs[i].repositories);
  text += "\n";
}

void AddCoverage(std::string& text, const Exposure& exposure) {
  if (!exposure.fit) return;
  auto ranking = study::WithoutPlaceholder(exposure.ranking);
  std::erase_if(ranking, [](const study::ComponentRank& rank) { return rank.weaknesses < 5; });
  std::stable_sort(ranking.begin(), ranking.end(),
                   [](const auto& a, const auto& b) { return a.issue_coverage() < b.issue_coverage(); });
  if (ranking.empty()) return;
  text += "Least tracked (our measure: issues a weakness, of components with 5 or more):";
  for (std::size_t i = 0; i < std::min<std::size_t>(5, ranking.size()); ++i)
    text += fmt::format("{} {} {:.2f}", i == 0 ? "" : ",", Printable(ranking[i].component, 60),
                        ranking[i].issue_coverage());
  text += "\n";
}

void AddCommunities(std::string& text, const Exposure& exposure) {
  const auto& found = exposure.communities;
  text += fmt::format("\nCommunities (Louvain, seed {}, without what has no component): {}, modularity {:.3f}\n",
                      found.seed, found.communities.size(), found.modularity);
  text += fmt::format("{:<44} {:>6} {:>13} {:>11} {:>11} {:>9} {:>7}\n", "around", "nodes", "repositories",
                      "components", "weaknesses", "critical", "issues");
  for (std::size_t i = 0; i < std::min(kShown, found.communities.size()); ++i) {
    const study::ExposureCommunity& one = found.communities[i];
    text += fmt::format("{:<44} {:>6} {:>13} {:>11} {:>11} {:>9} {:>7}\n", Printable(one.hub, 44), one.nodes,
                        one.repositories, one.components, one.weaknesses, one.critical, one.issues);
  }
  if (found.communities.size() > kShown) text += fmt::format("and {} more\n", found.communities.size() - kShown);
}

void AddExposure(std::string& text, const Exposure& exposure, std::string_view weaknesses) {
  if (exposure.occurrences == 0) return;
  AddRanking(text, exposure, weaknesses);
  AddPareto(text, exposure);
  AddHubs(text, exposure);
  AddCoverage(text, exposure);
  AddCommunities(text, exposure);
}

}  // namespace

std::string WriteStudyTable(const study::RepositoryStudy& study) {
  std::string text = fmt::format("Threats in ML repositories (arXiv 2512.23132), recomputed from {}\n\n",
                                 Printable(study.folder, 200));
  text += fmt::format("{:<66} {:>10} {:>11}  {}\n", "claim", "published", "recomputed", "reproduces?");
  for (const study::Claim& claim : study.claims) AddClaim(text, claim);
  text += "\n";
  for (const study::Claim& claim : study.claims)
    if (claim.status != ClaimStatus::kReproduces && claim.status != ClaimStatus::kNotAvailable && !claim.note.empty())
      text += fmt::format("{} ({}): {}\n", claim.claim, Answer(claim.status), Printable(claim.note, 400));
  if (study.figures.by_issue.ok()) AddExposure(text, study.figures.by_issue.value(), "CVEs");
  const auto statuses = study::CountStatuses(study.claims);
  text +=
      fmt::format("\n{} reproduce, {} do not, {} cannot be recomputed, {} not available here, {} are our own counts\n",
                  statuses[0], statuses[1], statuses[2], statuses[3], statuses[4]);
  if (!study.missing.empty()) text += fmt::format("not in the folder: {}\n", fmt::join(study.missing, ", "));
  for (std::size_t i = 0; i < std::min(kShown, study.faults.size()); ++i)
    text += fmt::format("not read: {}\n", Printable(study.faults[i], 300));
  if (study.faults.size() > kShown) text += fmt::format("and {} more\n", study.faults.size() - kShown);
  return text;
}

std::string WriteScanStudyTable(const study::ScanStudy& study) {
  std::string text = fmt::format("{:<44} {:>9} {:>11} {:>11}\n", "repository", "artifacts", "incomplete", "suppressed");
  for (const study::ScanStudy::Source& source : study.sources)
    text += fmt::format("{:<44} {:>9} {:>11} {:>11}\n", Printable(source.repository, 44), source.artifacts,
                        source.incomplete, source.suppressed);
  const Exposure& exposure = study.exposure;
  const std::string_view group = study::kGroupingNames[static_cast<std::size_t>(study.grouping)];
  text += fmt::format("\n{} occurrences by {}: {} different, in {} of {} repositories and {} components (by {})\n",
                      exposure.occurrences, group, exposure.weaknesses, exposure.repositories, study.sources.size(),
                      exposure.components, study::kComponentKindNames[static_cast<std::size_t>(study.component)]);
  if (exposure.occurrences == 0) return text;
  text += fmt::format("severity (the worst of each): {}\n", Severities(exposure.weaknesses_by_severity));
  text += fmt::format("graph: {} nodes, {} edges, connected parts: {}, the largest of {}\n", exposure.graph.nodes,
                      exposure.graph.edges, exposure.graph.components, exposure.graph.giant);
  AddExposure(text, exposure, group);
  return text;
}

}  // namespace ringfort
