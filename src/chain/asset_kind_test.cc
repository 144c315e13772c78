#include "chain/asset_kind.h"

#include <gtest/gtest.h>

namespace ringfort::chain {
namespace {

TEST(AssetKind, WeightsServeAsAnswersAndNotTheOtherWay) {
  EXPECT_TRUE(Serves(AssetKind::kWeights, AssetKind::kAnswers));
  EXPECT_FALSE(Serves(AssetKind::kAnswers, AssetKind::kWeights));
}

TEST(AssetKind, EachKindServesAsItselfAndNothingServesNowhere) {
  for (std::size_t i = 0; i < kAssetKindNames.size(); ++i) {
    const auto kind = static_cast<AssetKind>(i);
    EXPECT_EQ(Serves(kind, kind), kind != AssetKind::kNothing) << Name(kind);
    EXPECT_FALSE(Serves(AssetKind::kNothing, kind));
  }
}

TEST(AssetKind, RequestsAreNoPromptsAndTextsNeither) {
  EXPECT_FALSE(Serves(AssetKind::kRequests, AssetKind::kPrompts));
  EXPECT_FALSE(Serves(AssetKind::kTexts, AssetKind::kPrompts));
  EXPECT_FALSE(Serves(AssetKind::kPrompts, AssetKind::kRequests));
}

TEST(AssetKind, NamesReadBack) {
  for (std::size_t i = 0; i < kAssetKindNames.size(); ++i)
    EXPECT_EQ(AssetKindFromName(kAssetKindNames[i]), static_cast<AssetKind>(i));
  EXPECT_FALSE(AssetKindFromName("model"));
}

}  // namespace
}  // namespace ringfort::chain
