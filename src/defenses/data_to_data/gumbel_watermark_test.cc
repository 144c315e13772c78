#include "defenses/data_to_data/gumbel_watermark.h"

#include <gtest/gtest.h>

#include "defenses/data_to_data/marked_sample_internal.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::data_to_data {
namespace {

constexpr watermarks::SchemeRule kRule{.kind = watermarks::SchemeKind::kGumbel, .width = 4};

TEST(GumbelWatermark, MarksWhatItSays) {
  engines::ScriptedModel bare;
  const auto marked = Marked(GumbelWatermark(), bare);
  const auto told = Told(bare, *marked, 8, 1), plain = Told(bare, bare, 8, 1);
  watermarks::SchemeRule other = kRule;
  other.key = 99;
  EXPECT_LT(watermarks::FindMark(*Scheme(kRule), told).probability, 1e-5);
  EXPECT_GT(watermarks::FindMark(*Scheme(kRule), plain).probability, 1e-3);
  EXPECT_GT(watermarks::FindMark(*Scheme(other), told).probability, 1e-3);  // another key sees nothing
}

TEST(GumbelWatermark, LeavesTheLikeliestAlone) {
  engines::ScriptedModel bare;
  const auto marked = Marked(GumbelWatermark(), bare);
  const engines::GenerateRequest request{.prompt = "tell", .maximum_tokens = 20};
  EXPECT_EQ(marked->Generate(request).value().text, bare.Generate(request).value().text);
}

// What top_k left out does not come back.
TEST(GumbelWatermark, KeepsToTheRequest) {
  engines::ScriptedModel bare;
  const auto marked = Marked(GumbelWatermark(), bare);
  engines::GenerateRequest request{.prompt = "tell", .maximum_tokens = 20, .temperature = 1, .top_k = 1, .seed = 4};
  EXPECT_EQ(marked->Generate(request).value().text, bare.Generate(request).value().text);
  request.top_k = 0;
  request.top_p = 1e-9;
  EXPECT_EQ(marked->Generate(request).value().text, bare.Generate(request).value().text);
  request.top_p = 1;
  EXPECT_NE(marked->Generate(request).value().text, bare.Generate(request).value().text);
}

TEST(GumbelWatermark, NeedsLogits) {
  engines::Script script;
  script.gives = {engines::Ability::kGenerate, engines::Ability::kTokens, engines::Ability::kLogitBias};
  engines::ScriptedModel bare(script);
  const auto marked = Marked(GumbelWatermark(), bare);
  EXPECT_FALSE(marked->Gives().Has(engines::Ability::kGenerate));
  EXPECT_EQ(marked->Generate({.prompt = "tell"}).error().fault, Fault::kUnsupported);
}

}  // namespace
}  // namespace ringfort::defenses::data_to_data
