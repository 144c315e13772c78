#include "games/matrix_game.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace ringfort::games {

Result<MatrixGame> MatrixGame::Make(std::size_t rows, std::size_t columns, std::vector<double> payoffs) {
  if (rows == 0) return Error{Fault::kInvalidInput, "the row player has no action"};
  if (columns == 0) return Error{Fault::kInvalidInput, "the column player has no action"};
  if (rows > kMostCells / columns)
    return Error{Fault::kLimitExceeded, fmt::format("{} x {} payoffs are more than {}", rows, columns, kMostCells)};
  if (payoffs.size() != rows * columns)
    return Error{Fault::kInvalidInput,
                 fmt::format("{} payoffs for {} rows and {} columns", payoffs.size(), rows, columns)};
  for (std::size_t cell = 0; cell < payoffs.size(); ++cell) {
    const double payoff = payoffs[cell];
    if (std::abs(payoff) <= kLargestPayoff) continue;
    return Error{Fault::kInvalidInput,
                 fmt::format("the payoff in row {}, column {} is {}", cell / columns + 1, cell % columns + 1,
                             std::isnan(payoff)   ? "not a number"
                             : std::isinf(payoff) ? "infinite"
                                                  : "beyond 1e100")};
  }
  return MatrixGame(rows, columns, std::move(payoffs));
}

MatrixGame::MatrixGame(std::size_t rows, std::size_t columns, std::vector<double> payoffs)
    : rows_(rows), columns_(columns), payoffs_(std::move(payoffs)) {
  const auto [lowest, highest] = std::minmax_element(payoffs_.begin(), payoffs_.end());
  lowest_ = *lowest;
  highest_ = *highest;
}

std::vector<double> MatrixGame::RowYields(std::span<const double> column_weights) const {
  std::vector<double> yields;
  RowYields(column_weights, yields);
  return yields;
}

std::vector<double> MatrixGame::ColumnYields(std::span<const double> row_weights) const {
  std::vector<double> yields;
  ColumnYields(row_weights, yields);
  return yields;
}

void MatrixGame::RowYields(std::span<const double> column_weights, std::vector<double>& yields) const {
  yields.resize(rows_);
  for (std::size_t row = 0; row < rows_; ++row) {
    // Four sums side by side: one would wait for itself at each addition.
    const double* payoff = payoffs_.data() + row * columns_;
    double sums[4] = {0, 0, 0, 0};
    std::size_t column = 0;
    for (; column + 4 <= columns_; column += 4)
      for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += payoff[column + lane] * column_weights[column + lane];
    for (; column < columns_; ++column) sums[0] += payoff[column] * column_weights[column];
    yields[row] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
}

void MatrixGame::ColumnYields(std::span<const double> row_weights, std::vector<double>& yields) const {
  yields.assign(columns_, 0);
  for (std::size_t row = 0; row < rows_; ++row) {
    const double weight = row_weights[row];
    if (weight == 0) continue;
    const double* payoff = payoffs_.data() + row * columns_;
    for (std::size_t column = 0; column < columns_; ++column) yields[column] += weight * payoff[column];
  }
}

MatrixGame MatrixGame::Restricted(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> columns) const {
  std::vector<double> payoffs;
  payoffs.reserve(rows.size() * columns.size());
  for (const std::uint32_t row : rows)
    for (const std::uint32_t column : columns) payoffs.push_back(At(row, column));
  return MatrixGame(rows.size(), columns.size(), std::move(payoffs));
}

}  // namespace ringfort::games
