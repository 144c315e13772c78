#include "knowledge/catalog/catalog_codec.h"

#include <gtest/gtest.h>

namespace ringfort::knowledge {
namespace {

TEST(CatalogCodec, GivesBackWhatItTook) {
  const Catalog& catalog = BuiltinCatalog();
  const std::string bytes = EncodeCatalog(catalog);
  const Result<Catalog> again = DecodeCatalog(bytes);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(EncodeCatalog(again.value()), bytes);
  ASSERT_EQ(again.value().threats.size(), catalog.threats.size());
  EXPECT_EQ(again.value().threats.back().summary, catalog.threats.back().summary);
  EXPECT_EQ(again.value().mitigations.front().residual.successes, catalog.mitigations.front().residual.successes);
  EXPECT_EQ(again.value().step_rules.back().ties.size(), catalog.step_rules.back().ties.size());
}

TEST(CatalogCodec, RefusesBytesThatEndEarlyOrLate) {
  Catalog small;
  small.axes.push_back({Axis::kModelToData, "From model to data", "Answers leak."});
  small.component_rules.push_back({"Inferring", "", ChannelComponent::kNoise});
  const std::string bytes = EncodeCatalog(small);
  ASSERT_TRUE(DecodeCatalog(bytes).ok());
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(DecodeCatalog(bytes.substr(0, size)).ok());
  EXPECT_FALSE(DecodeCatalog(bytes + '\0').ok());
}

TEST(CatalogCodec, BelievesNoCountBeyondItsBytes) {
  EXPECT_FALSE(DecodeCatalog(std::string(9, '\xFF') + '\x01').ok());
  EXPECT_FALSE(DecodeCatalog("\xFF\xFF\xFF\x7F").ok());
}

}  // namespace
}  // namespace ringfort::knowledge
