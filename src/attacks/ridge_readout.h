#pragma once

#include <vector>

#include "attacks/dense_algebra.h"
#include "base/result.h"

// What can be read from vectors by a linear map: ridge regression of many labels at once.
//
//   (b, W) = argmin |Y - 1 b^T - X W|^2 + strength |W|^2
//
// X are the features, each column centered and divided by its standard deviation (a column
// that never changes counts nothing). The strength is the one of 1e-3, 1e-2, ... 1e1 times
// the rows whose predictions err least on rows that the fit did not see; these come without
// fitting again, since leaving row i out changes its residual from r to r / (1 - h_i):
//
//   h_i = 1/n + sum_j u_ij^2 s_j^2 / (s_j^2 + strength),   X = U diag(s) V^T
//
//   x = (-1, 1), y = (0, 1): without strength the line goes through both, h = 1 and nothing
//   is known of a row left out; the larger the strength, the more b alone decides.
//
// Source: A. Hoerl, R. Kennard, Technometrics 12 (1970); left-out residuals: G. Golub, M.
// Heath, G. Wahba, Technometrics 21 (1979). The grid is ours. One singular decomposition of
// rows x columns; the rest is products. Any thread.

namespace ringfort::attacks {

class RidgeReadout {
 public:
  // At least three rows. Errors (kInvalidInput): fewer; another number of rows in both; an
  // entry that is not finite.
  static Result<RidgeReadout> Fit(const DenseMatrix& features, const DenseMatrix& labels);
  // With a strength of one's own, above 0.
  static Result<RidgeReadout> Fit(const DenseMatrix& features, const DenseMatrix& labels, double strength);

  double strength() const { return strength_; }
  // rows x labels: each row's labels as predicted by a fit to all other rows.
  const DenseMatrix& left_out() const { return left_out_; }
  // REQUIRES: as many columns as the features had.
  DenseMatrix Predict(const DenseMatrix& features) const;

 private:
  static Result<RidgeReadout> FitBest(const DenseMatrix& features, const DenseMatrix& labels,
                                      const std::vector<double>& strengths);

  double strength_ = 0;
  DenseMatrix left_out_;
  DenseMatrix weights_;             // columns x labels
  std::vector<double> means_;       // of the features
  std::vector<double> deviations_;  // 0 for a column that never changes
  std::vector<double> intercepts_;  // of the labels
};

}  // namespace ringfort::attacks
