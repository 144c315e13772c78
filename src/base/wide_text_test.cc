#include "base/wide_text.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

using namespace std::string_literals;

TEST(DecodeWideText, KnowsEveryEncodingThatPythonGuesses) {
  EXPECT_EQ(DecodeWideText("{\0}\0"s), "{}");
  EXPECT_EQ(DecodeWideText("\0{\0}"s), "{}");
  EXPECT_EQ(DecodeWideText("{\0\0\0}\0\0\0"s), "{}");
  EXPECT_EQ(DecodeWideText("\0\0\0{\0\0\0}"s), "{}");
  EXPECT_EQ(DecodeWideText("\xFF\xFE{\0}\0"s), "{}");
  EXPECT_EQ(DecodeWideText("\xFE\xFF\0{\0}"s), "{}");
  EXPECT_EQ(DecodeWideText("\xFF\xFE\0\0{\0\0\0"s), "{");
  EXPECT_EQ(DecodeWideText("\0\0\xFE\xFF\0\0\0{"s), "{");
}

TEST(DecodeWideText, JoinsSurrogatesAndReplacesHalves) {
  EXPECT_EQ(DecodeWideText("\xFF\xFE\x3D\xD8\x00\xDE"s), "\xF0\x9F\x98\x80");
  EXPECT_EQ(DecodeWideText("\xFF\xFE\x3D\xD8x\0"s), "\xEF\xBF\xBDx");
  EXPECT_EQ(DecodeWideText("\xFF\xFEx\0y"s), "x") << "an unfinished unit";
}

TEST(DecodeWideText, LeavesOtherTextAlone) {
  for (const std::string& text : {""s, "{}"s, "{\"a\": 1}"s, "\0\0\0\0"s, "ab\0\0"s, "\x89HDF"s})
    EXPECT_EQ(DecodeWideText(text), std::nullopt);
}

}  // namespace
}  // namespace ringfort
