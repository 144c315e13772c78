#include "games/linear_program.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "games/clp_library.h"
#include "games/regret_matching.h"

namespace ringfort::games {
namespace {

// From here on the guess costs less than the pivots that it saves (measured: at
// 1000 x 1000, 305 pivots and 1.1 s instead of 2676 and 4.4 s).
constexpr std::size_t kGuessFrom = 20'000;
constexpr std::uint64_t kGuessRounds = 300;
// Of a uniform share; what plays less is taken for zero in the guess.
constexpr double kPlayedShare = 0.3;

constexpr double kTolerance = 1e-10;

// The least number that CLP takes for infinity.
constexpr double kUnbounded = std::numeric_limits<double>::max();

// The standing of a variable in the basis, in CLP's numbers.
enum Standing : unsigned char { kBasic = 1, kAtLowerBound = 3 };

using Program = std::unique_ptr<Clp_Simplex, decltype(&Clp_deleteModel)>;

void Load(const MatrixGame& game, const ClpLibrary& clp, Clp_Simplex* program) {
  const auto rows = static_cast<int>(game.rows());
  const auto columns = static_cast<int>(game.columns());
  const double scale = 2 / game.range();
  // The program's columns are the game's rows, stored column by column: our row order.
  std::vector<CoinBigIndex> starts(game.rows() + 1);
  std::vector<int> indices(game.payoffs().size());
  std::vector<double> elements(game.payoffs().size());
  for (std::size_t cell = 0; cell < elements.size(); ++cell) {
    indices[cell] = static_cast<int>(cell % game.columns());
    elements[cell] = 1 + scale * (game.payoffs()[cell] - game.lowest());
  }
  for (int row = 0; row <= rows; ++row) starts[static_cast<std::size_t>(row)] = row * columns;
  const std::vector<double> zeros(game.rows(), 0);
  const std::vector<double> ones(std::max(game.rows(), game.columns()), 1);
  const std::vector<double> unbounded(std::max(game.rows(), game.columns()), kUnbounded);
  clp.set_log_level(program, 0);
  clp.load_problem(program, rows, columns, starts.data(), indices.data(), elements.data(), zeros.data(),
                   unbounded.data(), ones.data(), ones.data(), unbounded.data());
  clp.set_primal_tolerance(program, kTolerance);
  clp.set_dual_tolerance(program, kTolerance);
}

std::vector<std::uint32_t> ByWeight(const std::vector<double>& weights) {
  std::vector<std::uint32_t> order(weights.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return weights[a] != weights[b] ? weights[a] > weights[b] : a < b;
  });
  return order;
}

std::size_t Played(const std::vector<double>& weights) {
  const double share = kPlayedShare / static_cast<double>(weights.size());
  return static_cast<std::size_t>(std::count_if(weights.begin(), weights.end(), [&](double w) { return w > share; }));
}

// A basis in which the actions that regret matching plays most are in, equally many of each player.
void Guess(const MatrixGame& game, const ClpLibrary& clp, Clp_Simplex* program) {
  RegretMatchingLimits limits;
  limits.rounds = kGuessRounds;
  const Solution guess = SolveByRegretMatching(game, limits);
  const std::size_t support = std::min({(Played(guess.row) + Played(guess.column)) / 2, game.rows(), game.columns()});
  const std::vector<std::uint32_t> rows = ByWeight(guess.row);
  const std::vector<std::uint32_t> columns = ByWeight(guess.column);
  // CLP's order: the program's columns (the game's rows) first, then its rows.
  std::vector<unsigned char> standing(rows.size() + columns.size());
  for (std::size_t i = 0; i < rows.size(); ++i) standing[rows[i]] = i < support ? kBasic : kAtLowerBound;
  for (std::size_t i = 0; i < columns.size(); ++i)
    standing[rows.size() + columns[i]] = i < support ? kAtLowerBound : kBasic;
  clp.copy_in_status(program, standing.data());
}

Solution Take(const MatrixGame& game, const ClpLibrary& clp, Clp_Simplex* program) {
  const double* primal = clp.primal_column_solution(program);
  const double* dual = clp.dual_row_solution(program);
  Solution found = Certify(game, std::vector<double>(primal, primal + game.rows()),
                           std::vector<double>(dual, dual + game.columns()));
  found.iterations = static_cast<std::uint64_t>(clp.number_iterations(program));
  return found;
}

}  // namespace

bool HasLinearProgram() { return ClpLibrary::Get().ok(); }

Result<Solution> SolveByLinearProgram(const MatrixGame& game) {
  if (game.range() == 0 || game.rows() == 1 || game.columns() == 1) {
    // Nothing to mix: the best action against the only one there is.
    std::vector<double> row(game.rows(), 0);
    std::vector<double> column(game.columns(), 0);
    const std::vector<double> gains = game.RowYields(std::vector<double>(game.columns(), 1.0));
    const std::vector<double> costs = game.ColumnYields(std::vector<double>(game.rows(), 1.0));
    row[static_cast<std::size_t>(std::max_element(gains.begin(), gains.end()) - gains.begin())] = 1;
    column[static_cast<std::size_t>(std::min_element(costs.begin(), costs.end()) - costs.begin())] = 1;
    return Certify(game, std::move(row), std::move(column));
  }
  if (!ClpLibrary::Get().ok()) return ClpLibrary::Get().error();
  const ClpLibrary& clp = ClpLibrary::Get().value();
  try {
    const Program held(clp.new_model(), clp.delete_model);
    Clp_Simplex* program = held.get();
    Load(game, clp, program);
    if (game.payoffs().size() >= kGuessFrom) Guess(game, clp, program);
    clp.dual(program, 0);
    Solution best = Take(game, clp, program);
    if (best.gap() > 1e-10 * game.range()) {
      // Another way to the same vertex; rounding goes another way too.
      clp.primal(program, 1);
      Solution again = Take(game, clp, program);
      again.iterations += best.iterations;
      if (again.gap() < best.gap()) best = std::move(again);
    }
    if (clp.status(program) != 0) return Error{Fault::kInternal, "the linear program was not solved to its end"};
    return best;
  } catch (const std::exception& failure) {
    return Error{Fault::kInternal, std::string("the linear-programming solver failed: ") + failure.what()};
  } catch (...) {  // CoinError is no std::exception
    return Error{Fault::kInternal, "the linear-programming solver failed"};
  }
}

}  // namespace ringfort::games
