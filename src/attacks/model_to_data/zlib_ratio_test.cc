#include "attacks/model_to_data/zlib_ratio.h"

#include <gtest/gtest.h>

namespace ringfort::attacks::model_to_data {
namespace {

// len(zlib.compress(text)) of Python, whose level is 6 as well.
TEST(CompressedSize, IsThatOfAPlainZlibStream) {
  EXPECT_EQ(CompressedSize(""), 8u);
  EXPECT_EQ(CompressedSize("a"), 9u);
  EXPECT_EQ(CompressedSize(std::string(1000, 'a')), 17u);
  EXPECT_EQ(CompressedSize("na\xc3\xafve caf\xc3\xa9"), 20u);
}

TEST(ZlibRatioScore, FollowsTheExampleOfItsHeader) {
  const engines::TextScore score{{{.log_probability = -0.1}}};
  EXPECT_DOUBLE_EQ(*ZlibRatioScore(score, std::string(1000, 'a')), -0.1 / 17);
  std::string novel;
  for (int i = 0; i < 200; ++i) novel += static_cast<char>('a' + i * i % 26);
  EXPECT_GT(*ZlibRatioScore(score, novel), *ZlibRatioScore(score, std::string(200, 'a')));
  EXPECT_FALSE(ZlibRatioScore({}, "text").has_value());
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
