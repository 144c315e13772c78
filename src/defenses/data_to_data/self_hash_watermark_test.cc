#include "defenses/data_to_data/self_hash_watermark.h"

#include <gtest/gtest.h>

#include "defenses/data_to_data/marked_sample_internal.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::data_to_data {
namespace {

constexpr watermarks::SchemeRule kRule{.kind = watermarks::SchemeKind::kSelfHash, .width = 4};

TEST(SelfHashWatermark, MarksWhatItSays) {
  engines::ScriptedModel bare;
  const auto marked = Marked(SelfHashWatermark(), bare, {{"bias", 4}});
  const auto told = Told(bare, *marked, 8, 1), plain = Told(bare, bare, 8, 1);
  watermarks::SchemeRule other = kRule;
  other.key = 99;
  EXPECT_LT(watermarks::FindMark(*Scheme(kRule), told).probability, 1e-5);
  EXPECT_GT(watermarks::FindMark(*Scheme(kRule), plain).probability, 1e-3);
  EXPECT_GT(watermarks::FindMark(*Scheme(other), told).probability, 1e-3);  // another key sees nothing
}

TEST(SelfHashWatermark, MarksAlsoAtTemperatureZero) {
  engines::ScriptedModel bare;
  const auto marked = Marked(SelfHashWatermark(), bare, {{"bias", 6}});
  const auto texts = Told(bare, *marked, 8, 0);
  EXPECT_LT(watermarks::FindMark(*Scheme(kRule), texts).probability, 1e-4);
}

}  // namespace
}  // namespace ringfort::defenses::data_to_data
