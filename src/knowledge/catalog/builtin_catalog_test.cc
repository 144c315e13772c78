#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "knowledge/catalog/catalog.h"

namespace ringfort::knowledge {
namespace {

using ::testing::Contains;
using ::testing::UnorderedElementsAre;

std::string SharedText(const std::string& name) {
  std::ifstream file(std::string(RINGFORT_SOURCE_DIR) + "/../shared/data/knowledge/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::vector<std::string>> SharedTable(const std::string& name) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(SharedText(name));
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string>& row = rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) row.push_back(cell);
  }
  return rows;
}

#define SKIP_WITHOUT(text) \
  if ((text).empty()) GTEST_SKIP() << "the shared data files are not beside the checkout"

TEST(BuiltinCatalog, HasTheCountsOfItsSources) {
  const Catalog& catalog = BuiltinCatalog();
  EXPECT_EQ(catalog.axes.size(), 4u);
  EXPECT_EQ(catalog.families.size(), 15u);
  EXPECT_EQ(catalog.vulnerabilities.size(), 27u);
  EXPECT_EQ(catalog.threats.size(), 93u);
  EXPECT_EQ(catalog.taxonomy.size(), 73u);
  EXPECT_GE(catalog.step_rules.size(), 40u);
  std::map<ThreatKind, int> kinds;
  for (const Threat& threat : catalog.threats) ++kinds[threat.kind];
  EXPECT_EQ(kinds[ThreatKind::kCaseStudy], 26);
  EXPECT_EQ(kinds[ThreatKind::kIncident], 12);
  EXPECT_EQ(kinds[ThreatKind::kAttack] + kinds[ThreatKind::kDefense], 55);
  EXPECT_EQ(kinds[ThreatKind::kDefense], 2);
  int critical = 0, extension = 0;
  for (const Vulnerability& vulnerability : catalog.vulnerabilities) {
    critical += vulnerability.critical;
    extension += vulnerability.extension;
  }
  EXPECT_EQ(critical, 4);
  EXPECT_EQ(extension, 6);
}

TEST(BuiltinCatalog, LoadsFast) {
  const auto start = std::chrono::steady_clock::now();
  BuiltinCatalog();
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took.count(), 1000) << "milliseconds";  // a few in a release build; this only catches nonsense
}

TEST(BuiltinCatalog, NamesEveryThreatOfTheTable) {
  const auto rows = SharedTable("threats93.tsv");
  SKIP_WITHOUT(rows);
  const Catalog& catalog = BuiltinCatalog();
  ASSERT_EQ(rows.size(), 94u);  // with its head
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_EQ(catalog.threats[i - 1].external, rows[i][0]);
    EXPECT_EQ(catalog.threats[i - 1].title, rows[i][2]);
  }
}

TEST(BuiltinCatalog, KeepsThePublishedStagesOfTheLiterature) {
  const auto rows = SharedTable("threats93.tsv");
  SKIP_WITHOUT(rows);
  const Catalog& catalog = BuiltinCatalog();
  std::size_t links = 0;
  for (std::size_t i = 39; i < rows.size(); ++i) {
    const Threat& threat = catalog.threats[i - 1];
    SCOPED_TRACE(threat.id);
    const bool linked = rows[i].size() > 4 && rows[i][4] != "(not linked)";
    EXPECT_EQ(threat.stages_by, linked ? StatedBy::kPublished : StatedBy::kOurs);
    if (!linked) continue;
    std::set<std::string> published, ours;
    std::istringstream names(rows[i][4]);
    for (std::string name; std::getline(names, name, ';');) published.insert(name);
    for (const std::string& id : threat.stages) {
      const Stage* stage = Find(catalog.stages, id);
      ASSERT_NE(stage, nullptr);
      ours.insert(stage->ttp_graph.begin(), stage->ttp_graph.end());
    }
    EXPECT_EQ(ours, published);
    links += published.size();
  }
  EXPECT_EQ(links, 86u);
}

TEST(BuiltinCatalog, TranscribesTheTaxonomy) {
  const auto rows = SharedTable("sok_taxonomy73.tsv");
  SKIP_WITHOUT(rows);
  const std::map<ChannelComponent, std::string> letters = {
      {ChannelComponent::kSignal, "S"}, {ChannelComponent::kNoise, "N"}, {ChannelComponent::kBandwidth, "B"}};
  ASSERT_EQ(rows.size(), 74u);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const TaxonomyRow& row = BuiltinCatalog().taxonomy[i - 1];
    SCOPED_TRACE(row.id);
    EXPECT_EQ((std::vector<std::string>{row.level, row.row_class, row.threat, row.modalities}),
              (std::vector<std::string>(rows[i].begin(), rows[i].begin() + 4)));
    EXPECT_EQ(letters.at(row.component), rows[i][5]);
    EXPECT_EQ((std::vector<std::string>{row.goal, row.knowledge, row.capability, row.target}),
              (std::vector<std::string>(rows[i].begin() + 6, rows[i].end())));
  }
}

TEST(BuiltinCatalog, CountsTheComponentsOfTheTaxonomy) {
  const Catalog& catalog = BuiltinCatalog();
  std::map<ChannelComponent, int> components;
  std::map<std::string, int> classes;
  for (const TaxonomyRow& row : catalog.taxonomy) {
    ++components[row.component];
    ++classes[row.row_class];
    EXPECT_EQ(ComponentByRule(catalog, row), row.component) << row.id;
  }
  EXPECT_EQ(components[ChannelComponent::kNoise], 27);
  EXPECT_EQ(components[ChannelComponent::kSignal], 15);
  EXPECT_EQ(components[ChannelComponent::kBandwidth], 31);
  const std::map<std::string, int> expected = {{"Misleading", 25},   {"Mislearning", 10},      {"Inferring", 7},
                                               {"Agent Action", 13}, {"Agent Interaction", 6}, {"Agent Memory", 12}};
  EXPECT_EQ(classes, expected);
}

TEST(BuiltinCatalog, NamesAtlasIdsThatExist) {
  const std::string atlas = SharedText("ATLAS.yaml");
  SKIP_WITHOUT(atlas);
  std::set<std::string> used;
  const auto use = [&](const std::vector<std::string>& ids) { used.insert(ids.begin(), ids.end()); };
  const Catalog& catalog = BuiltinCatalog();
  for (const Family& family : catalog.families) use(family.crosswalk.atlas);
  for (const Technique& technique : catalog.techniques) use(technique.crosswalk.atlas);
  for (const Mitigation& mitigation : catalog.mitigations) use(mitigation.atlas);
  for (const Threat& threat : catalog.threats) {
    use(threat.tactics);
    use(threat.atlas_techniques);
    if (threat.kind == ThreatKind::kCaseStudy) used.insert(threat.external);
  }
  EXPECT_GT(used.size(), 100u);
  for (const std::string& id : used) EXPECT_NE(atlas.find("id: " + id + "\n"), std::string::npos) << id;
}

TEST(BuiltinCatalog, CrosswalksCoverTheForeignStages) {
  std::set<std::string> ttp_graph, matrix, macro, cosai;
  std::set<LifecycleStage> domain;
  for (const Stage& stage : BuiltinCatalog().stages) {
    ttp_graph.insert(stage.ttp_graph.begin(), stage.ttp_graph.end());
    matrix.insert(stage.matrix.begin(), stage.matrix.end());
    macro.insert(stage.macro.begin(), stage.macro.end());
    cosai.insert(stage.cosai.begin(), stage.cosai.end());
    domain.insert(stage.domain);
  }
  EXPECT_THAT(ttp_graph,
              UnorderedElementsAre("Data Preparation", "Pretraining", "Training", "Fine-tuning", "Federated Training",
                                   "System Development", "Test time", "Deployment", "Inference", "Model hardening"));
  EXPECT_THAT(matrix, UnorderedElementsAre("Data collection", "Preprocess", "Feature engineering", "Training",
                                           "Testing", "Inference", "Monitoring"));
  EXPECT_EQ(macro.size(), 5u);
  EXPECT_THAT(cosai, UnorderedElementsAre("planning", "data-preparation", "model-training", "development", "evaluation",
                                          "deployment", "runtime", "maintenance"));
  EXPECT_EQ(domain.size(), kLifecycleStageNames.size());
}

TEST(BuiltinCatalog, FilesJailbreakUnderTwoAxes) {
  const Family* jailbreak = Find(BuiltinCatalog().families, "jailbreak");
  ASSERT_NE(jailbreak, nullptr);
  std::set<Axis> axes;
  for (const AxisClaim& claim : jailbreak->axes) axes.insert(claim.axis);
  EXPECT_THAT(axes, UnorderedElementsAre(Axis::kDataToData, Axis::kDataToModel));
  EXPECT_EQ(jailbreak->axis, Axis::kDataToModel);
}

TEST(BuiltinCatalog, SaysWhatIsNoThreatAndWhatSaysNothing) {
  const Catalog& catalog = BuiltinCatalog();
  for (const std::string_view id : {"threat.rain", "threat.dp_forward"}) {
    const Threat* threat = Find(catalog.threats, id);
    ASSERT_NE(threat, nullptr) << id;
    EXPECT_EQ(threat->kind, ThreatKind::kDefense);
  }
  const EdgeSet* edges = Find(catalog.edge_sets, "edges.ttp_vulnerability");
  ASSERT_NE(edges, nullptr);
  EXPECT_FALSE(edges->informative);
  EXPECT_EQ(edges->edges, 53u * 12u);
}

// A derived vulnerability layer that joined everything to everything would be no
// better than the published one.
TEST(BuiltinCatalog, DerivesVulnerabilityLinksThatTellThreatsApart) {
  const Catalog& catalog = BuiltinCatalog();
  std::size_t links = 0;
  std::set<std::string> used;
  for (const Threat& threat : catalog.threats) {
    EXPECT_LE(threat.vulnerabilities.size(), 4u) << threat.id;
    links += threat.vulnerabilities.size();
    for (const VulnerabilityLink& link : threat.vulnerabilities) used.insert(link.vulnerability);
  }
  EXPECT_LT(links, 93u * 27u / 8u);
  EXPECT_GT(used.size(), 20u);
}

TEST(BuiltinCatalog, LeavesNoEntryAlone) {
  const Catalog& catalog = BuiltinCatalog();
  std::set<std::string> mitigations, families, vulnerabilities, techniques;
  for (const Family& family : catalog.families) {
    vulnerabilities.insert(family.vulnerabilities.begin(), family.vulnerabilities.end());
    EXPECT_FALSE(family.mitigations.empty()) << family.id;
    EXPECT_FALSE(family.stages.empty()) << family.id;
    EXPECT_FALSE(family.channel.empty()) << family.id;
    EXPECT_FALSE(family.access.empty()) << family.id;
    EXPECT_FALSE(family.metrics.empty()) << family.id;
  }
  for (const Technique& technique : catalog.techniques) families.insert(technique.family);
  for (const StepRule& rule : catalog.step_rules) {
    if (!rule.family.empty()) techniques.insert(rule.family);
    for (const std::string& id : rule.answered_by) EXPECT_NE(Find(catalog.mitigations, id), nullptr);
  }
  EXPECT_EQ(families.size(), catalog.families.size());
  EXPECT_EQ(techniques.size(), catalog.families.size()) << "a family without a step rule";
  EXPECT_EQ(vulnerabilities.size(), catalog.vulnerabilities.size());
  std::set<MitigationLevel> levels;
  std::set<Verb> verbs;
  for (const Mitigation& mitigation : catalog.mitigations) {
    levels.insert(mitigation.level);
    verbs.insert(mitigation.verbs.begin(), mitigation.verbs.end());
  }
  EXPECT_EQ(levels.size(), kMitigationLevelNames.size());
  EXPECT_EQ(verbs.size(), kVerbNames.size());
}

// What follows from `facts` on one asset of each kind, all ties that the rules can
// name existing between them.
using Fact = std::pair<AssetKind, std::string>;
std::set<Fact> Closure(std::set<Fact> facts) {
  for (bool grew = true; grew;) {
    grew = false;
    for (const StepRule& rule : BuiltinCatalog().step_rules) {
      if (rule.needs.empty()) continue;  // entries would give everything
      std::map<std::string, AssetKind> kinds;
      for (const StepRule::Variable& variable : rule.variables) kinds[variable.name] = variable.kind;
      bool met = true;
      for (const StepRule::Atom& atom : rule.needs) met &= facts.contains({kinds[atom.variable], atom.capability});
      if (met) grew |= facts.insert({kinds[rule.gains.variable], rule.gains.capability}).second;
    }
  }
  return facts;
}

TEST(BuiltinCatalog, ReachesAllFourAxesFromTheEndpoint) {
  const std::set<Fact> reached = Closure({{AssetKind::kEndpoint, "reach"}});
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kModel, "copied"}));
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kDataset, "membership_known"}));
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kDataset, "records_recovered"}));
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kModel, "jailbroken"}));
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kDataset, "unprotected"}));
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kEndpoint, "exhausted"}));
}

TEST(BuiltinCatalog, ClosesTheLoop) {
  // Model to data and back: answers leak records, records make fitting poison, poison a model.
  const std::set<Fact> reached = Closure({{AssetKind::kModel, "query"}, {AssetKind::kEndpoint, "query"}});
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kDataset, "poisoned"}));
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kModel, "poisoned"}));
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kModel, "backdoored"}));
}

TEST(BuiltinCatalog, TakesAMaliciousFileToRunningCode) {
  const std::set<Fact> reached = Closure({{AssetKind::kModel, "carries_payload"}});
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kRepository, "code_execution"}));
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kEndpoint, "code_execution"}));
  EXPECT_THAT(reached, Contains(Fact{AssetKind::kModel, "weights"}));
}

TEST(BuiltinCatalog, TakesAFindingOnAnyAssetIntoTheGraph) {
  const Technique* deserialization = Find(BuiltinCatalog().techniques, "supply_chain.unsafe_deserialization");
  ASSERT_NE(deserialization, nullptr);
  EXPECT_EQ(deserialization->finding_sets, "carries_payload");
  for (const AssetKind kind : {AssetKind::kDataset, AssetKind::kModel, AssetKind::kRepository})
    EXPECT_THAT(Closure({{kind, deserialization->finding_sets}}),
                Contains(Fact{kind == AssetKind::kDataset ? AssetKind::kModel : kind, "code_execution"}));
}

TEST(BuiltinCatalog, OnlyWhatARuleSeesItselfIsSetBelowCritical) {
  for (const Technique& technique : BuiltinCatalog().techniques)
    EXPECT_EQ(technique.finding_from, technique.id == "data_leak.secret" ? Severity::kHigh : Severity::kCritical)
        << technique.id;
}

TEST(BuiltinCatalog, UsesEveryStateItNames) {
  std::set<Fact> used;
  for (const StepRule& rule : BuiltinCatalog().step_rules) {
    std::map<std::string, AssetKind> kinds;
    for (const StepRule::Variable& variable : rule.variables) kinds[variable.name] = variable.kind;
    for (const StepRule::Atom& atom : rule.needs) used.insert({kinds[atom.variable], atom.capability});
    used.insert({kinds[rule.gains.variable], rule.gains.capability});
  }
  for (const AssetEntry& asset : BuiltinCatalog().assets)
    for (const Capability& capability : asset.capabilities)
      EXPECT_THAT(used, Contains(Fact{asset.kind, capability.id}));
}

TEST(BuiltinCatalog, UsesEveryTraitItNames) {
  std::set<Fact> used;
  for (const StepRule& rule : BuiltinCatalog().step_rules)
    for (const StepRule::Demand& demand : rule.traits)
      for (const StepRule::Variable& variable : rule.variables)
        if (variable.name == demand.variable) used.insert({variable.kind, demand.trait});
  for (const AssetEntry& asset : BuiltinCatalog().assets)
    for (const Trait& trait : asset.traits) EXPECT_THAT(used, Contains(Fact{asset.kind, trait.id}));
}

TEST(BuiltinCatalog, SpeaksInSentencesOfItsOwn) {
  const std::string atlas = SharedText("ATLAS.yaml");
  SKIP_WITHOUT(atlas);
  const Catalog& catalog = BuiltinCatalog();
  std::set<std::string> seen;
  const auto check = [&](const std::string& id, const std::string& sentence) {
    EXPECT_GT(sentence.size(), 20u) << id;
    EXPECT_TRUE(seen.insert(sentence).second) << "said twice: " << id;
    EXPECT_EQ(atlas.find(sentence), std::string::npos) << id;
  };
  for (const Family& entry : catalog.families) check(entry.id, entry.summary);
  for (const Technique& entry : catalog.techniques) check(entry.id, entry.summary);
  for (const Threat& entry : catalog.threats) check(entry.id, entry.summary);
  for (const Mitigation& entry : catalog.mitigations) check(entry.id, entry.summary);
  for (const Vulnerability& entry : catalog.vulnerabilities) check(entry.id, entry.summary);
}

}  // namespace
}  // namespace ringfort::knowledge
