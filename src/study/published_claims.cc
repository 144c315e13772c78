#include "study/published_claims.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <utility>

#include "study/risk_score.h"

namespace ringfort::study {
namespace {

using Numbers = std::vector<Quantity>;

constexpr const char* kByIssue = "cve_by_issue.csv";
constexpr const char* kByRepository = "cve_by_repository.csv";

Numbers One(double value) { return {{"", value}}; }
Numbers One(std::uint64_t value) { return One(static_cast<double>(value)); }

bool Same(const Numbers& published, const Numbers& recomputed, double tolerance) {
  if (published.size() != recomputed.size()) return false;
  for (std::size_t i = 0; i < published.size(); ++i)
    if (!(std::abs(published[i].value - recomputed[i].value) <= tolerance)) return false;
  return true;
}

class ClaimList {
 public:
  // `draft` lacks what was recomputed and the status; `figure` is where the number
  // comes from, `take` the number in it.
  template <class T, class Take>
  void Count(Claim draft, const Result<T>& figure, Take take, double tolerance = 0) {
    if (figure.ok()) {
      draft.recomputed = take(figure.value());
      draft.status = draft.published.empty()                              ? ClaimStatus::kOurs
                     : Same(draft.published, draft.recomputed, tolerance) ? ClaimStatus::kReproduces
                                                                          : ClaimStatus::kDoesNotReproduce;
    } else {
      draft.status = ClaimStatus::kNotAvailable;
      draft.note = figure.error().what;
    }
    claims_.push_back(std::move(draft));
  }

  void NotComputable(Claim draft) {
    draft.status = ClaimStatus::kNotComputable;
    draft.rule = "-";
    claims_.push_back(std::move(draft));
  }

  std::vector<Claim> Take() { return std::move(claims_); }

 private:
  std::vector<Claim> claims_{};
};

void AddSizes(ClaimList& list, const StudyFigures& figures) {
  const auto size = [&](const char* id, const char* claim, double published, std::uint64_t Exposure::*field,
                        const char* rule, const std::string& note = "") {
    list.Count({.id = id, .claim = claim, .published = One(published), .files = {kByIssue}, .rule = rule, .note = note},
               figures.by_issue, [field](const Exposure& exposure) { return One(exposure.*field); });
  };
  size("unique_cves", "Validated unique CVEs", 834, &Exposure::weaknesses, "distinct, trimmed `CVE ID`");
  size("occurrences", "CVE occurrences in issues", 2183, &Exposure::occurrences, "data rows");
  size("issues", "Issues that mention a validated CVE", 312, &Exposure::issues, "distinct `GHIssue`");
  list.Count(
      {.id = "repositories",
       .claim = "Repositories with a validated CVE",
       .published = One(86.0),
       .files = {kByRepository, kByIssue},
       .rule = "distinct `TargetRepo`",
       .note = !figures.same_repositories.ok()     ? ""
               : figures.same_repositories.value() ? "the issue links of cve_by_issue.csv name the same repositories"
                                                   : "the issue links of cve_by_issue.csv name other repositories"},
      figures.by_repository, [](const Exposure& exposure) { return One(exposure.repositories); });
  std::string strings;
  if (figures.by_issue.ok())
    strings = fmt::format("{} strings when `[]`, which stands for no CPE, is counted",
                          figures.by_issue.value().ranking.size());
  size("dependencies", "Dependencies (CPE vendor:product)", 227, &Exposure::components,
       "distinct `CPE dependency name` without the placeholder `[]`", strings);
}

void AddStages(ClaimList& list, const StudyFigures& figures) {
  const auto stage = [&](const char* id, const char* claim, double published, std::uint64_t RegexStage::*field,
                         const char* rule) {
    list.Count({.id = id,
                .claim = claim,
                .published = One(published),
                .files = {"grouped_unique_cve_patterns.csv"},
                .rule = rule},
               figures.regex_stage, [field](const RegexStage& counts) { return One(counts.*field); });
  };
  stage("regex_stage_cves", "Unique CVEs after the regular-expression stage", 897, &RegexStage::cves,
        "distinct CVE-dddd-dddd(ddd)");
  stage("regex_stage_issues", "Issues after the regular-expression stage", 350, &RegexStage::issues,
        "distinct `Issue_ID`");
  stage("regex_stage_projects", "Projects after the regular-expression stage", 94, &RegexStage::projects,
        "distinct `repository`");
  list.NotComputable({.id = "keyword_stage",
                      .claim = "Issues and projects of the keyword stage",
                      .published = {{"issues", 3236}, {"projects", 289}},
                      .note = "the file of all collected issues is not in the public repository"});
  const auto repositories = [](std::uint64_t count) { return One(count); };
  list.Count({.id = "repositories_collected",
              .claim = "Repositories returned by the topic search",
              .published = One(916.0),
              .files = {"repos_collection.csv"},
              .rule = "distinct `full_name`"},
             figures.collected, repositories);
  list.Count({.id = "repositories_kept",
              .claim = "Repositories kept",
              .published = One(845.0),
              .files = {"filtered_repos.csv"},
              .rule = "distinct `repository`",
              .note = "the text says 834 in one place and 845 in another; 834 and 11 packages of the Python Packaging "
                      "Authority are 845"},
             figures.kept, repositories);
  list.Count({.id = "repositories_in_abstract",
              .claim = "Repositories studied, by the abstract",
              .published = One(854.0),
              .files = {"filtered_repos.csv"},
              .rule = "distinct `repository`",
              .note = "the published lists hold 845, 914 and 916 repositories"},
             figures.kept, repositories);
}

void AddLabels(ClaimList& list, const StudyFigures& figures) {
  constexpr std::pair<const char*, double> kLabels[] = {
      {"Denial of Service (DoS)", 951},      {"Improper Input Validation", 317},
      {"Heap-based Buffer Overflow", 192},   {"NULL pointer dereference attack", 180},
      {"Arbitrary code attack", 120},        {"Remote code execution (RCE) attack", 111},
      {"Bypass authentication attack", 98},  {"Use-after-free attack", 95},
      {"Information disclosure attack", 92}, {"SQL injection attack", 63},
  };
  for (const auto& [label, published] : kLabels) {
    std::string note;
    if (figures.labels_by_repository.ok() && figures.labels_by_issue.ok()) {
      const std::uint64_t other = CountOf(figures.labels_by_issue.value(), label);
      if (other != CountOf(figures.labels_by_repository.value(), label))
        note = fmt::format("cve_by_issue.csv gives {}", other);
    }
    list.Count({.id = fmt::format("attack_label:{}", label),
                .claim = fmt::format("Occurrences of attack label `{}`", label),
                .published = One(published),
                .files = {kByRepository},
                .rule = "`Related attacks` split at commas, trimmed, runs of blanks collapsed",
                .note = std::move(note)},
               figures.labels_by_repository,
               [label = label](const LabelCounts& counts) { return One(CountOf(counts, label)); });
  }
}

void AddDependencies(ClaimList& list, const StudyFigures& figures) {
  constexpr std::pair<const char*, double> kDependencies[] = {
      {"google:tensorflow", 184}, {"linux:linux_kernel", 45},        {"vim:vim", 38},
      {"openssl:openssl", 30},    {"imagemagick:imagemagick", 27},   {"python:pillow", 24},
      {"haxx:curl", 22},          {"paddlepaddle:paddlepaddle", 17}, {"gnu:glibc", 16},
      {"sqlite:sqlite", 15},
  };
  for (const auto& [name, published] : kDependencies)
    list.Count({.id = fmt::format("dependency:{}", name),
                .claim = fmt::format("Table XXII, unique CVEs of {}", name),
                .published = One(published),
                .files = {kByIssue},
                .rule = "distinct CVEs of the CPE string"},
               figures.by_issue, [name = name](const Exposure& exposure) {
                 for (const ComponentRank& rank : exposure.ranking)
                   if (rank.component == name) return One(rank.weaknesses);
                 return One(0.0);
               });
}

void AddShape(ClaimList& list, const StudyFigures& figures) {
  std::string shares;
  if (figures.by_issue.ok()) {
    const Exposure& exposure = figures.by_issue.value();
    const auto first = [&](std::size_t count) { return WeaknessesOfFirst(exposure.ranking, count); };
    const auto percent = [&](std::size_t count) {
      return exposure.weaknesses == 0
                 ? 0
                 : 100.0 * static_cast<double>(first(count)) / static_cast<double>(exposure.weaknesses);
    };
    const auto enough = ComponentsForShare(exposure.ranking, 0.8, exposure.weaknesses);
    shares = fmt::format("the first 18 hold {:.1f} %, the first 91 hold {} = {:.1f} %; 80 % takes {}", percent(18),
                         first(91), percent(91), enough ? fmt::format("{} strings", *enough) : "more than there are");
  }
  list.Count({.id = "pareto_top18",
              .claim = "The first 18 dependencies, 20 % of 91, hold over 80 % of the CVEs",
              .published = One(673.0),
              .files = {kByIssue},
              .rule = "distinct CVEs of the 18 CPE strings with most CVEs, `[]` counted as one",
              .note = std::move(shares)},
             figures.by_issue, [](const Exposure& exposure) { return One(WeaknessesOfFirst(exposure.ranking, 18)); });
  list.Count({.id = "pareto_91",
              .claim = "There are 91 dependencies",
              .published = One(91.0),
              .files = {kByIssue},
              .rule = "CPE strings, `[]` counted as one"},
             figures.by_issue,
             [](const Exposure& exposure) { return One(static_cast<std::uint64_t>(exposure.ranking.size())); });
  list.Count(
      {.id = "regression",
       .claim = "Regression of issues on CVEs by dependency",
       .published = {{"slope", 0.3}, {"intercept", 3.01}},
       .files = {kByIssue},
       .rule = "ordinary least squares over all CPE strings: y = distinct issues, x = distinct CVEs",
       .note = "sample and direction of the published fit are not known"},
      figures.by_issue,
      [](const Exposure& exposure) {
        if (!exposure.fit) return Numbers{};
        return Numbers{{"slope", exposure.fit->slope}, {"intercept", exposure.fit->intercept}};
      },
      0.005);
}

void AddNotComputable(ClaimList& list) {
  list.NotComputable({.id = "technique_frequency",
                      .claim = "Tactics over all threats",
                      .published = {{"ML Attack Staging", 30}, {"Impact", 21}, {"Resource Development", 15}},
                      .note = "the table of all threats with tactics is not in the public files"});
  list.NotComputable({.id = "incident_screening",
                      .claim = "Incidents: keyword hits, with tactics, unique and new",
                      .published = {{"hits", 254}, {"with_tactics", 18}, {"unique", 12}},
                      .files = {"AI_Incident.csv"},
                      .note = "the keyword filter is not in the public files"});
  list.NotComputable({.id = "graph_size",
                      .claim = "Attack graph for the neural network",
                      .published = {{"nodes", 57812}, {"edges", 218906}},
                      .note = "its inputs are not public"});
  list.NotComputable({.id = "ontology_growth",
                      .claim = "Ontology after growth, by the text",
                      .published = {{"techniques", 73}, {"vulnerabilities", 27}, {"stages", 10}},
                      .note = "no table of this folder holds the ontology; the authors' own repository says 105 "
                              "techniques, 27 and 10, and the graph that they published holds 53, 12 and 9"});
}

// Claims that are arithmetic on numbers the paper prints, and need no table.
void AddArithmetic(ClaimList& list) {
  const Result<double> printed = 0.0;
  list.Count({.id = "graph_size_sum",
              .claim = "Nodes of that attack graph are the sum of its rows",
              .published = One(57812.0),
              .rule = "11,604 + 9,371 + 23,128 + 1,142 + 15 + 10 + 8, as printed"},
             printed, [](double) { return One(11604.0 + 9371 + 23128 + 1142 + 15 + 10 + 8); });
  list.Count({.id = "cvss_check",
              .claim = "CVSS version 2 base of AV:N/AC:L/Au:N/C:C/I:C/A:C",
              .published = One(10.0),
              .rule = "(0.6 impact + 0.4 exploitability - 1.5) 1.176, rounded to a tenth"},
             ParseCvssVector("AV:N/AC:L/Au:N/C:C/I:C/A:C"),
             [](const CvssVector& vector) { return One(RoundedToTenth(Score(vector).base)); });
  list.Count({.id = "normalized_frequency",
              .claim = "Table XVI, frequency of GPT-3.5/4 by deployment",
              .published = One(237.0),
              .rule = "218 / (0.92 + 0.0001), rounded",
              .note = "one row of printed numbers; what its weight 0.92 was made from is not in the public files"},
             printed, [](double) { return One(std::round(NormalizedFrequency(218, 0.92))); });
}

void AddOurs(ClaimList& list, const StudyFigures& figures) {
  list.Count(
      {.id = "severity_split",
       .claim = "Unique CVEs by severity",
       .files = {kByIssue},
       .rule = "each CVE under its severity"},
      figures.by_issue, [](const Exposure& exposure) {
        Numbers numbers;
        for (const Severity severity : {Severity::kCritical, Severity::kHigh, Severity::kMedium, Severity::kLow})
          numbers.push_back({std::string(Name(severity)),
                             static_cast<double>(exposure.weaknesses_by_severity[static_cast<std::size_t>(severity)])});
        if (exposure.weaknesses_without_severity > 0)
          numbers.push_back({"none or unknown", static_cast<double>(exposure.weaknesses_without_severity)});
        return numbers;
      });
  const auto graph = [&](const char* id, const char* claim, GraphSize Exposure::*field) {
    list.Count({.id = id,
                .claim = claim,
                .files = {kByIssue},
                .rule = "a node for each, an edge for each distinct pair repository - CVE and CVE - dependency"},
               figures.by_issue, [field](const Exposure& exposure) {
                 const GraphSize& size = exposure.*field;
                 return Numbers{{"nodes", static_cast<double>(size.nodes)},
                                {"edges", static_cast<double>(size.edges)},
                                {"components", static_cast<double>(size.components)},
                                {"giant", static_cast<double>(size.giant)}};
               });
  };
  graph("exposure_graph", "Graph of repositories, CVEs and dependencies, with `[]`", &Exposure::graph);
  graph("exposure_graph_without_placeholder", "The same without `[]`", &Exposure::graph_without_placeholder);
  list.Count({.id = "communities",
              .claim = "Communities of that graph",
              .files = {kByIssue},
              .rule = "Louvain, without `[]`",
              .note = "the study names no algorithm, seed or count"},
             figures.by_issue, [](const Exposure& exposure) {
               return Numbers{{"count", static_cast<double>(exposure.communities.communities.size())},
                              {"modularity", exposure.communities.modularity},
                              {"seed", static_cast<double>(exposure.communities.seed)}};
             });
  Claim risk{.id = "risk_bands",
             .claim = "CVEs by band of Risk = 0.5 base + 0.3 exploitability + 0.2 impact",
             .files = {kByIssue},
             .rule = "each CVE by its `CVSS vector`, a column of ours"};
  if (figures.by_issue.ok() && !figures.risk.ok() && figures.risk.error().fault == Fault::kUnavailable) {
    risk.note = "the public tables hold no CVSS vectors; a column `CVSS vector` beside the severity would do";
    list.NotComputable(std::move(risk));
    return;
  }
  list.Count(std::move(risk), figures.risk, [](const RiskCounts& counts) {
    Numbers numbers;
    for (std::size_t band = 0; band < counts.bands.size(); ++band)
      numbers.push_back({std::string(kRiskBandNames[band]), static_cast<double>(counts.bands[band])});
    for (std::size_t queue = 0; queue < counts.queues.size(); ++queue)
      numbers.push_back({fmt::format("queue {}", kRiskQueueNames[queue]), static_cast<double>(counts.queues[queue])});
    numbers.push_back({"mean", counts.mean});
    return numbers;
  });
}

}  // namespace

std::vector<Claim> JudgeClaims(const StudyFigures& figures) {
  ClaimList list;
  AddSizes(list, figures);
  AddStages(list, figures);
  AddLabels(list, figures);
  AddDependencies(list, figures);
  AddShape(list, figures);
  AddNotComputable(list);
  AddArithmetic(list);
  AddOurs(list, figures);
  return list.Take();
}

std::array<std::uint64_t, 5> CountStatuses(const std::vector<Claim>& claims) {
  std::array<std::uint64_t, 5> counts{};
  for (const Claim& claim : claims) ++counts[static_cast<std::size_t>(claim.status)];
  return counts;
}

}  // namespace ringfort::study
