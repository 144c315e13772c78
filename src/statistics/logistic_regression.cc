#include "statistics/logistic_regression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ringfort::statistics {
namespace {

// log(1 + e^x) without overflow.
double SoftPlus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

double Logistic(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// The last place of a vector of parameters is the intercept.
class Fit {
 public:
  Fit(std::span<const SparseRow> rows, std::span<const std::uint8_t> labels, std::uint32_t features, double strength)
      : rows_(rows), labels_(labels), features_(features), strength_(strength) {}

  std::vector<double> Margins(const std::vector<double>& at) const {
    std::vector<double> margins(rows_.size(), at[features_]);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      for (const auto& [feature, value] : rows_[i]) margins[i] += at[feature] * value;
    return margins;
  }

  double Value(const std::vector<double>& at, const std::vector<double>& margins) const {
    double sum = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) sum += SoftPlus(labels_[i] != 0 ? -margins[i] : margins[i]);
    return strength_ * sum + Square(at) / 2;
  }

  std::vector<double> Gradient(const std::vector<double>& at, const std::vector<double>& margins) const {
    std::vector<double> slopes(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i)
      slopes[i] = strength_ * (Logistic(margins[i]) - (labels_[i] != 0 ? 1 : 0));
    return Gathered(slopes, at);
  }

  // The Hessian times `direction`.
  std::vector<double> Curve(const std::vector<double>& direction, const std::vector<double>& margins) const {
    std::vector<double> pull = Margins(direction);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double p = Logistic(margins[i]);
      pull[i] *= strength_ * p * (1 - p);
    }
    return Gathered(pull, direction);
  }

 private:
  double Square(const std::vector<double>& at) const { return Dot(at, at) - at[features_] * at[features_]; }

  std::vector<double> Gathered(const std::vector<double>& by_row, const std::vector<double>& ridge) const {
    std::vector<double> gathered(ridge);
    gathered[features_] = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      gathered[features_] += by_row[i];
      for (const auto& [feature, value] : rows_[i]) gathered[feature] += by_row[i] * value;
    }
    return gathered;
  }

  std::span<const SparseRow> rows_;
  std::span<const std::uint8_t> labels_;
  std::uint32_t features_;
  double strength_;
};

// Solves Hessian * step = -gradient by conjugate gradients, roughly: as exactly as the
// gradient is small already.
std::vector<double> NewtonStep(const Fit& fit, const std::vector<double>& gradient,
                               const std::vector<double>& margins) {
  std::vector<double> step(gradient.size(), 0), rest(gradient.size()), direction;
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = -gradient[i];
  direction = rest;
  double length = Dot(rest, rest);
  const double target = length * std::min(0.01, length);
  for (int round = 0; round < 250 && length > target && length > 0; ++round) {
    const std::vector<double> curve = fit.Curve(direction, margins);
    const double bend = Dot(direction, curve);
    if (!(bend > 0)) break;
    const double along = length / bend;
    for (std::size_t i = 0; i < step.size(); ++i) {
      step[i] += along * direction[i];
      rest[i] -= along * curve[i];
    }
    const double next = Dot(rest, rest);
    for (std::size_t i = 0; i < step.size(); ++i) direction[i] = rest[i] + next / length * direction[i];
    length = next;
  }
  return step;
}

Status CheckRows(std::span<const SparseRow> rows, std::span<const std::uint8_t> labels, std::uint32_t features,
                 const LogisticOptions& options) {
  if (rows.size() != labels.size())
    return Error{Fault::kInvalidInput, fmt::format("{} rows with {} labels", rows.size(), labels.size())};
  if (!(options.strength > 0 && std::isfinite(options.strength) && options.tolerance > 0))
    return Error{Fault::kInvalidInput, "strength and tolerance of a fit must be above 0"};
  std::size_t positive = 0;
  for (const std::uint8_t label : labels) positive += label != 0 ? 1 : 0;
  if (positive == 0 || positive == labels.size())
    return Error{Fault::kInvalidInput, "all rows have the same label: there is nothing to tell apart"};
  for (const SparseRow& row : rows)
    for (const auto& [feature, value] : row)
      if (feature >= features || !std::isfinite(value))
        return Error{Fault::kInvalidInput, fmt::format("feature {} of {} has the value {}", feature, features, value)};
  return Done{};
}

}  // namespace

double LogisticModel::LogOdds(const SparseRow& row) const {
  double sum = intercept;
  for (const auto& [feature, value] : row)
    if (feature < weights.size()) sum += weights[feature] * value;
  return sum;
}

double LogisticModel::Probability(const SparseRow& row) const { return Logistic(LogOdds(row)); }

Result<LogisticModel> FitLogistic(std::span<const SparseRow> rows, std::span<const std::uint8_t> labels,
                                  std::uint32_t features, const LogisticOptions& options) {
  TRY_STATUS(CheckRows(rows, labels, features, options));
  const Fit fit(rows, labels, features, options.strength);
  std::vector<double> at(std::size_t{features} + 1, 0);
  std::vector<double> margins = fit.Margins(at);
  double value = fit.Value(at, margins);
  double first = -1;
  for (std::uint32_t iteration = 0; iteration < options.iterations; ++iteration) {
    const std::vector<double> gradient = fit.Gradient(at, margins);
    const double length = std::sqrt(Dot(gradient, gradient));
    if (first < 0) first = length;
    if (length <= options.tolerance * first) break;
    const std::vector<double> step = NewtonStep(fit, gradient, margins);
    const double slope = Dot(gradient, step);
    bool moved = false;
    for (double share = 1; share > 1e-10 && !moved; share /= 2) {
      std::vector<double> tried(at);
      for (std::size_t i = 0; i < at.size(); ++i) tried[i] += share * step[i];
      const std::vector<double> tried_margins = fit.Margins(tried);
      const double tried_value = fit.Value(tried, tried_margins);
      if (tried_value > value + 1e-4 * share * slope) continue;
      moved = tried_value < value;
      at = tried;
      margins = tried_margins;
      value = tried_value;
      if (!moved) break;
    }
    if (!moved) break;  // as near as doubles come
  }
  LogisticModel model;
  model.intercept = at.back();
  at.pop_back();
  model.weights = std::move(at);
  return model;
}

}  // namespace ringfort::statistics
