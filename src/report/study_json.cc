#include "report/study_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/json_text_internal.h"

namespace ringfort {
namespace {

using study::Exposure;

// Counts as whole numbers, the rest to four decimals.
Json Number(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return static_cast<std::int64_t>(value);
  return std::round(value * 1e4) / 1e4;
}

Json Quantities(const std::vector<study::Quantity>& quantities) {
  if (quantities.empty()) return nullptr;
  if (quantities.size() == 1 && quantities[0].name.empty()) return Number(quantities[0].value);
  Json object = Json::object();
  for (const study::Quantity& one : quantities) object[one.name] = Number(one.value);
  return object;
}

Json Severities(const std::array<std::uint64_t, 4>& counts) {
  Json object = Json::object();
  for (std::size_t i = 0; i < counts.size(); ++i) object[std::string(kSeverityNames[i])] = counts[i];
  return object;
}

Json Labels(const study::LabelCounts& counts) {
  Json object = Json::object();
  for (const auto& [label, count] : counts) object[label] = count;
  return object;
}

Json Graph(const study::GraphSize& graph) {
  return {{"nodes", graph.nodes}, {"edges", graph.edges}, {"components", graph.components}, {"giant", graph.giant}};
}

Json Pareto(const std::vector<study::ComponentRank>& ranking) {
  Json object = Json::object();
  for (const std::size_t count : {1, 5, 10, 18, 46, 69, 91, 114})
    if (count < ranking.size()) object[std::to_string(count)] = study::WeaknessesOfFirst(ranking, count);
  object[std::to_string(ranking.size())] = study::WeaknessesOfFirst(ranking, ranking.size());
  return object;
}

Json ForEightyPercent(const std::vector<study::ComponentRank>& ranking, std::uint64_t total) {
  const auto count = study::ComponentsForShare(ranking, 0.8, total);
  return count ? Json(*count) : Json(nullptr);
}

Json Rank(const study::ComponentRank& rank) {
  return {{"component", rank.component}, {"weaknesses", rank.weaknesses},     {"critical", rank.critical},
          {"issues", rank.issues},       {"repositories", rank.repositories}, {"occurrences", rank.occurrences}};
}

Json ExposureDocument(const Exposure& exposure) {
  Json ranking = Json::array();
  for (const study::ComponentRank& rank : exposure.ranking) {
    Json one = Rank(rank);
    if (exposure.fit) {
      one["issue_coverage"] = Number(rank.issue_coverage());
      one["residual"] =
          Number(static_cast<double>(rank.issues) - exposure.fit->At(static_cast<double>(rank.weaknesses)));
    }
    ranking.push_back(std::move(one));
  }
  Json hubs = Json::array();
  const auto by_repositories = study::OrderedByRepositories(exposure.ranking);
  for (std::size_t i = 0; i < std::min<std::size_t>(20, by_repositories.size()); ++i)
    hubs.push_back({{"component", by_repositories[i].component}, {"repositories", by_repositories[i].repositories}});
  Json communities = Json::array();
  for (const study::ExposureCommunity& one : exposure.communities.communities)
    communities.push_back({{"nodes", one.nodes},
                           {"repositories", one.repositories},
                           {"components", one.components},
                           {"weaknesses", one.weaknesses},
                           {"critical", one.critical},
                           {"issues", one.issues},
                           {"hub", one.hub}});
  return {{"occurrences", exposure.occurrences},
          {"weaknesses", exposure.weaknesses},
          {"issues", exposure.issues},
          {"repositories", exposure.repositories},
          {"components", exposure.components},
          {"weaknesses_by_severity", Severities(exposure.weaknesses_by_severity)},
          {"occurrences_by_severity", Severities(exposure.occurrences_by_severity)},
          {"weaknesses_of_two_severities", exposure.weaknesses_of_two_severities},
          {"weaknesses_without_severity", exposure.weaknesses_without_severity},
          {"pareto_cumulative", Pareto(exposure.ranking)},
          {"fit", exposure.fit
                      ? Json{{"slope", Number(exposure.fit->slope)}, {"intercept", Number(exposure.fit->intercept)}}
                      : Json(nullptr)},
          {"graph", Graph(exposure.graph)},
          {"graph_without_placeholder", Graph(exposure.graph_without_placeholder)},
          {"communities",
           {{"seed", exposure.communities.seed},
            {"modularity", Number(exposure.communities.modularity)},
            {"communities", std::move(communities)}}},
          {"hubs", std::move(hubs)},
          {"ranking", std::move(ranking)}};
}

Json Recomputed(const study::StudyFigures& figures) {
  Json all = Json::object();
  all["rows"] = Json::object();
  for (const auto& [name, rows] : figures.rows) all["rows"][name] = rows;
  if (figures.repeated_rows.ok()) all["cve_by_repository_exact_duplicate_rows"] = figures.repeated_rows.value();
  if (figures.labels_by_repository.ok())
    all["attack_labels_by_repository"] = Labels(figures.labels_by_repository.value());
  if (figures.labels_by_issue.ok()) all["attack_labels_by_issue"] = Labels(figures.labels_by_issue.value());
  if (figures.labels_by_repository.ok() && figures.labels_published.ok())
    all["attack_labels_match_related_attacks_count_csv"] =
        figures.labels_by_repository.value() == figures.labels_published.value();
  if (figures.by_issue.ok()) {
    const Exposure& exposure = figures.by_issue.value();
    const auto without = study::WithoutPlaceholder(exposure.ranking);
    all["unique_cves_by_severity"] = Severities(exposure.weaknesses_by_severity);
    all["rows_by_severity"] = Severities(exposure.occurrences_by_severity);
    Json top = Json::object();
    for (std::size_t i = 0; i < std::min<std::size_t>(20, exposure.ranking.size()); ++i)
      top[exposure.ranking[i].component] = exposure.ranking[i].weaknesses;
    all["dependencies_top20"] = std::move(top);
    all["dependencies_with_one_cve"] =
        std::count_if(exposure.ranking.begin(), exposure.ranking.end(),
                      [](const study::ComponentRank& rank) { return rank.weaknesses == 1; });
    all["pareto_cumulative"] = Pareto(exposure.ranking);
    all["dependencies_for_80_percent"] = {{"with_placeholder", ForEightyPercent(exposure.ranking, exposure.weaknesses)},
                                          {"without_placeholder", ForEightyPercent(without, exposure.weaknesses)}};
    all["repository_cve_dependency_graph"] = {{"with_placeholder", Graph(exposure.graph)},
                                              {"without_placeholder", Graph(exposure.graph_without_placeholder)}};
  }
  if (figures.cves_with_flag.ok()) {
    Json flags = Json::object();
    for (std::size_t i = 0; i < study::kImpactFlags.size(); ++i)
      flags[std::string(study::kImpactFlags[i])] = figures.cves_with_flag.value()[i];
    all["unique_cves_with_impact_flag"] = std::move(flags);
  }
  if (figures.distinct_cwe.ok()) all["distinct_cwe"] = figures.distinct_cwe.value();
  if (figures.matrix.ok()) {
    all["cwe_without_matrix_row"] = figures.matrix.value().without_row;
    all["rows_whose_impact_flags_differ_from_the_cwe_matrix"] = {{"compared", figures.matrix.value().compared},
                                                                 {"differ", figures.matrix.value().differ}};
  }
  if (figures.categories.ok()) all["repositories_by_category"] = Labels(figures.categories.value());
  if (figures.incidents.ok())
    all["incidents"] = {{"rows", figures.incidents.value().rows},
                        {"distinct_ids", figures.incidents.value().distinct_ids},
                        {"with_ai_related", figures.incidents.value().ai_related}};
  if (figures.atlas.ok())
    all["atlas_csv"] = {{"rows", figures.atlas.value().rows},
                        {"tactics", figures.atlas.value().tactics},
                        {"techniques", figures.atlas.value().techniques}};
  return all;
}

}  // namespace

std::string WriteStudyJson(const study::RepositoryStudy& study) {
  Json claims = Json::array();
  for (const study::Claim& claim : study.claims)
    claims.push_back({{"id", claim.id},
                      {"claim", claim.claim},
                      {"published", Quantities(claim.published)},
                      {"recomputed", Quantities(claim.recomputed)},
                      {"status", study::kClaimStatusNames[static_cast<std::size_t>(claim.status)]},
                      {"files", claim.files},
                      {"rule", claim.rule},
                      {"note", claim.note}});
  Json summary = Json::object();
  const auto statuses = study::CountStatuses(study.claims);
  for (std::size_t i = 0; i < statuses.size(); ++i) summary[std::string(study::kClaimStatusNames[i])] = statuses[i];
  return JsonText(
      {{"schema", "ringfort.study/1"},
       {"study", "arXiv 2512.23132"},
       {"folder", study.folder},
       {"claims", std::move(claims)},
       {"summary", std::move(summary)},
       {"recomputed", Recomputed(study.figures)},
       {"exposure", study.figures.by_issue.ok() ? ExposureDocument(study.figures.by_issue.value()) : Json(nullptr)},
       {"missing", study.missing},
       {"faults", study.faults}});
}

std::string WriteScanStudyJson(const study::ScanStudy& study) {
  Json sources = Json::array();
  for (const study::ScanStudy::Source& source : study.sources)
    sources.push_back({{"file", source.file},
                       {"repository", source.repository},
                       {"artifacts", source.artifacts},
                       {"incomplete", source.incomplete},
                       {"suppressed", source.suppressed}});
  return JsonText({{"schema", "ringfort.scan-study/1"},
                   {"grouping", study::kGroupingNames[static_cast<std::size_t>(study.grouping)]},
                   {"component", study::kComponentKindNames[static_cast<std::size_t>(study.component)]},
                   {"sources", std::move(sources)},
                   {"exposure", ExposureDocument(study.exposure)}});
}

}  // namespace ringfort
