#include "application/distill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace ringfort {
namespace {

using testing::HasSubstr;
using testing::Not;

DistillResult Marked(double in_marked, double in_copy) {
  DistillResult result{.target = "t.gguf", .prompts = 3, .probes = 50, .queries = 4};
  result.copies = {{.queries = 3, .first_word = 0.1, .loss = 3.5}};
  result.marks = MarksFound{.bare = {.scored = 1303, .statistic = 314, .z = -0.75, .probability = 0.78},
                            .marked = {.scored = 1221, .statistic = 1057, .z = 49.7, .probability = in_marked},
                            .copy = {.scored = 1215, .statistic = 367, .z = 4.19, .probability = in_copy}};
  return result;
}

// Where a double ends no chance is told, but that it is less.
TEST(WriteDistill, NoChanceIsToldAsZero) {
  for (const double least : {0.0, 5e-324, 9.9e-301}) {
    const DistillResult result = Marked(least, 2.3e-5);
    EXPECT_THAT(WriteDistillTable(result),
                HasSubstr("1057 of  1221 pairs green (0.866)  z  49.70  probability by chance < 1e-300\n"));
    EXPECT_THAT(WriteDistillTable(result), HasSubstr("(0.302)  z   4.19  probability by chance 2.3e-05\n"));
    const Json marks = ParseJson(WriteDistillJson(result)).value()["watermark"];
    EXPECT_TRUE(marks["marked"]["probability"].is_null());
    EXPECT_EQ(marks["marked"]["probability_below"], 1e-300);
    EXPECT_EQ(marks["copy"]["probability"], 2.3e-5);
    EXPECT_FALSE(marks["copy"].contains("probability_below"));
  }
  const DistillResult told = Marked(1.1e-300, 0.5);
  EXPECT_THAT(WriteDistillTable(told), HasSubstr("chance 1.1e-300\n"));
  EXPECT_EQ(ParseJson(WriteDistillJson(told)).value()["watermark"]["marked"]["probability"], 1.1e-300);
}

TEST(WriteDistill, AnEmptyTextHasNoShareOfGreenPairs) {
  DistillResult result = Marked(0.5, 0.5);
  result.marks->copy = {};
  EXPECT_THAT(WriteDistillTable(result), HasSubstr("0 of     0 pairs green (0.000)"));
  result.marks.reset();
  EXPECT_THAT(WriteDistillTable(result), Not(HasSubstr("green")));
}

}  // namespace
}  // namespace ringfort
