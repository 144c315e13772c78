#include "documents/table.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

TEST(Table, ReadsQuotesLineFeedsAndBlanks) {
  const Result<Table> table = ReadCommaSeparated(
      "\xEF\xBB\xBF"
      "id,name ,note\r\n1,\"a, b\",\"two\nlines\"\r\n\n2,\"say \"\"x\"\"\",\r\n",
      "t.csv");
  ASSERT_TRUE(table.ok()) << table.error().what;
  EXPECT_EQ(table.value().Column("id"), 0u);
  EXPECT_EQ(table.value().Column("name"), 1u);
  EXPECT_FALSE(table.value().Column("nothing"));
  ASSERT_EQ(table.value().rows.size(), 2u);
  EXPECT_EQ(table.value().rows[0].cells[1], "a, b");
  EXPECT_EQ(table.value().rows[0].cells[2], "two\nlines");
  EXPECT_EQ(table.value().rows[1].cells[1], "say \"x\"");
  EXPECT_EQ(table.value().rows[1].cells[2], "");
  EXPECT_EQ(table.value().rows[1].line, 5u) << "lines inside a quoted cell count";
}

TEST(Table, LeavesOutRowsOfAnotherWidthAndSaysSo) {
  const Result<Table> table = ReadCommaSeparated("a,b\n1\n1,2\n1,2,3\n", "t.csv");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table.value().rows.size(), 1u);
  EXPECT_EQ(table.value().faults,
            (std::vector<std::string>{"t.csv:2: 1 cells, the header has 2", "t.csv:4: 3 cells, the header has 2"}));
}

TEST(Table, TabsKnowNoQuotes) {
  const Result<Table> table = ReadTabSeparated("a\tb\n\"x\ty\"\n", "t.tsv");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table.value().rows[0].cells, (std::vector<std::string>{"\"x", "y\""}));
}

TEST(Table, ErrorsNameThePlace) {
  EXPECT_EQ(ReadCommaSeparated("", "t.csv").error().what, "t.csv:1: no header line");
  EXPECT_EQ(ReadCommaSeparated("a\n\"open\n", "t.csv").error().what, "t.csv:2: a quoted cell does not end");
  EXPECT_EQ(ReadCommaSeparated("a\nb\nc\n", "t.csv", {.bytes = 100, .cells = 2}).error().what,
            "t.csv:3: more than 2 cells");
  EXPECT_EQ(ReadCommaSeparated("abc", "t.csv", {.bytes = 2, .cells = 2}).error().what, "t.csv: 3 bytes, limit 2");
}

TEST(Table, EveryTruncationIsReadOrRefused) {
  const std::string text = "a,b\n\"x\"\"y\",2\r\n3,\"4\n5\"\n";
  for (std::size_t n = 0; n <= text.size(); ++n) (void)ReadCommaSeparated(std::string_view(text).substr(0, n), "t");
  EXPECT_EQ(ReadCommaSeparated(text, "t").value().rows.size(), 2u);
}

}  // namespace
}  // namespace ringfort
