#include "attacks/data_to_data/look_alike_characters.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "detectors/look_alikes.h"

namespace ringfort::attacks::data_to_data {
namespace {

const std::string kText = "The old dog, it ran away. So be it, in the year 1847: caf\xC3\xA9!";

TEST(Disguise, IsUndoneByPlainLetters) {
  for (const double share : {0.1, 0.5, 1.0}) {
    const std::string disguised = Disguise(kText, {.letters = share, .unseen = share, .emoji = share});
    EXPECT_NE(disguised, kText);
    EXPECT_TRUE(IsValidUtf8(disguised));
    EXPECT_EQ(detectors::PlainLetters(disguised), kText);
  }
}

TEST(Disguise, DoesWhatItIsToldAlone) {
  EXPECT_EQ(Disguise(kText, {.letters = 0}), kText);
  EXPECT_EQ(Disguise("", {.letters = 1}), "");
  EXPECT_EQ(Disguise("123 456", {.letters = 1}), "123 456");
  EXPECT_EQ(Disguise("caf\xC3\xA9", {.letters = 1, .unseen = 1, .emoji = 1}), "caf\xC3\xA9");
  EXPECT_EQ(Disguise("ab", {.letters = 0, .unseen = 1}),
            "a\xE2\x80\x8B"
            "b");
  EXPECT_EQ(Disguise(kText, {.letters = 0.3}), Disguise(kText, {.letters = 0.3}));
  EXPECT_NE(Disguise(kText, {.letters = 0.3}), Disguise(kText, {.letters = 0.3, .seed = 2}));
}

}  // namespace
}  // namespace ringfort::attacks::data_to_data
