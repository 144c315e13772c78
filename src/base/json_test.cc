#include "base/json.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

TEST(ParseJson, KeepsOrderAndSaysWhereItFailed) {
  const auto parsed = ParseJson(R"({"b": [1, "two", null], "a": {"x": 1.5}})");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.value().dump(), R"({"b":[1,"two",null],"a":{"x":1.5}})");
  const auto broken = ParseJson(R"({"a": ?})");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().offset, 6u);
}

TEST(ParseJson, BoundsDepthValuesAndBytes) {
  EXPECT_EQ(ParseJson(std::string(100000, '[')).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(ParseJson("[1,2,3]", {.values = 3}).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(ParseJson("[1,2,3]", {.bytes = 3}).error().fault, Fault::kLimitExceeded);
}

TEST(ParseJson, TheLastOfDuplicateKeysStands) {
  bool duplicates = false;
  const auto parsed = ParseJson(R"({"a": 1, "a": 2})", {}, &duplicates);
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(duplicates);
  EXPECT_EQ(parsed.value()["a"], 2);
  EXPECT_EQ(parsed.value().size(), 1u);
}

TEST(TextMember, IsEmptyForWhatIsNotThere) {
  const Json object = {{"a", "x"}, {"b", 1}};
  EXPECT_EQ(TextMember(object, "a"), "x");
  EXPECT_EQ(TextMember(object, "b"), "");
  EXPECT_EQ(TextMember(Json::array(), "a"), "");
}

}  // namespace
}  // namespace ringfort
