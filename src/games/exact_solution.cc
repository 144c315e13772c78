#include "games/exact_solution.h"

#include <fmt/format.h>
#include <gmpxx.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "games/exact_payoffs_internal.h"
#include "games/exact_simplex_internal.h"
#include "games/payoff.h"

namespace ringfort::games {
namespace {

Status CheckSize(std::size_t rows, std::size_t columns, std::span<const std::string> payoffs) {
  if (rows == 0 || columns == 0) return Error{Fault::kInvalidInput, "a player has no action"};
  if (payoffs.size() > kMostExactCells)
    return Error{Fault::kLimitExceeded, fmt::format("{} x {} payoffs are too many to solve exactly; the most is {}",
                                                    rows, columns, kMostExactCells)};
  for (const std::string& payoff : payoffs)
    if (!ReadPayoff(payoff)) return Error{Fault::kInvalidInput, fmt::format("`{}` is no payoff", payoff)};
  return Done{};
}

struct Bounds {
  mpq_class low{};   // the least of x A
  mpq_class high{};  // the largest of A y
};

Bounds Prove(std::size_t rows, std::size_t columns, const std::vector<mpz_class>& payoffs,
             const std::vector<mpq_class>& row, const std::vector<mpq_class>& column) {
  Bounds bounds;
  mpq_class product;
  for (std::size_t j = 0; j < columns; ++j) {
    mpq_class cost;
    for (std::size_t i = 0; i < rows; ++i) {
      if (row[i] == 0) continue;
      product = row[i] * payoffs[i * columns + j];
      cost += product;
    }
    if (j == 0 || cost < bounds.low) bounds.low = cost;
  }
  for (std::size_t i = 0; i < rows; ++i) {
    mpq_class gain;
    for (std::size_t j = 0; j < columns; ++j) {
      if (column[j] == 0) continue;
      product = column[j] * payoffs[i * columns + j];
      gain += product;
    }
    if (i == 0 || gain > bounds.high) bounds.high = gain;
  }
  return bounds;
}

// Weights as exact probabilities.
std::vector<mpq_class> Probabilities(const std::vector<double>& weights) {
  std::vector<mpq_class> probabilities(weights.begin(), weights.end());
  mpq_class sum;
  for (const mpq_class& weight : probabilities) sum += weight;
  for (mpq_class& weight : probabilities) weight /= sum;
  return probabilities;
}

std::vector<double> Rounded(const std::vector<mpq_class>& values) {
  std::vector<double> rounded;
  for (const mpq_class& value : values) rounded.push_back(value.get_d());
  return rounded;
}

std::vector<std::string> Written(const std::vector<mpq_class>& values) {
  std::vector<std::string> written;
  for (const mpq_class& value : values) written.push_back(value.get_str());
  return written;
}

// get_d() cuts toward zero, so the true number is less than one step away.
double Below(const mpq_class& value) { return std::nextafter(value.get_d(), -std::numeric_limits<double>::infinity()); }
double Above(const mpq_class& value) { return std::nextafter(value.get_d(), std::numeric_limits<double>::infinity()); }

}  // namespace

std::vector<std::string> WrittenPayoffs(const MatrixGame& game) {
  std::vector<std::string> written;
  written.reserve(game.payoffs().size());
  for (const double payoff : game.payoffs()) written.push_back(fmt::format("{}", payoff));
  return written;
}

Result<ExactSolution> SolveExactly(const MatrixGame& game) {
  if (game.payoffs().size() > kMostExactCells)
    return Error{Fault::kLimitExceeded, fmt::format("{} x {} payoffs are too many to solve exactly; the most is {}",
                                                    game.rows(), game.columns(), kMostExactCells)};
  return SolveExactly(game.rows(), game.columns(), WrittenPayoffs(game));
}

Result<ExactSolution> SolveExactly(std::size_t rows, std::size_t columns, std::span<const std::string> payoffs) {
  TRY_STATUS(CheckSize(rows, columns, payoffs));
  mpz_class scale;
  TRY(whole, WholePayoffs(payoffs, scale));
  // Moved so that all are positive, the column player looks for the largest sum of y with
  // A y <= 1: its value is one over that of the game, its dual the row player's.
  const mpz_class shift = 1 - *std::min_element(whole.begin(), whole.end());
  ExactProgram program;
  program.bounds.assign(rows, 1);
  program.objective.assign(columns, 1);
  for (std::size_t i = 0; i < rows; ++i) {
    program.constraints.emplace_back();
    for (std::size_t j = 0; j < columns; ++j) program.constraints.back().push_back(whole[i * columns + j] + shift);
  }
  TRY(optimum, Maximize(program));
  const mpq_class shifted_value = 1 / optimum.value;
  std::vector<mpq_class> row = std::move(optimum.dual);
  std::vector<mpq_class> column = std::move(optimum.primal);
  mpq_class row_sum;
  mpq_class column_sum;
  bool valid = true;
  for (mpq_class& weight : row) {
    weight *= shifted_value;
    row_sum += weight;
    valid = valid && weight >= 0;
  }
  for (mpq_class& weight : column) {
    weight *= shifted_value;
    column_sum += weight;
    valid = valid && weight >= 0;
  }
  const mpq_class scaled_value = shifted_value - shift;
  const Bounds bounds = Prove(rows, columns, whole, row, column);
  if (!valid || row_sum != 1 || column_sum != 1 || bounds.low != scaled_value || bounds.high != scaled_value)
    return Error{Fault::kInternal, "the exact solution did not pass its own check"};

  const mpq_class value = scaled_value / scale;
  ExactSolution solution;
  solution.value = value.get_str();
  solution.row = Written(row);
  solution.column = Written(column);
  solution.rounded.row = Rounded(row);
  solution.rounded.column = Rounded(column);
  // A value that a double holds is told as that double.
  const bool held = mpq_class(value.get_d()) == value;
  solution.rounded.low = held || value > 0 ? value.get_d() : Below(value);
  solution.rounded.high = held || value < 0 ? value.get_d() : Above(value);
  solution.rounded.iterations = optimum.pivots;
  return solution;
}

Result<ExactInterval> CertifyExactly(std::size_t rows, std::size_t columns, std::span<const std::string> payoffs,
                                     const Solution& solution) {
  TRY_STATUS(CheckSize(rows, columns, payoffs));
  mpz_class scale;
  TRY(whole, WholePayoffs(payoffs, scale));
  const Bounds bounds = Prove(rows, columns, whole, Probabilities(solution.row), Probabilities(solution.column));
  const mpq_class low = bounds.low / scale;
  const mpq_class high = bounds.high / scale;
  return ExactInterval{Below(low), Above(high)};
}

}  // namespace ringfort::games
