#include <optional>
#include <utility>

#include "games/exact_simplex_internal.h"

namespace ringfort::games {
namespace {

// Rows: the constraints, then the objective. Columns: the variables out of the basis,
// then the right-hand side. The true entries are these integers over `denominator_`.
class Tableau {
 public:
  Tableau(const ExactProgram& program, double work)
      : variables_(program.objective.size()), constraints_(program.bounds.size()), work_left_(work) {
    // Variable 0 .. n-1 are x, from n on the slacks of the constraints.
    for (std::size_t j = 0; j < variables_; ++j) outside_.push_back(j);
    for (std::size_t i = 0; i < constraints_; ++i) {
      inside_.push_back(variables_ + i);
      cells_.push_back(program.constraints[i]);
      cells_.back().push_back(program.bounds[i]);
    }
    cells_.emplace_back();
    for (const mpz_class& coefficient : program.objective) cells_.back().push_back(-coefficient);
    cells_.back().emplace_back(0);
  }

  Result<ExactOptimum> Run() {
    ExactOptimum optimum;
    bool gained = true;
    for (std::optional<std::size_t> entering; (entering = Entering(gained)); ++optimum.pivots) {
      const std::optional<std::size_t> leaving = Leaving(*entering);
      if (!leaving) return Error{Fault::kInvalidInput, "the linear program has no largest value"};
      gained = Bound(*leaving) != 0;
      Pivot(*leaving, *entering);
      if (work_left_ < 0)
        return Error{Fault::kLimitExceeded, "the exact solution needs more arithmetic than is allowed"};
    }
    optimum.work_left = work_left_;
    optimum.value = Ratio(cells_.back().back());
    optimum.primal.assign(variables_, 0);
    optimum.dual.assign(constraints_, 0);
    for (std::size_t i = 0; i < constraints_; ++i)
      if (inside_[i] < variables_) optimum.primal[inside_[i]] = Ratio(Bound(i));
    for (std::size_t j = 0; j < variables_; ++j)
      if (outside_[j] >= variables_) optimum.dual[outside_[j] - variables_] = Ratio(cells_.back()[j]);
    return optimum;
  }

 private:
  const mpz_class& Bound(std::size_t row) const { return cells_[row].back(); }

  mpq_class Ratio(const mpz_class& numerator) const {
    mpq_class ratio(numerator, denominator_);
    ratio.canonicalize();
    return ratio;
  }

  std::optional<std::size_t> Entering(bool steepest) const {
    const std::vector<mpz_class>& objective = cells_.back();
    std::optional<std::size_t> best;
    for (std::size_t j = 0; j < variables_; ++j) {
      if (objective[j] >= 0) continue;
      if (!best || (steepest ? objective[j] < objective[*best] : outside_[j] < outside_[*best])) best = j;
    }
    return best;
  }

  std::optional<std::size_t> Leaving(std::size_t entering) const {
    std::optional<std::size_t> best;
    mpz_class mine;
    mpz_class its;
    for (std::size_t i = 0; i < constraints_; ++i) {
      if (cells_[i][entering] <= 0) continue;
      if (best) {
        mine = Bound(i) * cells_[*best][entering];
        its = Bound(*best) * cells_[i][entering];
      }
      if (!best || mine < its || (mine == its && inside_[i] < inside_[*best])) best = i;
    }
    return best;
  }

  // The pivot is positive, so the denominator stays so. Each division leaves no rest:
  // every entry is a minor of the first tableau.
  void Pivot(std::size_t row, std::size_t column) {
    const mpz_class pivot = cells_[row][column];
    mpz_class product;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (i == row) continue;
      mpz_class& factor = cells_[i][column];
      for (std::size_t j = 0; j <= variables_; ++j) {
        if (j == column) continue;
        mpz_class& cell = cells_[i][j];
        cell *= pivot;
        if (factor != 0) {
          product = factor * cells_[row][j];
          cell -= product;
        }
        if (denominator_ != 1) mpz_divexact(cell.get_mpz_t(), cell.get_mpz_t(), denominator_.get_mpz_t());
      }
      factor = -factor;
    }
    cells_[row][column] = denominator_;
    denominator_ = pivot;
    std::swap(inside_[row], outside_[column]);
    work_left_ -= static_cast<double>(cells_.size()) * static_cast<double>(variables_ + 1) *
                  static_cast<double>(64 + mpz_sizeinbase(denominator_.get_mpz_t(), 2));
  }

  std::size_t variables_;
  std::size_t constraints_;
  double work_left_;
  std::vector<std::size_t> inside_{};   // the variable of each constraint row
  std::vector<std::size_t> outside_{};  // the variable of each column
  std::vector<std::vector<mpz_class>> cells_{};
  mpz_class denominator_{1};
};

}  // namespace

Result<ExactOptimum> Maximize(const ExactProgram& program, double work) { return Tableau(program, work).Run(); }

}  // namespace ringfort::games
