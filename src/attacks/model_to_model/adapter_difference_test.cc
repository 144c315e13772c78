#include "attacks/model_to_model/adapter_difference.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace ringfort::attacks::model_to_model {
namespace {

DenseMatrix Drawn(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  DenseMatrix matrix(rows, columns);
  Random random(seed);
  for (double& value : matrix.values) value = 2 * random.Uniform() - 1;
  return matrix;
}

DenseMatrix Sum(DenseMatrix a, const DenseMatrix& b) {
  for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] += b.values[i];
  return a;
}

TEST(StealAdapter, FollowsTheExampleOfItsHeader) {
  DenseMatrix base(2, 2), tuned(2, 2);
  base.values = {1, 0, 0, 1};
  tuned.values = {1, 2, 0, 1};
  const StolenAdapter adapter = StealAdapter(base, tuned).value();
  EXPECT_EQ(adapter.rank, 1u);
  EXPECT_TRUE(adapter.low_rank);
  const DenseMatrix product = Product(adapter.up, adapter.down);
  EXPECT_NEAR(product.At(0, 1), 2, 1e-12);
  EXPECT_NEAR(product.At(0, 0), 0, 1e-12);
  EXPECT_NEAR(std::abs(adapter.up.At(0, 0)), std::sqrt(2), 1e-12);
}

TEST(StealAdapter, FindsEveryRankAndAnAdapterThatDoesTheSame) {
  const DenseMatrix base = Drawn(40, 30, 1);
  for (const std::size_t rank : {1u, 4u, 8u, 15u}) {
    const DenseMatrix change = Product(Drawn(40, rank, 2), Drawn(rank, 30, 3));
    // Weights on disk are floats.
    DenseMatrix tuned = Sum(base, change);
    for (double& value : tuned.values) value = static_cast<double>(static_cast<float>(value));
    const StolenAdapter adapter = StealAdapter(base, tuned).value();
    EXPECT_EQ(adapter.rank, rank);
    const DenseMatrix product = Product(adapter.up, adapter.down);
    for (std::size_t i = 0; i < change.values.size(); ++i) EXPECT_NEAR(product.values[i], change.values[i], 1e-5);
    EXPECT_LT(adapter.rest, 1e-5);
  }
}

TEST(StealAdapter, TellsAFineTuningOfAllWeightsAndNone) {
  const DenseMatrix base = Drawn(20, 20, 1);
  const StolenAdapter full = StealAdapter(base, Sum(base, Drawn(20, 20, 2))).value();
  EXPECT_FALSE(full.low_rank);
  const StolenAdapter none = StealAdapter(base, base).value();
  EXPECT_EQ(none.rank, 0u);
  EXPECT_EQ(none.rest, 0);
  EXPECT_FALSE(StealAdapter(base, Drawn(20, 19, 2)).ok());
  EXPECT_FALSE(StealAdapter(base, base, 0).ok());
}

}  // namespace
}  // namespace ringfort::attacks::model_to_model
