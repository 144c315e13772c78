#include "defenses/data_to_model/safe_lora.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::AdapterCheckpoint;
using engines::WeightTensor;
using testing::ElementsAre;
using testing::HasSubstr;

// W = 2 x 2 moved by V; an adapter of rank 1 whose change is b a.
AdapterCheckpoint Adapter(std::vector<float> b, std::vector<float> a) {
  AdapterCheckpoint adapter;
  adapter.tensors["w.lora_a"] = {{1, 2}, std::move(a)};
  adapter.tensors["w.lora_b"] = {{2, 1}, std::move(b)};
  return adapter;
}
const Weights kBase = {{"w", {{2, 2}, {1, 1, 1, 1}}}}, kAligned = {{"w", {{2, 2}, {3, 1, 1, 1}}}};

TEST(SafeLora, TheExamplesOfTheHeader) {
  AdapterCheckpoint across = Adapter({0, 1}, {1, 0});
  const auto gone = ProjectAdapter(across, kAligned, kBase, 0.35);
  ASSERT_TRUE(gone.ok());
  EXPECT_EQ(gone.value().changed, 1U);
  EXPECT_DOUBLE_EQ(gone.value().least_cosine, 0);
  EXPECT_THAT(across.tensors["w.lora_b"].values, ElementsAre(0, 0));
  AdapterCheckpoint along = Adapter({1, 0}, {1, 0});
  const auto stays = ProjectAdapter(along, kAligned, kBase, 0.35);
  ASSERT_TRUE(stays.ok());
  EXPECT_EQ(stays.value().changed, 0U);
  EXPECT_DOUBLE_EQ(stays.value().least_cosine, 1);
  EXPECT_THAT(along.tensors["w.lora_b"].values, ElementsAre(1, 0));
}

TEST(SafeLora, TurnsWhatLiesBetween) {
  AdapterCheckpoint between = Adapter({1, 3}, {1, 0});  // cosine 1 / sqrt(10)
  const auto report = ProjectAdapter(between, kAligned, kBase, 0.35);
  ASSERT_TRUE(report.ok());
  EXPECT_NEAR(report.value().least_cosine, 1 / std::sqrt(10.0), 1e-12);
  EXPECT_THAT(between.tensors["w.lora_b"].values, ElementsAre(2, 0));  // C b, as published, no projection
  AdapterCheckpoint kept = Adapter({1, 3}, {1, 0});
  EXPECT_EQ(ProjectAdapter(kept, kAligned, kBase, 0.3).value().changed, 0U);
}

TEST(SafeLora, AMatrixThatAlignmentLeftAloneHasNoDirection) {
  AdapterCheckpoint adapter = Adapter({1, 2}, {1, 1});
  ASSERT_TRUE(ProjectAdapter(adapter, kBase, kBase, 0.35).ok());
  EXPECT_THAT(adapter.tensors["w.lora_b"].values, ElementsAre(0, 0));
}

// The same by the definition, number by number, on random matrices of unequal sides.
TEST(SafeLora, AgreesWithTheDefinition) {
  constexpr std::size_t kOut = 5, kIn = 4, kRank = 2;
  Random random(3);
  const auto draw = [&](std::vector<std::uint64_t> shape) {
    WeightTensor tensor{shape, {}};
    for (std::uint64_t i = 0; i < shape[0] * shape[1]; ++i)
      tensor.values.push_back(static_cast<float>(2 * random.Uniform() - 1));
    return tensor;
  };
  Weights base = {{"w", draw({kOut, kIn})}}, aligned = {{"w", draw({kOut, kIn})}};
  AdapterCheckpoint adapter;
  adapter.tensors["w.lora_a"] = draw({kRank, kIn});
  adapter.tensors["w.lora_b"] = draw({kOut, kRank});
  const WeightTensor second = adapter.tensors["w.lora_b"];
  double v[kOut][kIn], norm = 0;
  for (std::size_t i = 0; i < kOut; ++i)
    for (std::size_t j = 0; j < kIn; ++j) {
      v[i][j] =
          static_cast<double>(aligned["w"].values[i * kIn + j]) - static_cast<double>(base["w"].values[i * kIn + j]);
      norm += v[i][j] * v[i][j];
    }
  ASSERT_TRUE(ProjectAdapter(adapter, aligned, base, 1).ok());
  for (std::size_t i = 0; i < kOut; ++i)
    for (std::size_t r = 0; r < kRank; ++r) {
      double expected = 0;
      for (std::size_t j = 0; j < kOut; ++j)
        for (std::size_t k = 0; k < kIn; ++k)
          expected += v[i][k] * v[j][k] / std::sqrt(norm) * static_cast<double>(second.values[j * kRank + r]);
      EXPECT_NEAR(adapter.tensors["w.lora_b"].values[i * kRank + r], expected, 1e-5);
    }
}

TEST(SafeLora, RefusesWhatDoesNotFit) {
  AdapterCheckpoint adapter = Adapter({1, 0}, {1, 0});
  EXPECT_FALSE(ProjectAdapter(adapter, kAligned, kBase, 2).ok());
  EXPECT_THAT(ProjectAdapter(adapter, {}, kBase, 0.3).error().what, HasSubstr("both models must have"));
  const Weights other = {{"w", {{3, 2}, {1, 1, 1, 1, 1, 1}}}};
  EXPECT_FALSE(ProjectAdapter(adapter, kAligned, other, 0.3).ok());
  AdapterCheckpoint half = adapter;
  half.tensors.erase("w.lora_a");
  EXPECT_FALSE(ProjectAdapter(half, kAligned, kBase, 0.3).ok());
  half = adapter;
  half.tensors.erase("w.lora_b");
  EXPECT_THAT(ProjectAdapter(half, kAligned, kBase, 0.3).error().what, HasSubstr("no other half"));
  AdapterCheckpoint unlike = Adapter({1, 0}, {1, 0});
  unlike.tensors["w.lora_b"] = {{1, 2}, {1, 0}};
  EXPECT_THAT(ProjectAdapter(unlike, kAligned, kBase, 0.3).error().what, HasSubstr("no pair"));
  AdapterCheckpoint nothing;
  EXPECT_THAT(ProjectAdapter(nothing, kAligned, kBase, 0.3).error().what, HasSubstr("changes nothing"));
  nothing.tensors["w.bias"] = {{2}, {1, 1}};
  EXPECT_THAT(ProjectAdapter(nothing, kAligned, kBase, 0.3).error().what, HasSubstr("no factor"));
}

}  // namespace
}  // namespace ringfort::defenses::data_to_model
