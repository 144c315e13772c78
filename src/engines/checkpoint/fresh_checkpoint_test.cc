#include "engines/checkpoint/fresh_checkpoint.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engines/checkpoint/checkpoint_sample_internal.h"

namespace ringfort::engines {
namespace {

const NetworkShape kShape{.width = 64, .layers = 2, .heads = 4, .key_heads = 4, .feed_forward = 128, .context = 32};

TokenVocabulary Words() { return TokenVocabulary::Make(SampleSentencePieces()).value(); }

double Deviation(const WeightTensor& tensor) {
  double squares = 0;
  for (const float value : tensor.values) squares += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(squares / static_cast<double>(tensor.values.size()));
}

TEST(FreshCheckpoint, DrawsWeightsOfTheDeviationsItNames) {
  const auto made = FreshCheckpoint(kShape, Words(), 1);
  ASSERT_TRUE(made.ok()) << made.error().what;
  const Checkpoint& checkpoint = made.value();
  EXPECT_EQ(checkpoint.shape.vocabulary, Words().size());
  EXPECT_EQ(checkpoint.shape.rotated, 16U);
  EXPECT_FALSE(checkpoint.tensors.contains("output.weight"));
  EXPECT_NEAR(Deviation(checkpoint.tensors.at("blk.0.attn_q.weight")), 0.02, 0.001);
  EXPECT_NEAR(Deviation(checkpoint.tensors.at("blk.1.ffn_down.weight")), 0.01, 0.0005);  // root of 2 * 2 layers
  for (const float value : checkpoint.tensors.at("output_norm.weight").values) EXPECT_EQ(value, 1.0F);
}

TEST(FreshCheckpoint, FollowsTheSeed) {
  const auto tensors = [](std::uint64_t seed) { return FreshCheckpoint(kShape, Words(), seed).value().tensors; };
  EXPECT_EQ(tensors(1), tensors(1));
  EXPECT_NE(tensors(1), tensors(2));
}

TEST(FreshCheckpoint, RefusesWhatCannotBe) {
  NetworkShape shape = kShape;
  shape.width = 65'536, shape.layers = 900;
  EXPECT_EQ(FreshCheckpoint(shape, Words(), 1).error().fault, Fault::kLimitExceeded);
  shape = kShape, shape.architecture = "gpt2";
  EXPECT_EQ(FreshCheckpoint(shape, Words(), 1).error().fault, Fault::kUnsupported);
  shape = kShape, shape.heads = 3;
  EXPECT_EQ(FreshCheckpoint(shape, Words(), 1).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::engines
