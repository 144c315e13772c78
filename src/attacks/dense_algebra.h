#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"

// What stealing a linear layer needs of linear algebra. The library behind it (Eigen)
// stands in dense_algebra.cc alone, since it is slow to compile.
//
// Time O(m n min(m, n)); memory a few times the matrix. Any thread.

namespace ringfort::attacks {

// In double precision, row after row.
struct DenseMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values{};  // rows * columns

  DenseMatrix() = default;
  DenseMatrix(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), values(row_count * column_count, 0) {}

  double& At(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  double At(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

// matrix = left * diagonal(values) * right^T; values fall.
struct SingularDecomposition {
  std::vector<double> values{};  // min(rows, columns)
  DenseMatrix left{};            // rows x values
  DenseMatrix right{};           // columns x values
};

// Errors (kInvalidInput): no entry, an entry that is not finite, values that do not fill
// the shape.
Result<std::vector<double>> SingularValues(const DenseMatrix& matrix);
Result<SingularDecomposition> Decompose(const DenseMatrix& matrix);

// X that makes |a X - b| least, the shortest where many do. Errors: as above; another
// number of rows in `a` and `b`.
Result<DenseMatrix> LeastSquares(const DenseMatrix& a, const DenseMatrix& b);

DenseMatrix Product(const DenseMatrix& a, const DenseMatrix& b);  // REQUIRES: a.columns == b.rows

// Where falling singular values drop most: i that makes ln s_i - ln s_(i+1) largest, which
// is the rank of a matrix with a little noise on it. `drop` is that difference. Values
// below 1e-13 of the largest are rounding and count as that. {0, 0} of none or of all 0.
//
//   s = (9, 5, 4, 0.001, 0.0009)    drops 0.6, 0.2, 8.3, 0.1    rank 3
//
// Source: N. Carlini et al., ICML 2024, arXiv:2403.06634. The floor is ours.
struct RankGap {
  std::size_t rank = 0;
  double drop = 0;
};
RankGap LargestDrop(std::span<const double> falling);

// The rank, if there can be no doubt: at least a quarter of the values lie behind the
// largest drop, it is tenfold, and what lies behind it is below 1e-4 of the largest. Else 0:
// the matrix is too small to show its rank, or has none but its size. Ours.
std::size_t ClearRank(std::span<const double> falling);

}  // namespace ringfort::attacks
