#include "engines/checkpoint/checkpoint.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "engines/checkpoint/checkpoint_sample_internal.h"

namespace ringfort::engines {
namespace {

TEST(CheckCheckpoint, TakesEachArchitecture) {
  for (const char* architecture : {"llama", "gpt2", "bert"})
    for (const bool tied : {false, true}) {
      EXPECT_TRUE(CheckCheckpoint(SampleCheckpoint(architecture, 1, tied)).ok()) << architecture << tied;
      EXPECT_TRUE(CheckCheckpoint(TinyCheckpoint(architecture, tied)).ok()) << architecture << tied;
    }
}

// Counted by hand from the papers' equations.
TEST(TensorsOf, NamesWhatEachLayerNeeds) {
  NetworkShape shape = TinyCheckpoint("llama").shape;
  const auto llama = TensorsOf(shape, true);
  EXPECT_EQ(llama.size(), 2 + 9u);
  EXPECT_EQ(llama.at("blk.0.attn_k.weight"), (std::vector<std::uint64_t>{2, 4}));  // one key for two heads
  EXPECT_EQ(llama.at("blk.0.ffn_down.weight"), (std::vector<std::uint64_t>{4, 3}));
  EXPECT_EQ(TensorsOf(shape, false).size(), llama.size() + 1);
  shape = TinyCheckpoint("gpt2").shape;
  EXPECT_EQ(TensorsOf(shape, true).size(), 4 + 12u);
  EXPECT_EQ(TensorsOf(shape, true).at("blk.0.attn_qkv.bias"), (std::vector<std::uint64_t>{12}));
  shape = TinyCheckpoint("bert").shape;
  EXPECT_EQ(TensorsOf(shape, true).size(), 5 + 16u);
  shape.architecture = "rwkv";
  EXPECT_TRUE(TensorsOf(shape, true).empty());
}

TEST(Checkpoint, CountsItsParameters) {
  // 2 x 4 x 4 of tokens; a norm of 4; q 16, k 8, v 8, output 16; gate, up, down 12 each; two norms of 4.
  EXPECT_EQ(TinyCheckpoint("llama").Parameters(), 32 + 4 + 48 + 36 + 8u);
}

TEST(CheckCheckpoint, SaysWhatCannotBe) {
  using Change = std::function<void(Checkpoint&)>;
  const std::vector<std::tuple<const char*, Change, Fault, const char*>> cases = {
      {"llama", [](Checkpoint& c) { c.shape.architecture = "rwkv"; }, Fault::kUnsupported, "rwkv"},
      {"llama", [](Checkpoint& c) { c.shape.layers = 0; }, Fault::kInvalidInput, "no vocabulary, width, layers"},
      {"llama", [](Checkpoint& c) { c.shape.layers = 1001; }, Fault::kInvalidInput, "1001 layers"},
      {"llama", [](Checkpoint& c) { c.shape.heads = 3; }, Fault::kInvalidInput, "shared among 3 heads"},
      {"llama", [](Checkpoint& c) { c.shape.key_heads = 0; }, Fault::kInvalidInput, "cannot share 0 keys"},
      {"llama", [](Checkpoint& c) { c.shape.key_heads = 4; }, Fault::kInvalidInput, "cannot share 4 keys"},
      {"gpt2", [](Checkpoint& c) { c.shape.key_heads = 1; }, Fault::kInvalidInput, "heads of gpt2"},
      {"llama", [](Checkpoint& c) { c.shape.rotated = 1; }, Fault::kInvalidInput, "1 cannot be turned"},
      {"llama", [](Checkpoint& c) { c.shape.rotated = 4; }, Fault::kInvalidInput, "4 cannot be turned"},
      {"llama", [](Checkpoint& c) { c.shape.epsilon = 0; }, Fault::kInvalidInput, "epsilon"},
      {"llama", [](Checkpoint& c) { c.shape.epsilon = std::numeric_limits<double>::quiet_NaN(); }, Fault::kInvalidInput,
       "epsilon"},
      {"llama", [](Checkpoint& c) { c.shape.rotation_base = 1; }, Fault::kInvalidInput, "base of the rotation"},
      {"llama", [](Checkpoint& c) { c.tensors.erase("blk.0.attn_q.weight"); }, Fault::kInvalidInput,
       "blk.0.attn_q.weight is missing"},
      {"bert", [](Checkpoint& c) { c.tensors.erase("blk.0.ffn_up.bias"); }, Fault::kInvalidInput, "blk.0.ffn_up.bias"},
      {"llama",
       [](Checkpoint& c) {
         c.tensors["blk.0.attn_q.bias"] = {{4}, {0, 0, 0, 0}};
       },
       Fault::kUnsupported, "blk.0.attn_q.bias"},
      {"llama",
       [](Checkpoint& c) {
         c.tensors["blk.0.attn_k.weight"].shape = {4, 2};
       },
       Fault::kInvalidInput, "is 4 x 2, not 2 x 4"},
      {"llama", [](Checkpoint& c) { c.tensors["output_norm.weight"].values.pop_back(); }, Fault::kInvalidInput,
       "has 3 numbers, not 4"},
      {"llama",
       [](Checkpoint& c) { c.tensors["blk.0.ffn_up.weight"].values[7] = std::numeric_limits<float>::infinity(); },
       Fault::kInvalidInput, "blk.0.ffn_up.weight holds what is not a number"},
      {"llama", [](Checkpoint& c) { c.shape.vocabulary = 5; }, Fault::kInvalidInput, "not 5 x 4"},
      {"llama", [](Checkpoint& c) { c.vocabulary = SampleCheckpoint("llama").vocabulary; }, Fault::kInvalidInput,
       "the network 4"},
  };
  for (const auto& [architecture, change, fault, words] : cases) {
    Checkpoint checkpoint = TinyCheckpoint(architecture);
    change(checkpoint);
    const Status status = CheckCheckpoint(checkpoint);
    ASSERT_FALSE(status.ok()) << words;
    EXPECT_EQ(status.error().fault, fault) << words;
    EXPECT_NE(status.error().what.find(words), std::string::npos) << status.error().what;
  }
}

}  // namespace
}  // namespace ringfort::engines
