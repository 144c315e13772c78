#include "study/exposure_graph.h"

#include <gtest/gtest.h>

#include "study/exposure.h"

namespace ringfort::study {
namespace {

// Two islands; the placeholder ties them together.
const std::vector<Occurrence> kIslands = {
    {"CVE-1", "a/a", "x", Severity::kCritical, "i1"}, {"CVE-2", "a/a", "x", Severity::kHigh, "i1"},
    {"CVE-1", "a/a", "x", Severity::kCritical, "i2"}, {"CVE-3", "b/b", "y", Severity::kLow, "i3"},
    {"CVE-4", "a/a", "[]", std::nullopt, ""},         {"CVE-5", "b/b", "[]", std::nullopt, ""},
};

TEST(ExposureGraph, CountsDistinctNodesAndEdges) {
  const GraphSize with = MeasureExposureGraph(kIslands, Placeholder::kCounted);
  EXPECT_EQ(with.nodes, 2u + 5u + 3u);
  EXPECT_EQ(with.edges, 5u + 5u);
  EXPECT_EQ(with.components, 1u);
  EXPECT_EQ(with.giant, 10u);
  const GraphSize without = MeasureExposureGraph(kIslands, Placeholder::kLeftOut);
  EXPECT_EQ(without.nodes, 9u);
  EXPECT_EQ(without.edges, 8u);
  EXPECT_EQ(without.components, 2u);
  EXPECT_EQ(without.giant, 5u);
}

TEST(ExposureGraph, ARepositoryAndAComponentOfOneNameAreTwoNodes) {
  const std::vector<Occurrence> same = {{"n", "n", "n", std::nullopt, ""}};
  EXPECT_EQ(MeasureExposureGraph(same, Placeholder::kCounted).nodes, 3u);
}

TEST(ExposureGraph, WithoutOccurrences) {
  const GraphSize none = MeasureExposureGraph({}, Placeholder::kCounted);
  EXPECT_EQ(none.nodes + none.edges + none.components + none.giant, 0u);
  EXPECT_TRUE(FindExposureCommunities({}, 1).communities.empty());
  EXPECT_EQ(AnalyzeExposure({}, 1).ranking.size(), 0u);
}

TEST(ExposureGraph, IslandsAreCommunities) {
  const ExposureCommunities found = FindExposureCommunities(kIslands, 7);
  ASSERT_GE(found.communities.size(), 2u);
  EXPECT_EQ(found.seed, 7u);
  EXPECT_GT(found.modularity, 0.3);
  std::uint64_t nodes = 0, weaknesses = 0, repositories = 0, components = 0, critical = 0;
  for (const ExposureCommunity& one : found.communities) {
    nodes += one.nodes;
    weaknesses += one.weaknesses;
    repositories += one.repositories;
    components += one.components;
    critical += one.critical;
    EXPECT_EQ(one.nodes, one.weaknesses + one.repositories + one.components);
  }
  EXPECT_EQ(nodes, 9u);
  EXPECT_EQ(weaknesses, 5u);
  EXPECT_EQ(repositories, 2u);
  EXPECT_EQ(components, 2u);
  EXPECT_EQ(critical, 1u);
}

TEST(Exposure, CountsAWeaknessUnderItsWorstSeverity) {
  const std::vector<Occurrence> two = {{"w", "r", "c", Severity::kLow, ""}, {"w", "r", "c", Severity::kHigh, ""}};
  const Exposure exposure = AnalyzeExposure(two, 1);
  EXPECT_EQ(exposure.weaknesses_by_severity, (std::array<std::uint64_t, 4>{0, 0, 1, 0}));
  EXPECT_EQ(exposure.occurrences_by_severity, (std::array<std::uint64_t, 4>{1, 0, 1, 0}));
  EXPECT_EQ(exposure.weaknesses_of_two_severities, 1u);
  EXPECT_EQ(exposure.weaknesses, 1u);
  EXPECT_EQ(exposure.weaknesses_without_severity, 0u);
  EXPECT_EQ(AnalyzeExposure(kIslands, 1).weaknesses_without_severity, 2u);
  EXPECT_FALSE(exposure.fit) << "no issues, so no regression on them";
}

}  // namespace
}  // namespace ringfort::study
