#include "threat_model/defense_coverage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ringfort {
namespace {

using knowledge::Catalog;
using knowledge::ChannelComponent;
using knowledge::Mitigation;
using knowledge::TaxonomyRow;

TaxonomyRow Row(std::string id, ChannelComponent component, std::vector<std::string> flows, std::string family) {
  TaxonomyRow row;
  row.id = std::move(id);
  row.component = component;
  row.flows = std::move(flows);
  row.family = std::move(family);
  return row;
}

Mitigation Answer(std::string id, ChannelComponent component, std::vector<std::string> families) {
  Mitigation mitigation;
  mitigation.id = std::move(id);
  mitigation.channel = {component};
  mitigation.families = std::move(families);
  mitigation.residual = {1, 3, Provenance::kPublished, "a paper", ""};  // a quarter gets through
  mitigation.residual_adaptive = {2, 2, Provenance::kAssumed, "", ""};  // a half
  return mitigation;
}

// Four rows: noise x Input twice (evasion, jailbreak), noise x Input and Output (evasion),
// bandwidth x Action (agent_abuse).
Catalog Small() {
  Catalog catalog;
  catalog.families.resize(3);
  catalog.families[0].id = "evasion";
  catalog.families[1].id = "jailbreak";
  catalog.families[2].id = "agent_abuse";
  catalog.taxonomy = {Row("a", ChannelComponent::kNoise, {"Input"}, "evasion"),
                      Row("b", ChannelComponent::kNoise, {"Input"}, "jailbreak"),
                      Row("c", ChannelComponent::kNoise, {"Input", "Output"}, "evasion"),
                      Row("d", ChannelComponent::kBandwidth, {"Action"}, "agent_abuse")};
  catalog.mitigations = {Answer("smooth", ChannelComponent::kNoise, {"evasion"}),
                         Answer("both", ChannelComponent::kNoise, {"evasion", "jailbreak"}),
                         Answer("wrong_component", ChannelComponent::kBandwidth, {"evasion", "jailbreak"}),
                         Answer("gate", ChannelComponent::kBandwidth, {"agent_abuse"})};
  return catalog;
}

DefenseCoverage Of(const Catalog& catalog, std::string_view id, const CoverageOptions& options = {}) {
  const auto all = FindDefenseCoverage(catalog, options);
  EXPECT_TRUE(all.ok()) << all.error().what;
  for (const DefenseCoverage& one : all.value())
    if (one.mitigation->id == id) return one;
  ADD_FAILURE() << "not there";
  return {};
}

TEST(DefenseCoverage, IsTheShareOfRowsThatAreStopped) {
  const Catalog catalog = Small();
  // Rows a and c, of four, and of these three quarters are stopped.
  const DefenseCoverage smooth = Of(catalog, "smooth");
  EXPECT_DOUBLE_EQ(smooth.covered, 0.5);
  EXPECT_DOUBLE_EQ(smooth.naive.value, 0.375);
  EXPECT_DOUBLE_EQ(smooth.adaptive.value, 0.25);
  EXPECT_EQ(smooth.naive.ground, Provenance::kPublished);
  EXPECT_EQ(smooth.adaptive.ground, Provenance::kAssumed);
  ASSERT_EQ(smooth.cells.size(), 3u);
  EXPECT_EQ(smooth.cells[0].component, ChannelComponent::kNoise);
  EXPECT_EQ(smooth.cells[0].flow, "Input");
  EXPECT_DOUBLE_EQ(smooth.cells[0].weight, 2.5 / 4);
  EXPECT_DOUBLE_EQ(smooth.cells[0].rows, 2.5);
  EXPECT_DOUBLE_EQ(smooth.cells[0].answered, 1.5);
  EXPECT_DOUBLE_EQ(smooth.cells[1].answered, 0.5);
  EXPECT_DOUBLE_EQ(smooth.cells[2].answered, 0);
  EXPECT_DOUBLE_EQ(Of(catalog, "wrong_component").naive.value, 0) << "its families are there, on another component";
}

TEST(DefenseCoverage, TheIntervalIsThatOfTheBeta) {
  const DefenseCoverage gate = Of(Small(), "gate");
  const auto belief = statistics::BetaPosterior::Create(2, 2).value().CredibleInterval();
  EXPECT_DOUBLE_EQ(gate.adaptive.low, 0.25 * (1 - belief.upper));
  EXPECT_DOUBLE_EQ(gate.adaptive.high, 0.25 * (1 - belief.lower));
}

TEST(DefenseCoverage, TheWidestStandFirst) {
  const Catalog catalog = Small();
  const auto all = FindDefenseCoverage(catalog);
  ASSERT_TRUE(all.ok());
  std::vector<std::string> order;
  for (const DefenseCoverage& one : all.value()) order.push_back(one.mitigation->id);
  EXPECT_EQ(order, (std::vector<std::string>{"both", "smooth", "gate", "wrong_component"}));
}

TEST(DefenseCoverage, TheCallerMayWeighCells) {
  CoverageOptions options;
  options.weights = {{ChannelComponent::kNoise, "Input", 1}, {ChannelComponent::kBandwidth, "Action", 3}};
  EXPECT_DOUBLE_EQ(Of(Small(), "gate", options).covered, 0.75);
  EXPECT_DOUBLE_EQ(Of(Small(), "smooth", options).covered, 0.25 * 1.5 / 2.5);
}

TEST(DefenseCoverage, WhatWasMeasuredReplacesTheCatalog) {
  const auto posterior = [](double a, double b) { return statistics::BetaPosterior::Create(a, b).value(); };
  CoverageOptions options;
  options.residuals = {{"both", "", true, posterior(9, 1), Provenance::kMeasured},
                       {"both", "jailbreak", true, posterior(1, 9), Provenance::kMeasured},
                       {"gate", "", true, posterior(1, 1), Provenance::kMeasured}};
  const DefenseCoverage both = Of(Small(), "both", options);
  // Half of all rows are evasion, a quarter jailbreak.
  EXPECT_DOUBLE_EQ(both.adaptive.value, 0.5 * 0.1 + 0.25 * 0.9);
  EXPECT_EQ(both.adaptive.ground, Provenance::kMeasured);
  EXPECT_DOUBLE_EQ(both.naive.value, 0.75 * 0.75) << "measured against others";
  std::swap(options.residuals[0], options.residuals[1]);
  EXPECT_DOUBLE_EQ(Of(Small(), "both", options).adaptive.value, 0.5 * 0.1 + 0.25 * 0.9) << "in any order";
}

TEST(DefenseCoverage, FaultsAreNamed) {
  const auto fault = [](CoverageOptions options) {
    const Catalog catalog = Small();
    const auto all = FindDefenseCoverage(catalog, options);
    return all.ok() ? "none" : all.error().what;
  };
  EXPECT_EQ(fault({{"nonesuch"}, {}, {}}), "the catalog knows no mitigation 'nonesuch'");
  EXPECT_EQ(fault({{}, {{ChannelComponent::kSignal, "Input", 1}}, {}}), "the catalog knows no cell 'signal x Input'");
  EXPECT_EQ(fault({{}, {{ChannelComponent::kNoise, "Input", -1}}, {}}), "-1 is no weight of a cell");
  EXPECT_EQ(fault({{}, {{ChannelComponent::kNoise, "Input", std::nan("")}}, {}}), "nan is no weight of a cell");
  EXPECT_EQ(fault({{}, {{ChannelComponent::kNoise, "Input", 0}}, {}}),
            "no cell has a weight, so nothing can be covered");
  EXPECT_EQ(fault({{}, {}, {{"smoth", "", true, {}, Provenance::kMeasured}}}),
            "the catalog knows no mitigation 'smoth'");
  EXPECT_EQ(fault({{}, {}, {{"smooth", "weather", true, {}, Provenance::kMeasured}}}),
            "the catalog knows no family 'weather'");
}

// By brute force over the rows of the catalog itself.
TEST(DefenseCoverage, AgreesWithACountOfTheCatalog) {
  const Catalog& catalog = knowledge::BuiltinCatalog();
  const auto all = FindDefenseCoverage(catalog);
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all.value().size(), catalog.mitigations.size());
  std::size_t useful = 0;
  for (const DefenseCoverage& one : all.value()) {
    double rows = 0;
    for (const TaxonomyRow& row : catalog.taxonomy) {
      const Mitigation& m = *one.mitigation;
      if (std::count(m.channel.begin(), m.channel.end(), row.component) > 0 &&
          std::count(m.families.begin(), m.families.end(), row.family) > 0)
        rows += 1;
    }
    const double share = rows / static_cast<double>(catalog.taxonomy.size());
    EXPECT_NEAR(one.covered, share, 1e-12) << one.mitigation->id;
    EXPECT_NEAR(one.naive.value, share * (1 - one.mitigation->residual.mean()), 1e-12);
    EXPECT_NEAR(one.adaptive.value, share * (1 - one.mitigation->residual_adaptive.mean()), 1e-12);
    EXPECT_LE(one.adaptive.low, one.adaptive.value);
    EXPECT_LE(one.adaptive.value, one.adaptive.high);
    EXPECT_LE(one.adaptive.high, 1);
    double weight = 0;
    for (const DefenseCoverage::Cell& cell : one.cells) weight += cell.weight;
    EXPECT_NEAR(weight, 1, 1e-12);
    useful += one.covered > 0;
  }
  EXPECT_GT(useful, 20u);
}

}  // namespace
}  // namespace ringfort
