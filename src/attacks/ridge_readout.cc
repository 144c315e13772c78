#include "attacks/ridge_readout.h"

#include <cmath>
#include <limits>
#include <utility>

namespace ringfort::attacks {
namespace {

// A row that its own fit goes through says nothing of what it would be without it.
constexpr double kLeastRest = 1e-9;

DenseMatrix Standardized(const DenseMatrix& features, const std::vector<double>& means,
                         const std::vector<double>& deviations) {
  DenseMatrix scaled(features.rows, features.columns);
  for (std::size_t row = 0; row < features.rows; ++row)
    for (std::size_t column = 0; column < features.columns; ++column)
      if (deviations[column] > 0)
        scaled.At(row, column) = (features.At(row, column) - means[column]) / deviations[column];
  return scaled;
}

std::vector<double> Means(const DenseMatrix& matrix) {
  std::vector<double> means(matrix.columns, 0);
  for (std::size_t row = 0; row < matrix.rows; ++row)
    for (std::size_t column = 0; column < matrix.columns; ++column)
      means[column] += matrix.At(row, column) / static_cast<double>(matrix.rows);
  return means;
}

}  // namespace

Result<RidgeReadout> RidgeReadout::Fit(const DenseMatrix& features, const DenseMatrix& labels) {
  std::vector<double> strengths;
  for (const double share : {1e-3, 1e-2, 1e-1, 1.0, 10.0})
    strengths.push_back(share * static_cast<double>(features.rows));
  return FitBest(features, labels, strengths);
}

Result<RidgeReadout> RidgeReadout::Fit(const DenseMatrix& features, const DenseMatrix& labels, double strength) {
  if (!(strength > 0)) return Error{Fault::kInvalidInput, "the strength of a ridge regression must be above 0"};
  return FitBest(features, labels, {strength});
}

Result<RidgeReadout> RidgeReadout::FitBest(const DenseMatrix& features, const DenseMatrix& labels,
                                           const std::vector<double>& strengths) {
  if (features.rows < 3) return Error{Fault::kInvalidInput, "a ridge regression needs three rows"};
  if (features.rows != labels.rows) return Error{Fault::kInvalidInput, "as many rows of labels as of features"};
  for (const DenseMatrix* matrix : {&features, &labels})
    for (const double value : matrix->values)
      if (!std::isfinite(value)) return Error{Fault::kInvalidInput, "a feature or a label is not finite"};
  const std::size_t rows = features.rows;
  RidgeReadout fit;
  fit.means_ = Means(features);
  fit.intercepts_ = Means(labels);
  fit.deviations_.assign(features.columns, 0);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < features.columns; ++column)
      fit.deviations_[column] += std::pow(features.At(row, column) - fit.means_[column], 2) / static_cast<double>(rows);
  // Below that it is rounding.
  for (std::size_t column = 0; column < features.columns; ++column) {
    const double deviation = std::sqrt(fit.deviations_[column]);
    fit.deviations_[column] = deviation > 1e-12 * std::abs(fit.means_[column]) ? deviation : 0;
  }
  DenseMatrix centered = labels;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t label = 0; label < labels.columns; ++label) centered.At(row, label) -= fit.intercepts_[label];

  TRY(parts, Decompose(Standardized(features, fit.means_, fit.deviations_)));
  const std::size_t rank = parts.values.size();
  DenseMatrix turned(rank, rows);  // U^T
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t j = 0; j < rank; ++j) turned.At(j, row) = parts.left.At(row, j);
  const DenseMatrix projected = Product(turned, centered);  // U^T Y

  double least = std::numeric_limits<double>::infinity();
  for (const double strength : strengths) {
    DenseMatrix shrunk = projected;
    std::vector<double> rest(rows, 1 - 1 / static_cast<double>(rows));  // 1 - h
    for (std::size_t j = 0; j < rank; ++j) {
      const double square = parts.values[j] * parts.values[j];
      const double share = square / (square + strength);
      for (std::size_t label = 0; label < labels.columns; ++label) shrunk.At(j, label) *= share;
      for (std::size_t row = 0; row < rows; ++row) rest[row] -= share * parts.left.At(row, j) * parts.left.At(row, j);
    }
    DenseMatrix left_out = Product(parts.left, shrunk);
    double errors = 0;
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t label = 0; label < labels.columns; ++label) {
        const double residual = centered.At(row, label) - left_out.At(row, label);
        const double without = rest[row] > kLeastRest ? residual / rest[row] : 1 / kLeastRest;
        errors += without * without;
        left_out.At(row, label) = labels.At(row, label) - without;
      }
    if (!(errors < least)) continue;
    least = errors;
    fit.strength_ = strength;
    fit.left_out_ = std::move(left_out);
  }
  DenseMatrix scaled = projected;
  for (std::size_t j = 0; j < rank; ++j) {
    const double value = parts.values[j];
    for (std::size_t label = 0; label < labels.columns; ++label)
      scaled.At(j, label) *= value / (value * value + fit.strength_);
  }
  fit.weights_ = Product(parts.right, scaled);
  return fit;
}

DenseMatrix RidgeReadout::Predict(const DenseMatrix& features) const {
  DenseMatrix predicted = Product(Standardized(features, means_, deviations_), weights_);
  for (std::size_t row = 0; row < predicted.rows; ++row)
    for (std::size_t label = 0; label < predicted.columns; ++label) predicted.At(row, label) += intercepts_[label];
  return predicted;
}

}  // namespace ringfort::attacks
