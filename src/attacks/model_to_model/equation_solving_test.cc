#include "attacks/model_to_model/equation_solving.h"

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

// classes x (d + 1), the bias last.
DenseMatrix Answers(const DenseMatrix& layer, const DenseMatrix& inputs) {
  DenseMatrix answers(inputs.rows, layer.rows);
  for (std::size_t row = 0; row < inputs.rows; ++row) {
    double sum = 0;
    for (std::size_t i = 0; i < layer.rows; ++i) {
      double logit = layer.At(i, inputs.columns);
      for (std::size_t j = 0; j < inputs.columns; ++j) logit += layer.At(i, j) * inputs.At(row, j);
      answers.At(row, i) = logit;
      sum += std::exp(logit);
    }
    for (std::size_t i = 0; i < layer.rows; ++i) answers.At(row, i) -= std::log(sum);
  }
  return answers;
}

TEST(SolveSoftmaxLayer, FollowsTheExampleOfItsHeader) {
  DenseMatrix inputs(2, 1), answers(2, 2);
  inputs.values = {0, 1};
  const double p = 1 / (1 + std::exp(-1.0));
  answers.values = {std::log(0.5), std::log(0.5), std::log(p), std::log(1 - p)};
  const DenseMatrix layer = SolveSoftmaxLayer(inputs, answers).value();
  EXPECT_NEAR(layer.At(0, 0), 1, 1e-12);
  EXPECT_NEAR(layer.At(0, 1), 0, 1e-12);
  EXPECT_EQ(layer.At(1, 0), 0);
}

TEST(SolveSoftmaxLayer, IsExactWithAsManyQuestionsAsUnknowns) {
  for (std::size_t d = 1; d < 30; d += 7)
    for (std::size_t classes = 2; classes < 9; classes += 3) {
      const DenseMatrix truth = Drawn(classes, d + 1, d), inputs = Drawn(d + 1, d, 100 + d);
      const DenseMatrix solved = SolveSoftmaxLayer(inputs, Answers(truth, inputs)).value();
      double apart = 0, size = 0;
      for (std::size_t i = 0; i < classes; ++i)
        for (std::size_t j = 0; j <= d; ++j) {
          const double true_difference = truth.At(i, j) - truth.At(classes - 1, j);
          apart += std::pow(solved.At(i, j) - true_difference, 2);
          size += std::pow(true_difference, 2);
        }
      EXPECT_LT(std::sqrt(apart / size), 1e-9) << d << ' ' << classes;
    }
}

// Fewer digits, more error: what rounding answers buys.
TEST(SolveSoftmaxLayer, RoundingTakesFromItInProportion) {
  const DenseMatrix truth = Drawn(3, 6, 1), inputs = Drawn(40, 5, 2);
  double last = 0;
  for (const double digits : {6.0, 4.0, 2.0}) {
    DenseMatrix answers = Answers(truth, inputs);
    for (double& value : answers.values) value = std::round(value * std::pow(10, digits)) / std::pow(10, digits);
    const DenseMatrix solved = SolveSoftmaxLayer(inputs, answers).value();
    double worst = 0;
    for (std::size_t j = 0; j < 6; ++j)
      worst = std::max(worst, std::abs(solved.At(0, j) - truth.At(0, j) + truth.At(2, j)));
    EXPECT_GT(worst, 10 * last);
    EXPECT_LT(worst, 10 * std::pow(10, -digits));
    last = worst;
  }
}

TEST(SolveSoftmaxLayer, RefusesTooFewQuestions) {
  EXPECT_FALSE(SolveSoftmaxLayer(Drawn(5, 5, 1), Drawn(5, 3, 1)).ok());
  EXPECT_FALSE(SolveSoftmaxLayer(Drawn(6, 5, 1), Drawn(5, 3, 1)).ok());
  EXPECT_FALSE(SolveSoftmaxLayer(Drawn(6, 5, 1), Drawn(6, 1, 1)).ok());
  DenseMatrix infinite = Drawn(6, 3, 1);
  infinite.values[0] = -INFINITY;
  EXPECT_FALSE(SolveSoftmaxLayer(Drawn(6, 5, 1), infinite).ok());
}

}  // namespace
}  // namespace ringfort::attacks::model_to_model
