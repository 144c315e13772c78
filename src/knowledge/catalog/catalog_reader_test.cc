#include "knowledge/catalog/catalog_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace ringfort::knowledge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One entry of each kind, each naming others. Line numbers matter below.
constexpr std::string_view kSmall = R"(axes:
  - {id: data_to_model, title: From data to model, summary: Data changes a model.}
assets:
  - kind: dataset
    summary: Records.
    capabilities:
      - {id: write, summary: Records can be changed.}
  - kind: model
    summary: Weights.
    capabilities:
      - {id: poisoned, harm: 0.6, summary: The model errs.}
    traits:
      - {id: federated, summary: Several train it.}
ties:
  - relation: trained_on
    summary: The model was fitted to it.
    between:
      - {from: model, to: dataset}
stages:
  - {id: stage.training, title: Training, summary: A model is fitted., domain: training, macro: [Pre-training]}
families:
  - id: poisoning
    title: Poisoning
    summary: Bad records in.
    objective: maximize the loss
    objective_by: ours
    source: dataset
    destination: model
    axis: data_to_model
    axes:
      - {axis: data_to_model, by: ours}
    stages: [stage.training]
    vulnerabilities: [vulnerability.data]
    mitigations: [mitigation.sanitize]
    references: ['arXiv:1804.00792']
    crosswalk: {atlas: [AML.T0020], owasp: ['LLM04:2025'], avid: [S0600], cwe: [CWE-345]}
techniques:
  - {id: poisoning.flip, family: poisoning, title: Flip, summary: Labels are flipped., access: [training_data]}
vulnerabilities:
  - {id: vulnerability.data, title: Data, summary: Strangers write., critical: true, families: [poisoning]}
mitigations:
  - id: mitigation.sanitize
    title: Sanitize
    summary: Look before training.
    level: data
    verbs: [detect]
    atlas: [AML.M0007]
    families: [poisoning]
    cost: {effort: 1, latency: 0, utility: 0.5}
    residual: {successes: 3, failures: 17, kind: published, source: 'a table'}
    residual_adaptive: {successes: 1, failures: 1, kind: assumed}
    evidence: None of our own.
threats:
  - id: threat.poisoning
    external: LIT-TTP-08
    title: Poisoning Attacks
    kind: attack
    summary: Records lower accuracy.
    family: poisoning
    techniques: [poisoning.flip]
    axis: data_to_model
    stages: [stage.training]
    stages_by: published
    vulnerabilities:
      - {id: vulnerability.data, reason: Strangers write.}
component_rules:
  - {row_class: Mislearning, component: signal}
taxonomy:
  - {id: flow.shade, threat: Shade, level: model/safety, row_class: Mislearning, capability: Mismatching, component: signal, modalities: T, flows: [Input], goal: Poison, knowledge: B, target: I/T2I, family: poisoning}
edge_sets:
  - {id: edges.all, title: All to all, source: a paper, edges: 636, informative: false, note: It says nothing.}
step_rules:
  - id: step.entry.crawl
    title: Plant records
    variables: {Data: dataset}
    needs: []
    gains: [Data, write]
    prior: {successes: 1, failures: 3, kind: assumed}
    cost: 1
  - id: step.poison
    title: Train on them
    variables: {Model: model, Data: dataset}
    traits: {Model: [federated]}
    needs: [[Data, write]]
    ties: [[Model, trained_on, Data]]
    gains: [Model, poisoned]
    certain: true
    cost: 0
    answered_by: [mitigation.sanitize]
published_triples:
  - {node: poisoning.flip, label: VUL-1 flip, phase: train, layer: data, surface: object store}
)";

CatalogReading Read(std::string_view text) {
  const CatalogSource source{"small.yaml", std::string(text)};
  return ReadCatalog({&source, 1});
}

std::string Changed(std::string_view from, std::string_view to) {
  std::string text(kSmall);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(CatalogReader, ReadsEachKindOfEntry) {
  const CatalogReading reading = Read(kSmall);
  ASSERT_THAT(reading.faults, IsEmpty());
  const Catalog& catalog = reading.catalog;
  ASSERT_EQ(catalog.families.size(), 1u);
  EXPECT_EQ(catalog.families[0].source, AssetKind::kDataset);
  EXPECT_THAT(catalog.families[0].crosswalk.owasp, ElementsAre("LLM04:2025"));
  EXPECT_EQ(catalog.stages.at(0).domain, LifecycleStage::kTraining);
  EXPECT_TRUE(catalog.vulnerabilities.at(0).critical);
  EXPECT_DOUBLE_EQ(catalog.mitigations.at(0).residual.mean(), 0.15);
  EXPECT_EQ(catalog.mitigations.at(0).residual.kind, Provenance::kPublished);
  EXPECT_EQ(catalog.threats.at(0).stages_by, StatedBy::kPublished);
  EXPECT_EQ(catalog.edge_sets.at(0).edges, 636u);
  ASSERT_EQ(catalog.step_rules.size(), 2u);
  EXPECT_TRUE(catalog.step_rules[1].certain);
  EXPECT_EQ(catalog.step_rules[1].ties.at(0).relation, Relation::kTrainedOn);
  EXPECT_EQ(catalog.published_triples.at(0).surface, "object store");
  EXPECT_TRUE(Knows(catalog, "poisoning.flip"));
  EXPECT_TRUE(Knows(catalog, "data_to_model"));
  EXPECT_FALSE(Knows(catalog, "model_to_data"));
}

TEST(CatalogReader, JoinsListsOfSeveralFiles) {
  const std::vector<CatalogSource> sources = {
      {"a.yaml", "vulnerabilities:\n  - {id: vulnerability.a, title: A, summary: A., families: [f]}\n"},
      {"b.yaml", "vulnerabilities:\n  - {id: vulnerability.b, title: B, summary: B., families: [f]}\n"}};
  const CatalogReading reading = ReadCatalog(sources);
  EXPECT_EQ(reading.catalog.vulnerabilities.size(), 2u);
  EXPECT_THAT(reading.faults, ElementsAre("a.yaml:2: no family has the id 'f'", "b.yaml:2: no family has the id 'f'"));
}

struct Case {
  std::string_view from, to, fault;
};

class OneFault : public ::testing::TestWithParam<Case> {};

TEST_P(OneFault, IsNamedWithItsLine) {
  const CatalogReading reading = Read(Changed(GetParam().from, GetParam().to));
  EXPECT_THAT(reading.faults, ElementsAre(HasSubstr(std::string(GetParam().fault))));
}

INSTANTIATE_TEST_SUITE_P(
    CatalogReader, OneFault,
    ::testing::Values(
        Case{"stages: [stage.training]", "stages: [stage.trainin]",
             "small.yaml:32: no stage has the id 'stage.trainin'"},
        Case{"mitigations: [mitigation.sanitize]", "mitigations: [mitigation.gone]",
             "small.yaml:34: no mitigation has the id 'mitigation.gone'"},
        Case{"answered_by: [mitigation.sanitize]", "answered_by: [mitigation.gone]",
             "small.yaml:89: no mitigation has the id 'mitigation.gone'"},
        Case{"- {id: vulnerability.data, reason", "- {id: vulnerability.x, reason",
             "small.yaml:65: no vulnerability has the id 'vulnerability.x'"},
        Case{"mitigations:\n  - id: mitigation.sanitize", "techniques2: []\nmitigations:\n  - id: mitigation.sanitize",
             "unknown field 'techniques2'"},
        Case{"id: flow.shade", "id: shade", "small.yaml:69: the id 'shade' must begin with 'flow.'"},
        Case{"id: flow.shade", "id: flow.Shade", "'flow.Shade' is no id"},
        Case{"    title: Poisoning\n", "    titel: Poisoning\n    title: Poisoning\n",
             "small.yaml:23: unknown field 'titel'"},
        Case{"objective_by: ours", "objective_by: theirs",
             "small.yaml:26: 'objective_by' cannot be 'theirs'; it is one of published, ours"},
        Case{"access: [training_data]", "finding_sets: flown", "no asset has the state 'flown'"},
        Case{"access: [training_data]", "finding_from: high", "'finding_from' says nothing without 'finding_sets'"},
        Case{"access: [training_data]", "finding_from: sure", "'finding_from' cannot be 'sure'"},
        Case{"access: [training_data]", "access: [telepathy]", "'access' cannot be 'telepathy'"},
        Case{"summary: Bad records in.", "summary: Bad records in", "must be a sentence with a full stop"},
        Case{"    objective: maximize the loss\n", "", "'objective' is missing"},
        Case{"objective: maximize the loss", "objective: ''", "'objective' is empty"},
        Case{"by: ours}", "by: ''}", "'by' is empty"},
        Case{"- {axis: data_to_model, by", "- {axis: model_to_data, by", "nobody among 'axes' claims the primary axis"},
        Case{"AML.T0020", "AML.T20", "'AML.T20' has not the shape of an id of 'atlas'"},
        Case{"CWE-345", "CWE345", "'CWE345' has not the shape of an id of 'cwe'"},
        Case{"arXiv:1804.00792", "arXiv:1804.792", "has not the shape of an id of 'references'"},
        Case{"critical: true", "critical: maybe", "'critical' must be true or false"},
        Case{"harm: 0.6", "harm: 6", "harm stands on a scale from 0 to 1"},
        Case{"effort: 1,", "effort: cheap,", "'effort' must be a number"},
        Case{"effort: 1,", "effort: 9,", "costs stand on a scale from 0 to 5"},
        Case{"verbs: [detect]", "verbs: []", "a mitigation hardens, detects, isolates or evicts"},
        Case{"failures: 17, kind: published", "failures: 47, kind: published", "may weigh at most 20 trials, not 50"},
        Case{", kind: published, source: 'a table'}", ", kind: published}", "a published prior names its source"},
        Case{"successes: 1, failures: 1, kind: assumed", "successes: 0, failures: 1, kind: assumed", "above zero"},
        Case{"failures: 3, kind: assumed}", "failures: 3, kind: measured}", "what was measured stands in the evidence"},
        Case{"component: signal, modalities", "component: noise, modalities", "the component rule says 'signal' here"},
        Case{"row_class: Mislearning, capability", "row_class: Other, capability",
             "no component rule is for the class"},
        Case{"needs: [[Data, write]]", "needs: [[Data, poisoned]]",
             "small.yaml:84: an asset of kind 'dataset' has no state 'poisoned'"},
        Case{"needs: [[Data, write]]", "needs: [[Data]]", "'needs' must hold lists of 2 words"},
        Case{"ties: [[Model, trained_on, Data]]", "ties: [[Data, trained_on, Model]]",
             "no asset of kind 'dataset' trained_on one of kind 'model'"},
        Case{"ties: [[Model, trained_on, Data]]", "ties: []", "nothing binds 'Model', which gains"},
        Case{"gains: [Model, poisoned]", "gains: [Other, poisoned]", "'Other' is none of the rule's variables"},
        Case{"variables: {Data: dataset}", "variables: {Data: dataset, Model: model}",
             "the variable 'Model' is used nowhere"},
        Case{"traits: {Model: [federated]}", "traits: {Model: [flying]}",
             "an asset of kind 'model' has no trait 'flying'"},
        Case{"traits: {Model: [federated]}", "traits: {Other: [federated]}", "'Other' is none of the rule's variables"},
        Case{"id: step.entry.crawl", "id: step.crawl", "rules without needs are entries"},
        Case{"certain: true", "certain: true\n    prior: {successes: 1, failures: 1, kind: assumed}",
             "a step that is certain has no prior"},
        Case{"kind: attack", "kind: defense", "an entry that is a defense says so in its note"},
        Case{"node: poisoning.flip", "node: poisoning.flop", "no entry has the id 'poisoning.flop'"},
        Case{"edges: 636", "edges: -1", "'edges' must be a count"}));

TEST(CatalogReader, SaysWhereAnIdStandsAlready) {
  const std::vector<CatalogSource> sources = {
      {"a.yaml", "stages:\n  - {id: stage.a, title: A, summary: A., domain: training}\n"},
      {"b.yaml", "stages:\n\n  - {id: stage.a, title: B, summary: B., domain: training}\n"}};
  EXPECT_THAT(ReadCatalog(sources).faults, ElementsAre("b.yaml:3: the id 'stage.a' stands already in a.yaml:2"));
}

TEST(CatalogReader, CollectsAllFaults) {
  std::string text = Changed("objective_by: ours", "objective_by: theirs");
  text.replace(text.find("CWE-345"), 7, "CWE");
  text.replace(text.find("[[Data, write]]"), 15, "[[Data, fly]]");
  EXPECT_THAT(Read(text).faults, ElementsAre(HasSubstr("'theirs'"), HasSubstr("'CWE'"), HasSubstr("'fly'")));
}

TEST(CatalogReader, SaysWhereTextIsNoYaml) {
  EXPECT_THAT(Read("axes: [\n").faults, ElementsAre(HasSubstr("small.yaml:")));
  EXPECT_THAT(Read("axes: 3\n").faults, ElementsAre("small.yaml:1: 'axes' must be a list"));
  EXPECT_THAT(Read("- 3\n").faults, ElementsAre(HasSubstr("must be a map")));
  EXPECT_THAT(Read("axes:\n  - 3\n").faults, ElementsAre("small.yaml:2: an entry must be a map of fields"));
  EXPECT_THAT(Read("families:\n  - {id: {a: b}}\n").faults.front(), HasSubstr("small.yaml:2: 'id' must be a text"));
}

TEST(CatalogReader, SurvivesEveryTruncation) {
  for (std::size_t size = 0; size < kSmall.size(); ++size) Read(kSmall.substr(0, size));
}

TEST(CatalogReader, SurvivesChangedBytes) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text(kSmall);
    for (int flips = 0; flips < 3; ++flips) text[random() % text.size()] ^= static_cast<char>(1u << (random() % 7));
    Read(text);
  }
}

}  // namespace
}  // namespace ringfort::knowledge
