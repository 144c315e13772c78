#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

// A two-player zero-sum game in normal form: the row player gets the payoff and wants
// it large, the column player pays it.

namespace ringfort::games {

// Beyond these a matrix is refused: sums and differences of payoffs must stay far from
// overflow, and one matrix must fit in memory a few times over.
inline constexpr double kLargestPayoff = 1e100;
inline constexpr std::size_t kMostCells = 25'000'000;

class MatrixGame {
 public:
  // `payoffs` row by row. Errors, each a sentence: no row or no column, a wrong number
  // of payoffs, a payoff that is not finite or beyond kLargestPayoff (which one, from 1).
  static Result<MatrixGame> Make(std::size_t rows, std::size_t columns, std::vector<double> payoffs);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  double At(std::size_t row, std::size_t column) const { return payoffs_[row * columns_ + column]; }
  std::span<const double> Row(std::size_t row) const { return {payoffs_.data() + row * columns_, columns_}; }
  const std::vector<double>& payoffs() const { return payoffs_; }

  double lowest() const { return lowest_; }
  double highest() const { return highest_; }
  double range() const { return highest_ - lowest_; }
  double largest_magnitude() const { return -lowest_ > highest_ ? -lowest_ : highest_; }

  // What each row yields against the column player's weights: A y. REQUIRES: as many
  // weights as columns.
  std::vector<double> RowYields(std::span<const double> column_weights) const;
  // What each column costs against the row player's weights: x A. REQUIRES: as many
  // weights as rows.
  std::vector<double> ColumnYields(std::span<const double> row_weights) const;
  // The same into storage that is kept from call to call.
  void RowYields(std::span<const double> column_weights, std::vector<double>& yields) const;
  void ColumnYields(std::span<const double> row_weights, std::vector<double>& yields) const;

  // The game in which only these rows and columns are left, in this order. REQUIRES:
  // none of the lists is empty, every index exists.
  MatrixGame Restricted(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> columns) const;

 private:
  MatrixGame(std::size_t rows, std::size_t columns, std::vector<double> payoffs);

  std::size_t rows_;
  std::size_t columns_;
  std::vector<double> payoffs_;
  double lowest_;
  double highest_;
};

}  // namespace ringfort::games
