#include "base/text.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

TEST(Printable, LeavesPlainTextAloneAndEscapesTheRest) {
  EXPECT_EQ(Printable("caf\xC3\xA9"), "caf\xC3\xA9");
  EXPECT_EQ(Printable("a\nb\x1b[2J"), "a\\nb\\x1b[2J");
  EXPECT_EQ(Printable("\xFF\xC0\x80"), "\\xff\\xc0\\x80");
  EXPECT_EQ(Printable("x\xE2\x80\xAEy"), "x\\u{202e}y") << "a right-to-left override must not reach a terminal";
}

TEST(Printable, CutsLongText) { EXPECT_EQ(Printable("abcdef", 3), "abc..."); }

TEST(IsValidUtf8, RefusesOverlongAndSurrogates) {
  EXPECT_TRUE(IsValidUtf8("\xF0\x9F\x98\x80"));
  EXPECT_FALSE(IsValidUtf8("\xC0\xAF"));
  EXPECT_FALSE(IsValidUtf8("\xED\xA0\x80"));
  EXPECT_FALSE(IsValidUtf8("\xE2\x82"));
}

TEST(AppendUtf8, WritesEveryLength) {
  std::string text;
  for (const std::uint32_t code : {0x41u, 0xE9u, 0x20ACu, 0x1F600u, 0x110000u}) AppendUtf8(text, code);
  EXPECT_EQ(text, "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBD");
}

TEST(HumanBytes, PicksTheUnit) {
  EXPECT_EQ(HumanBytes(999), "999 B");
  EXPECT_EQ(HumanBytes(1234567), "1.2 MB");
  EXPECT_EQ(HumanBytes(999960), "1.0 MB");
}

}  // namespace
}  // namespace ringfort
