#include "attacks/cross_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace ringfort::attacks {
namespace {

TEST(FoldOfTexts, SpreadsLabelsEvenlyAndKeepsEqualTextsTogether) {
  std::vector<std::string> texts;
  std::vector<std::uint8_t> labels;
  for (int i = 0; i < 50; ++i) {
    texts.push_back("text " + std::to_string(i / 2));  // each twice
    labels.push_back(i % 4 < 2);
  }
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const auto folds = FoldOfTexts(views, labels, 5, 1);
  std::array<std::array<int, 2>, 5> counts{};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_LT(folds[i], 5u);
    ++counts[folds[i]][labels[i]];
    EXPECT_EQ(folds[i], folds[i ^ 1]);
  }
  for (const auto& fold : counts) {
    EXPECT_GE(fold[0], 4);
    EXPECT_LE(fold[0], 6);
    EXPECT_GE(fold[1], 4);
    EXPECT_LE(fold[1], 6);
  }
}

TEST(FoldOfTexts, DoesNotDependOnTheOrder) {
  const std::vector<std::string_view> texts = {"a", "b", "c", "d", "e", "f"};
  const std::vector<std::uint8_t> labels = {1, 0, 1, 0, 1, 0};
  std::vector<std::string_view> turned(texts.rbegin(), texts.rend());
  const std::vector<std::uint8_t> turned_labels(labels.rbegin(), labels.rend());
  auto folds = FoldOfTexts(texts, labels, 3, 4);
  const auto turned_folds = FoldOfTexts(turned, turned_labels, 3, 4);
  std::reverse(folds.begin(), folds.end());
  EXPECT_EQ(folds, turned_folds);
  EXPECT_TRUE(FoldOfTexts({}, {}, 3, 4).empty());
}

}  // namespace
}  // namespace ringfort::attacks
