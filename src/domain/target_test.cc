#include "domain/target.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

Asset At(std::string location) {
  Asset asset;
  asset.id = location;
  asset.location = std::move(location);
  return asset;
}

TEST(AssetOf, TheClosestLocationOwnsAPath) {
  const std::vector<Asset> assets = {At("."), At("models"), At("models/small"), At("https://example.invalid/models")};
  EXPECT_EQ(AssetOf(assets, "models/small/a.pt"), 2u);
  EXPECT_EQ(AssetOf(assets, "models/small"), 2u);
  EXPECT_EQ(AssetOf(assets, "models/smaller/a.pt"), 1u) << "a name is not a prefix of letters";
  EXPECT_EQ(AssetOf(assets, "readme.md"), 0u);
  EXPECT_EQ(AssetOf({At("data")}, "database.csv"), std::nullopt);
  EXPECT_FALSE(Owns(assets[3], "https://example.invalid/models/x"));
}

}  // namespace
}  // namespace ringfort
