#include "detectors/look_alikes.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace ringfort::detectors {
namespace {

TEST(PlainLetters, UndoesEveryLookAlike) {
  for (char letter = 'A'; letter <= 'z'; ++letter) {
    const std::uint32_t other = LookAlikeOf(letter);
    if (other == 0) continue;
    std::string text;
    AppendUtf8(text, other);
    EXPECT_EQ(PlainLetters(text), std::string(1, letter));
    EXPECT_EQ(PlainLetters("x" + text + "y"), std::string("x") + letter + "y");
  }
  EXPECT_NE(LookAlikeOf('a'), 0U);
  EXPECT_EQ(LookAlikeOf('1'), 0U);
  EXPECT_EQ(LookAlikeOf('\xC3'), 0U);
}

TEST(PlainLetters, DropsWhatNobodySees) {
  EXPECT_EQ(PlainLetters("a\xE2\x80\x8B"
                         "b \xF0\x9F\x98\x80"
                         "c\xEF\xB8\x8F\xC2\xAD!"),
            "ab c!");
  EXPECT_EQ(PlainLetters("a\xC2\xA0"
                         "b\xE3\x80\x80"
                         "c"),
            "a b c");
  EXPECT_EQ(PlainLetters("\xEF\xBD\x81\xEF\xBC\x81 \xF0\x9D\x90\x80\xF0\x9D\x90\x9A"), "a! Aa");
}

TEST(PlainLetters, LeavesOtherScriptsAlone) {
  const std::string russian = "\xD1\x81\xD0\xBE\xD0\xBD \xD0\xB6\xD1\x83\xD0\xBA";  // with letters that ASCII lacks
  EXPECT_EQ(PlainLetters(russian), russian);
  EXPECT_EQ(PlainLetters(russian + " \xD1\x81"
                                   "at"),
            russian + " cat")
      << "one word is in disguise";
  const std::string others = "caf\xC3\xA9 \xE4\xBD\xA0\xE5\xA5\xBD \xC3\x9F";
  EXPECT_EQ(PlainLetters(others), others);
}

TEST(PlainLetters, BearsWhatIsNoText) {
  EXPECT_EQ(PlainLetters(""), "");
  EXPECT_EQ(PlainLetters("a\xFF\xD1"), "a\xFF\xD1");
  EXPECT_EQ(PlainLetters("\xF0\x9F\x98"), "\xF0\x9F\x98");
  EXPECT_EQ(PlainLetters("\xC0\x80\xED\xA0\x80"), "\xC0\x80\xED\xA0\x80");
}

}  // namespace
}  // namespace ringfort::detectors
