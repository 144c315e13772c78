#include "attacks/data_to_data/copy_paste_dilution.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ringfort::attacks::data_to_data {
namespace {

std::string Words(char letter, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::string(i == 0 ? "" : " ") + letter + std::to_string(i);
  return text;
}

std::size_t CountOf(const std::string& text, char letter) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), letter));
}

TEST(Dilute, HasTheShareInSoManyPassagesAndInOrder) {
  const std::string mixed = Dilute(Words('m', 30), Words('p', 500), {.share = 0.25, .passages = 3, .seed = 5});
  EXPECT_EQ(CountOf(mixed, 'm'), 30U);
  EXPECT_EQ(CountOf(mixed, 'p'), 90U);
  std::size_t begun = 0, last = 0;
  for (int i = 0; i < 30; ++i) {
    const std::size_t at = mixed.find("m" + std::to_string(i) + (i == 29 ? "" : " "));
    ASSERT_NE(at, std::string::npos) << mixed;
    EXPECT_GE(at, last);
    if (i == 0 || at > last + 4) ++begun;
    last = at;
  }
  EXPECT_LE(begun, 3U);
  EXPECT_NE(Dilute(Words('m', 30), Words('p', 500), {.share = 0.25, .seed = 6}), mixed);
}

TEST(Dilute, UsesAllThereIsWhereThatIsTooLittle) {
  EXPECT_EQ(CountOf(Dilute(Words('m', 30), Words('p', 5), {.share = 0.1}), 'p'), 5U);
  EXPECT_EQ(Dilute("a b c", "", {.share = 0.1, .passages = 9}), "a b c");
  EXPECT_EQ(Dilute("a b c", "x y z", {.share = 1}), "a b c");
  EXPECT_EQ(Dilute("", "", {}), "");
}

}  // namespace
}  // namespace ringfort::attacks::data_to_data
