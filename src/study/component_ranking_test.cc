#include "study/component_ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "study/label_count.h"

namespace ringfort::study {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::Pair;

// b: two weaknesses (one critical) in two repositories; a and c: one each; one without.
std::vector<Occurrence> Sample() {
  return {
      {"CVE-1", "x/one", "b", Severity::kCritical, "i1"}, {"CVE-1", "x/two", "b", Severity::kCritical, "i2"},
      {"CVE-2", "x/one", "b", Severity::kLow, "i1"},      {"CVE-3", "x/one", "a", Severity::kHigh, "i3"},
      {"CVE-4", "x/two", "c", std::nullopt, ""},          {"CVE-5", "x/two", "[]", Severity::kLow, "i4"},
  };
}

TEST(ComponentRanking, CountsDistinctAndOrdersByWeaknessesThenName) {
  const auto ranking = RankComponents(Sample());
  EXPECT_THAT(ranking, ElementsAre(Field(&ComponentRank::component, "b"), Field(&ComponentRank::component, "[]"),
                                   Field(&ComponentRank::component, "a"), Field(&ComponentRank::component, "c")));
  EXPECT_EQ(ranking[0].weaknesses, 2u);
  EXPECT_EQ(ranking[0].critical, 1u);
  EXPECT_EQ(ranking[0].issues, 2u);
  EXPECT_EQ(ranking[0].repositories, 2u);
  EXPECT_EQ(ranking[0].occurrences, 3u);
  EXPECT_DOUBLE_EQ(ranking[0].issue_coverage(), 1);
  EXPECT_EQ(ranking[3].issues, 0u);
  EXPECT_TRUE(RankComponents({}).empty());
}

TEST(ComponentRanking, ThePlaceholderCanBeTakenOut) {
  const auto ranking = WithoutPlaceholder(RankComponents(Sample()));
  ASSERT_EQ(ranking.size(), 3u);
  for (const ComponentRank& rank : ranking) EXPECT_NE(rank.component, kNoComponent);
}

TEST(ComponentRanking, HubsAreOrderedByRepositories) {
  const std::vector<Occurrence> occurrences = {
      {"1", "r", "many", {}, ""}, {"2", "r", "many", {}, ""}, {"3", "r", "wide", {}, ""}, {"3", "s", "wide", {}, ""}};
  const auto hubs = OrderedByRepositories(RankComponents(occurrences));
  ASSERT_EQ(hubs.size(), 2u);
  EXPECT_EQ(hubs[0].component, "wide");
}

TEST(ComponentRanking, PartsOfTheWhole) {
  const auto ranking = RankComponents(Sample());
  EXPECT_EQ(WeaknessesOfFirst(ranking, 0), 0u);
  EXPECT_EQ(WeaknessesOfFirst(ranking, 2), 3u);
  EXPECT_EQ(WeaknessesOfFirst(ranking, 99), 5u);
  EXPECT_EQ(ComponentsForShare(ranking, 0.4, 5), 1u);
  EXPECT_EQ(ComponentsForShare(ranking, 0.41, 5), 2u);
  EXPECT_EQ(ComponentsForShare(ranking, 1, 5), 4u);
  EXPECT_EQ(ComponentsForShare(ranking, 1, 6), std::nullopt);
  EXPECT_EQ(ComponentsForShare({}, 0.8, 0), std::nullopt);
}

ComponentRank Point(std::uint64_t x, std::uint64_t y) { return {.component = "c", .weaknesses = x, .issues = y}; }

TEST(ComponentRanking, FitsALine) {
  const std::vector<ComponentRank> exact = {Point(1, 5), Point(2, 7), Point(4, 11)};
  const auto line = FitIssuesOnWeaknesses(exact);
  ASSERT_TRUE(line);
  EXPECT_NEAR(line->slope, 2, 1e-12);
  EXPECT_NEAR(line->intercept, 3, 1e-12);
  EXPECT_NEAR(line->At(10), 23, 1e-12);
  // By hand: mean x 2, mean y 2, products 1, squares 2.
  const std::vector<ComponentRank> scattered = {Point(1, 1), Point(2, 3), Point(3, 2)};
  EXPECT_NEAR(FitIssuesOnWeaknesses(scattered)->slope, 0.5, 1e-12);
  EXPECT_NEAR(FitIssuesOnWeaknesses(scattered)->intercept, 1, 1e-12);
}

TEST(ComponentRanking, NoLineThroughOneColumn) {
  EXPECT_FALSE(FitIssuesOnWeaknesses({}));
  const std::vector<ComponentRank> column = {Point(2, 1), Point(2, 5)};
  EXPECT_FALSE(FitIssuesOnWeaknesses(column));
}

TEST(LabelCount, SplitsTrimsAndCollapses) {
  const auto counts =
      CountLabels({"Use-after-free  attack , Denial of Service (DoS)", " Use-after-free attack", ",, ", ""});
  EXPECT_THAT(counts, ElementsAre(Pair("Use-after-free attack", 2u), Pair("Denial of Service (DoS)", 1u)));
  EXPECT_EQ(CountOf(counts, "Use-after-free attack"), 2u);
  EXPECT_EQ(CountOf(counts, "none"), 0u);
  EXPECT_EQ(CountOf(CountLabels({"a, a"}), "a"), 2u);
}

}  // namespace
}  // namespace ringfort::study
