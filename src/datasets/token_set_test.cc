#include "datasets/token_set.h"

#include <gtest/gtest.h>

namespace ringfort::datasets {
namespace {

TEST(TokenSet, ReadsLinesOfNumbers) {
  const auto set = ParseTokenSet("1 2,3\r\n\n  \n 2147483647\n", "a.txt");
  ASSERT_TRUE(set.ok()) << set.error().what;
  EXPECT_EQ(set.value(), (std::vector<TokenSample>{{"1", {1, 2, 3}}, {"4", {2147483647}}}));
  EXPECT_TRUE(ParseTokenSet("", "a.txt").value().empty());
}

TEST(TokenSet, ReadsObjects) {
  const auto set = ParseTokenSet(
      "{\"tokens\": [5, 6], \"id\": \"first\", \"text\": \"x\"}\n{\"tokens\": []}\n{\"id\": 9, \"tokens\": [0]}",
      "a.jsonl");
  ASSERT_TRUE(set.ok()) << set.error().what;
  EXPECT_EQ(set.value(), (std::vector<TokenSample>{{"first", {5, 6}}, {"9", {0}}}));
}

TEST(TokenSet, SaysWhereItIsWrong) {
  for (const char* wrong : {"1 2\n3 x", "1\n-4", "1\n2147483648", "1\n99999999999999999999", "1\n0x4", "1\n1.5"}) {
    const auto set = ParseTokenSet(wrong, "a.txt");
    ASSERT_FALSE(set.ok()) << wrong;
    EXPECT_TRUE(set.error().what.starts_with("a.txt:2: ")) << set.error().what;
  }
  for (const char* wrong :
       {"{\"tokens\": [1.5]}", "{\"tokens\": [-1]}", "{\"tokens\": [2147483648]}", "{\"tokens\": 5}",
        "{\"tokens\": [\"a\"]}", "[1]", "{", "{\"tokens\": [null]}", "{\"tokens\": [1e3]}"})
    EXPECT_EQ(ParseTokenSet(wrong, "a.jsonl").error().fault, Fault::kInvalidInput) << wrong;
  EXPECT_FALSE(ParseTokenSet("{\"id\":\"a\",\"tokens\":[1]}\n{\"id\":\"a\",\"tokens\":[2]}", "a.jsonl").ok());
  EXPECT_FALSE(ReadTokenSet("no such file").ok());
}

TEST(TokenSet, HoldsItsBounds) {
  EXPECT_EQ(ParseTokenSet("1\n2\n3", "a", {.samples = 2}).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(ParseTokenSet("1 2 3", "a", {.tokens = 2}).error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::datasets
