#include "attack_graph/attack_graph_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "attack_graph/propagation.h"

namespace ringfort::attack_graph {
namespace {

std::string ErrorOf(std::string_view text) {
  const Result<AttackGraphFile> file = ReadAttackGraph(text, "g.tsv");
  return file.ok() ? "none" : file.error().what;
}

TEST(AttackGraphFile, ReadsStepsAndNames) {
  const std::string text = "# a chain\n\treach\t1\nreach\tquery\t0.5\t2\r\n\nquery,reach\tcopy\t0.25\n";
  const Result<AttackGraphFile> file = ReadAttackGraph(text, "g.tsv");
  ASSERT_TRUE(file.ok()) << file.error().what;
  const AttackGraph& graph = file.value().graph;
  EXPECT_EQ(graph.fact_count(), 3u);
  EXPECT_EQ(graph.step_count(), 3u);
  EXPECT_EQ(graph.Cost(1), 2);
  EXPECT_EQ(graph.Premises(2).size(), 2u);
  const Fact copy = file.value().names.Find("copy");
  EXPECT_EQ(file.value().names.Name(copy), "copy");
  EXPECT_EQ(file.value().names.Find("nothing"), kNone);
  EXPECT_DOUBLE_EQ(ExactPropagation(graph).value()[copy], 0.125);
}

TEST(AttackGraphFile, FaultsNameTheirLine) {
  EXPECT_EQ(ErrorOf("\ta\t1\nb"),
            "g.tsv:2: no conclusion; a line is premises, conclusion, probability, parted by tabs");
  EXPECT_EQ(ErrorOf("\ta\t1.5"), "g.tsv:1: the probability is no number in [0, 1]");
  EXPECT_EQ(ErrorOf("\ta\tnan"), "g.tsv:1: the probability is no number in [0, 1]");
  EXPECT_EQ(ErrorOf("\ta\t"), "g.tsv:1: the probability is no number in [0, 1]");
  EXPECT_EQ(ErrorOf("\ta\t1\t-1"), "g.tsv:1: the cost is no number >= 0");
  EXPECT_EQ(ErrorOf("\ta\t1\t1\tx"), "g.tsv:1: more than four fields");
  EXPECT_EQ(ErrorOf("a,,b\tc\t1"), "g.tsv:1: a premise has no name");
  EXPECT_EQ(ErrorOf(""), "none");
}

TEST(AttackGraphFile, ManyNamesStayApart) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += fmt::format("n{}\tn{}\t0.5\n", i, i + 1);
  const Result<AttackGraphFile> file = ReadAttackGraph(text, "g.tsv");
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(file.value().names.size(), 20'001u);
  for (int i = 0; i <= 20'000; i += 997)
    EXPECT_EQ(file.value().names.Name(file.value().names.Find(fmt::format("n{}", i))), fmt::format("n{}", i));
}

// A short name is held whole, a longer one by its hash; a zero byte is a byte.
TEST(AttackGraphFile, NamesOfAllLengthsStayApart) {
  std::vector<std::string> names;
  for (const std::string stem : {"x", "abcdefghijkl"})
    for (std::size_t length = 1; length <= 12; ++length) {
      std::string name = stem.substr(0, length);
      name.resize(length, '\0');
      names.push_back(name);
      names.push_back(name.substr(0, length - 1) + "z");
    }
  std::string text;
  for (const std::string& name : names) text += "\t" + name + "\t0.5\n";
  const Result<AttackGraphFile> file = ReadAttackGraph(text, "g.tsv");
  ASSERT_TRUE(file.ok()) << file.error().what;
  const std::set<std::string> different(names.begin(), names.end());
  EXPECT_EQ(file.value().names.size(), different.size());
  for (const std::string& name : names) EXPECT_EQ(file.value().names.Name(file.value().names.Find(name)), name);
  EXPECT_EQ(file.value().names.Find(""), kNone);
  EXPECT_EQ(file.value().names.Find("abcdefgh_"), kNone);
}

TEST(AttackGraphFile, EveryTruncationIsReadOrRefused) {
  const std::string text = "\ta\t1\na,b\tc\t0.5\t1e2\n";
  for (std::size_t n = 0; n <= text.size(); ++n) (void)ReadAttackGraph(std::string_view(text).substr(0, n), "g");
}

}  // namespace
}  // namespace ringfort::attack_graph
