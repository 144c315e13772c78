#include "attacks/dense_algebra.h"

#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>

namespace ringfort::attacks {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using View = Eigen::Map<const RowMajor>;

constexpr double kRounding = 1e-13;
constexpr double kNoise = 1e-4;

View Seen(const DenseMatrix& matrix) {
  return {matrix.values.data(), static_cast<Eigen::Index>(matrix.rows), static_cast<Eigen::Index>(matrix.columns)};
}

DenseMatrix Taken(const Eigen::Ref<const Eigen::MatrixXd>& matrix) {
  DenseMatrix taken(static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols()));
  Eigen::Map<RowMajor>(taken.values.data(), matrix.rows(), matrix.cols()) = matrix;
  return taken;
}

Status CheckMatrix(const DenseMatrix& matrix) {
  if (matrix.rows == 0 || matrix.columns == 0 || matrix.values.size() != matrix.rows * matrix.columns)
    return Error{Fault::kInvalidInput, "a matrix without entries, or with another number than its shape says"};
  for (const double value : matrix.values)
    if (!std::isfinite(value)) return Error{Fault::kInvalidInput, "a matrix holds an entry that is not finite"};
  return Done{};
}

}  // namespace

Result<std::vector<double>> SingularValues(const DenseMatrix& matrix) {
  TRY_STATUS(CheckMatrix(matrix));
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(Seen(matrix), 0);
  const auto& values = svd.singularValues();
  return std::vector<double>(values.data(), values.data() + values.size());
}

Result<SingularDecomposition> Decompose(const DenseMatrix& matrix) {
  TRY_STATUS(CheckMatrix(matrix));
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(Seen(matrix), Eigen::ComputeThinU | Eigen::ComputeThinV);
  const auto& values = svd.singularValues();
  return SingularDecomposition{
      {values.data(), values.data() + values.size()}, Taken(svd.matrixU()), Taken(svd.matrixV())};
}

Result<DenseMatrix> LeastSquares(const DenseMatrix& a, const DenseMatrix& b) {
  TRY_STATUS(CheckMatrix(a));
  TRY_STATUS(CheckMatrix(b));
  if (a.rows != b.rows) return Error{Fault::kInvalidInput, "least squares of matrices with another number of rows"};
  const Eigen::MatrixXd solved = Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd>(Seen(a)).solve(Seen(b));
  return Taken(solved);
}

DenseMatrix Product(const DenseMatrix& a, const DenseMatrix& b) {
  const Eigen::MatrixXd product = Seen(a) * Seen(b);
  return Taken(product);
}

RankGap LargestDrop(std::span<const double> falling) {
  RankGap gap;
  if (falling.empty() || !(falling[0] > 0)) return gap;
  const double floor = falling[0] * kRounding;
  for (std::size_t i = 0; i + 1 < falling.size(); ++i) {
    const double drop = std::log(std::max(falling[i], floor)) - std::log(std::max(falling[i + 1], floor));
    if (drop > gap.drop) gap = {i + 1, drop};
  }
  return gap;
}

std::size_t ClearRank(std::span<const double> falling) {
  const RankGap gap = LargestDrop(falling);
  const bool clear = gap.rank > 0 && 4 * gap.rank <= 3 * falling.size() && gap.drop > std::log(10.0) &&
                     falling[gap.rank] < kNoise * falling[0];
  return clear ? gap.rank : 0;
}

}  // namespace ringfort::attacks
