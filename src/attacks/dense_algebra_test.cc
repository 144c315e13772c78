#include "attacks/dense_algebra.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace ringfort::attacks {
namespace {

DenseMatrix Drawn(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  DenseMatrix matrix(rows, columns);
  Random random(seed);
  for (double& value : matrix.values) value = 2 * random.Uniform() - 1;
  return matrix;
}

TEST(SingularValues, OfADiagonalAreItsEntries) {
  DenseMatrix matrix(3, 2);
  matrix.At(0, 0) = 3;
  matrix.At(1, 1) = -4;
  const auto values = SingularValues(matrix).value();
  ASSERT_EQ(values.size(), 2u);
  EXPECT_NEAR(values[0], 4, 1e-12);
  EXPECT_NEAR(values[1], 3, 1e-12);
}

TEST(Decompose, PutsTheMatrixTogetherAgain) {
  for (const auto& [rows, columns] : {std::pair{5, 9}, std::pair{9, 5}, std::pair{1, 4}}) {
    const DenseMatrix matrix = Drawn(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), 4);
    const auto parts = Decompose(matrix).value();
    for (std::size_t i = 0; i < matrix.rows; ++i)
      for (std::size_t j = 0; j < matrix.columns; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < parts.values.size(); ++k)
          sum += parts.left.At(i, k) * parts.values[k] * parts.right.At(j, k);
        EXPECT_NEAR(sum, matrix.At(i, j), 1e-12);
      }
  }
}

TEST(LeastSquares, SolvesWhatHasASolution) {
  const DenseMatrix a = Drawn(20, 6, 1), x = Drawn(6, 3, 2);
  const DenseMatrix solved = LeastSquares(a, Product(a, x)).value();
  for (std::size_t i = 0; i < x.values.size(); ++i) EXPECT_NEAR(solved.values[i], x.values[i], 1e-12);
  EXPECT_FALSE(LeastSquares(a, x).ok());
}

TEST(LargestDrop, FollowsTheExampleOfItsHeader) {
  EXPECT_EQ(LargestDrop(std::vector<double>{9, 5, 4, 0.001, 0.0009}).rank, 3u);
  EXPECT_NEAR(LargestDrop(std::vector<double>{9, 5, 4, 0.001, 0.0009}).drop, std::log(4000), 1e-9);
  // What is below rounding does not count, be it ever so uneven.
  EXPECT_EQ(LargestDrop(std::vector<double>{9, 5, 1e-15, 1e-40, 0}).rank, 2u);
  EXPECT_EQ(LargestDrop(std::vector<double>{0, 0}).rank, 0u);
  EXPECT_EQ(LargestDrop({}).rank, 0u);
}

TEST(ClearRank, IsSilentInDoubt) {
  EXPECT_EQ(ClearRank(std::vector<double>{9, 5, 4, 1e-5, 1e-6}), 3u);
  EXPECT_EQ(ClearRank(std::vector<double>{9, 5, 4, 1e-5}), 3u);
  EXPECT_EQ(ClearRank(std::vector<double>{9, 5, 4, 2, 1e-5}), 0u);    // the last one always is the least
  EXPECT_EQ(ClearRank(std::vector<double>{900, 5, 4, 3, 2, 1}), 0u);  // one direction is long, no cliff
  EXPECT_EQ(ClearRank(std::vector<double>{9, 8, 7, 6, 5, 4}), 0u);
  EXPECT_EQ(ClearRank({}), 0u);
}

// Any head of rank h is found, with noise on it as single precision leaves.
TEST(LargestDrop, FindsTheRankOfAProduct) {
  for (std::size_t rank = 1; rank <= 24; rank += 5) {
    DenseMatrix product = Product(Drawn(60, rank, rank), Drawn(rank, 90, rank + 100));
    EXPECT_EQ(LargestDrop(SingularValues(product).value()).rank, rank);
    for (double& value : product.values) value = static_cast<double>(static_cast<float>(value));
    EXPECT_EQ(LargestDrop(SingularValues(product).value()).rank, rank);
  }
}

TEST(SingularValues, RefusesWhatIsNoMatrix) {
  EXPECT_FALSE(SingularValues({}).ok());
  DenseMatrix matrix(2, 2);
  matrix.values[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(SingularValues(matrix).ok());
  matrix.values.pop_back();
  EXPECT_FALSE(Decompose(matrix).ok());
}

}  // namespace
}  // namespace ringfort::attacks
