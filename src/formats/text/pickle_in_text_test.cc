#include "formats/text/pickle_in_text.h"

#include <gtest/gtest.h>

namespace ringfort::formats {
namespace {

TEST(PickleInText, FindsTheThreeSpellings) {
  const std::string raw(
      "\x80\x02"
      "cacme\nload\n)R.",
      16);
  EXPECT_EQ(PickleInText(raw), raw);
  EXPECT_EQ(PickleInText("gAJjYWNtZQpsb2FkCilSLg=="), raw);
  EXPECT_EQ(PickleInText("gAJjYWNtZQps\nb2FkCilSLg"), raw);
  EXPECT_EQ(PickleInText("80026361636d650a6c6f61640a29522e"), raw);
}

TEST(PickleInText, KnowsEveryProtocolWithASignature) {
  for (char protocol = 0; protocol < 8; ++protocol) {
    const std::string raw = std::string("\x80") + protocol + "cacme\nload\n)R.";
    EXPECT_EQ(PickleInText(raw).has_value(), protocol >= 2 && protocol <= 5) << int(protocol);
  }
}

TEST(PickleInText, LeavesWordsAndNumbersAlone) {
  for (const std::string_view text :
       {"", "gA", "gAS", "gAteway to the west coast", "gAJjYWNtZQ==", "800", "8002", "800263", "8002 people live here.",
        "80026361636d650a6c6f61640a29522", "cos\nsystem\n(tR.", "apache-2.0"})
    EXPECT_FALSE(PickleInText(text)) << text;
}

// A payload runs before a loader meets the missing end.
TEST(PickleInText, TakesAPickleWithoutItsEnd) {
  const std::string encoded = "gAJjYWNtZQpsb2FkCilSLg==";
  for (std::size_t size = 0; size <= encoded.size(); ++size)
    EXPECT_EQ(PickleInText(encoded.substr(0, size)).has_value(), size >= 16) << size;
}

}  // namespace
}  // namespace ringfort::formats
