#include "attacks/ridge_readout.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace ringfort::attacks {
namespace {

DenseMatrix Drawn(std::size_t rows, std::size_t columns, Random& random) {
  DenseMatrix matrix(rows, columns);
  for (double& value : matrix.values) value = 2 * random.Uniform() - 1;
  return matrix;
}

// Two features of deviation 1 and no correlation, strength as large as each's sum of
// squares: each weight is half of what it would be without.
TEST(RidgeReadout, HalvesWeightsAtAStrengthOfTheirSquares) {
  DenseMatrix features(4, 2), labels(4, 1);
  features.values = {1, 1, 1, -1, -1, 1, -1, -1};
  for (std::size_t row = 0; row < 4; ++row) labels.At(row, 0) = 5 + 2 * features.At(row, 0) - 4 * features.At(row, 1);
  const RidgeReadout fit = RidgeReadout::Fit(features, labels, 4).value();
  DenseMatrix asked(1, 2);
  asked.values = {1, 1};
  EXPECT_NEAR(fit.Predict(asked).At(0, 0), 5 + 1 - 2, 1e-12);
}

// What is told of a row left out is what a fit without the row says, done the long way.
TEST(RidgeReadout, LeavesRowsOutAsIfItHadNotSeenThem) {
  Random random(3);
  for (const std::size_t rows : {12, 5}) {  // more rows than columns, and fewer
    const DenseMatrix labels = Drawn(rows, 2, random);
    DenseMatrix features = Drawn(rows, 7, random);
    for (std::size_t column = 0; column < 7; ++column) {  // already of mean 0 and deviation 1
      double mean = 0, square = 0;
      for (std::size_t row = 0; row < rows; ++row) mean += features.At(row, column) / static_cast<double>(rows);
      for (std::size_t row = 0; row < rows; ++row) {
        features.At(row, column) -= mean;
        square += features.At(row, column) * features.At(row, column) / static_cast<double>(rows);
      }
      for (std::size_t row = 0; row < rows; ++row) features.At(row, column) /= std::sqrt(square);
    }
    const double strength = 0.7;
    const RidgeReadout fit = RidgeReadout::Fit(features, labels, strength).value();
    for (std::size_t out = 0; out < rows; ++out) {
      // Rows (1, x) and below them sqrt(strength) times the identity, for all weights but b.
      DenseMatrix design(rows - 1 + 7, 8), wanted(rows - 1 + 7, 2);
      std::size_t place = 0;
      for (std::size_t row = 0; row < rows; ++row) {
        if (row == out) continue;
        design.At(place, 0) = 1;
        for (std::size_t column = 0; column < 7; ++column) design.At(place, column + 1) = features.At(row, column);
        for (std::size_t label = 0; label < 2; ++label) wanted.At(place, label) = labels.At(row, label);
        ++place;
      }
      for (std::size_t column = 0; column < 7; ++column) design.At(place + column, column + 1) = std::sqrt(strength);
      const DenseMatrix solved = LeastSquares(design, wanted).value();
      for (std::size_t label = 0; label < 2; ++label) {
        double told = solved.At(0, label);
        for (std::size_t column = 0; column < 7; ++column)
          told += solved.At(column + 1, label) * features.At(out, column);
        EXPECT_NEAR(fit.left_out().At(out, label), told, 1e-9) << rows << " " << out;
      }
    }
  }
}

TEST(RidgeReadout, TakesLittleStrengthForWhatIsLinearAndMuchForNoise) {
  Random random(8);
  const DenseMatrix features = Drawn(60, 4, random);
  DenseMatrix linear(60, 1);
  for (std::size_t row = 0; row < 60; ++row) linear.At(row, 0) = features.At(row, 1) - features.At(row, 3);
  EXPECT_LT(RidgeReadout::Fit(features, linear).value().strength(), 0.1);
  EXPECT_GT(RidgeReadout::Fit(features, Drawn(60, 1, random)).value().strength(), 50);
}

TEST(RidgeReadout, OverlooksAColumnThatNeverChanges) {
  Random random(5);
  DenseMatrix features = Drawn(20, 2, random);
  for (std::size_t row = 0; row < 20; ++row) features.At(row, 0) = 0.1;
  const DenseMatrix labels = Drawn(20, 1, random);
  const RidgeReadout fit = RidgeReadout::Fit(features, labels, 1).value();
  DenseMatrix one = features, other = features;
  for (std::size_t row = 0; row < 20; ++row) other.At(row, 0) = 1e6;
  EXPECT_EQ(fit.Predict(one).values, fit.Predict(other).values);
}

TEST(RidgeReadout, RefusesWhatItCannotFit) {
  Random random(1);
  EXPECT_FALSE(RidgeReadout::Fit(Drawn(2, 2, random), Drawn(2, 1, random)).ok());
  EXPECT_FALSE(RidgeReadout::Fit(Drawn(4, 2, random), Drawn(5, 1, random)).ok());
  EXPECT_FALSE(RidgeReadout::Fit(Drawn(4, 2, random), Drawn(4, 1, random), 0).ok());
  DenseMatrix broken = Drawn(4, 2, random);
  broken.values[3] = std::nan("");
  EXPECT_FALSE(RidgeReadout::Fit(broken, Drawn(4, 1, random)).ok());
}

}  // namespace
}  // namespace ringfort::attacks
