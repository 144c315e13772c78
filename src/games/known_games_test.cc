#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "games/dominance.h"
#include "games/exact_simplex_internal.h"
#include "games/exact_solution.h"
#include "games/known_games_internal.h"
#include "games/linear_program.h"
#include "games/payoff.h"
#include "games/regret_matching.h"

namespace ringfort::games {
namespace {

std::vector<std::string> Flat(const std::vector<std::vector<std::string>>& payoffs) {
  std::vector<std::string> flat;
  for (const auto& row : payoffs) flat.insert(flat.end(), row.begin(), row.end());
  return flat;
}

MatrixGame Numbers(std::size_t rows, const std::vector<std::string>& payoffs) {
  std::vector<double> numbers;
  for (const std::string& payoff : payoffs) numbers.push_back(ReadPayoff(payoff).value());
  return MatrixGame::Make(rows, payoffs.size() / rows, numbers).value();
}

MatrixGame RandomGame(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> payoffs(rows * columns);
  for (double& payoff : payoffs) payoff = 2 * random.Uniform() - 1;
  return MatrixGame::Make(rows, columns, payoffs).value();
}

double Value(const MatrixGame& game) { return SolveExactly(game).value().rounded.value(); }

TEST(KnownGames, ExactSolutionIsTheKnownOne) {
  for (const KnownGame& known : KnownGames()) {
    const auto solved = SolveExactly(known.payoffs.size(), known.payoffs[0].size(), Flat(known.payoffs));
    ASSERT_TRUE(solved.ok()) << known.name << ": " << solved.error().what;
    EXPECT_EQ(solved.value().value, known.value) << known.name;
    if (!known.row.empty()) {
      EXPECT_EQ(solved.value().row, known.row) << known.name;
    }
    if (!known.column.empty()) {
      EXPECT_EQ(solved.value().column, known.column) << known.name;
    }
    const Solution& rounded = solved.value().rounded;
    EXPECT_LE(rounded.low, ReadPayoff(known.value).value()) << known.name;
    EXPECT_GE(rounded.high, ReadPayoff(known.value).value()) << known.name;
    EXPECT_LE(rounded.gap(), 1e-15) << known.name;
  }
}

TEST(KnownGames, LinearProgramFindsValueAndStrategies) {
  if (!HasLinearProgram()) GTEST_SKIP() << "built without RINGFORT_WITH_CLP";
  for (const KnownGame& known : KnownGames()) {
    const MatrixGame game = Numbers(known.payoffs.size(), Flat(known.payoffs));
    const Solution solved = SolveByLinearProgram(game).value();
    EXPECT_LE(solved.gap(), 1e-9) << known.name;
    EXPECT_NEAR(solved.value(), ReadPayoff(known.value).value(), 1e-9) << known.name;
    for (std::size_t i = 0; i < known.row.size(); ++i)
      EXPECT_NEAR(solved.row[i], ReadPayoff(known.row[i]).value(), 1e-9) << known.name;
    for (std::size_t j = 0; j < known.column.size(); ++j)
      EXPECT_NEAR(solved.column[j], ReadPayoff(known.column[j]).value(), 1e-9) << known.name;
  }
}

TEST(KnownGames, RegretMatchingHoldsTheValueBetweenItsBounds) {
  for (const KnownGame& known : KnownGames()) {
    const MatrixGame game = Numbers(known.payoffs.size(), Flat(known.payoffs));
    const Solution solved = SolveByRegretMatching(game);
    const double value = ReadPayoff(known.value).value();
    EXPECT_LE(solved.low, value) << known.name;
    EXPECT_GE(solved.high, value) << known.name;
    EXPECT_LE(solved.gap(), 1e-5 * std::max(1.0, game.range())) << known.name;
  }
}

TEST(KnownGames, KuhnPoker) {
  const std::vector<std::string> payoffs = Flat(KuhnPokerTimesSix());
  ASSERT_EQ(payoffs.size(), 27U * 64U);
  const ExactSolution exact = SolveExactly(27, 64, payoffs).value();
  EXPECT_EQ(exact.value, "-1/3");  // of six times the game: -1/18
  const MatrixGame game = Numbers(27, payoffs);
  const Solution learned = SolveByRegretMatching(game);
  EXPECT_LE(learned.low, -1.0 / 3);
  EXPECT_GE(learned.high, -1.0 / 3);
  EXPECT_LE(learned.gap(), 1e-4);
  if (!HasLinearProgram()) return;
  const Solution solved = SolveByLinearProgram(game).value();
  EXPECT_NEAR(solved.value() / 6, -1.0 / 18, 1e-9);
  EXPECT_LE(solved.gap(), 1e-9);
}

// Morra's optimal mixtures are those of the second and third action between 4/7 : 3/7
// and 3/5 : 2/5.
TEST(KnownGames, MorraMixesTheTwoCallsOfThree) {
  const auto morra = std::find_if(KnownGames().begin(), KnownGames().end(),
                                  [](const KnownGame& known) { return known.name == "two-finger Morra"; });
  const Solution solved = SolveExactly(4, 4, Flat(morra->payoffs)).value().rounded;
  EXPECT_EQ(solved.row[0], 0);
  EXPECT_EQ(solved.row[3], 0);
  EXPECT_GE(solved.row[1], 4.0 / 7 - 1e-12);
  EXPECT_LE(solved.row[1], 3.0 / 5 + 1e-12);
}

TEST(Properties, ValueFollowsWhatIsDoneToTheGame) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const std::size_t rows = 1 + seed % 5;
    const std::size_t columns = 2 + seed % 4;
    const MatrixGame game = RandomGame(rows, columns, seed);
    const double value = Value(game);
    std::vector<double> moved = game.payoffs();
    for (double& payoff : moved) payoff = 3 * payoff + 2;
    EXPECT_NEAR(Value(MatrixGame::Make(rows, columns, moved).value()), 3 * value + 2, 1e-9);

    std::vector<double> swapped(rows * columns);  // the players change seats
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) swapped[j * rows + i] = -game.At(i, j);
    EXPECT_NEAR(Value(MatrixGame::Make(columns, rows, swapped).value()), -value, 1e-9);

    std::vector<double> reversed(game.payoffs().rbegin(), game.payoffs().rend());
    EXPECT_NEAR(Value(MatrixGame::Make(rows, columns, reversed).value()), value, 1e-9);

    std::vector<double> longer = game.payoffs();  // a row that is worse than the first
    for (std::size_t j = 0; j < columns; ++j) longer.push_back(game.At(0, j) - 0.5);
    EXPECT_NEAR(Value(MatrixGame::Make(rows + 1, columns, longer).value()), value, 1e-9);
  }
}

TEST(Properties, SolversAgree) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const MatrixGame game = RandomGame(3 + 2 * seed, 25 - 2 * seed, 100 + seed);
    const double exact = Value(game);
    const Solution learned = SolveByRegretMatching(game);
    EXPECT_LE(learned.low, exact);
    EXPECT_GE(learned.high, exact);
    EXPECT_LE(learned.gap(), 1e-4);
    if (!HasLinearProgram()) continue;
    const Solution solved = SolveByLinearProgram(game).value();
    EXPECT_LE(solved.low, exact);
    EXPECT_GE(solved.high, exact);
    EXPECT_LE(solved.gap(), 1e-9);
  }
}

// Beyond the size from which regret matching guesses a basis.
TEST(Properties, LargeGamesReachTheGap) {
  if (!HasLinearProgram()) GTEST_SKIP() << "built without RINGFORT_WITH_CLP";
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{200, 200}, {30, 900}, {900, 30}}) {
    const MatrixGame game = RandomGame(rows, columns, rows);
    const Solution solved = SolveByLinearProgram(game).value();
    EXPECT_GE(solved.gap(), 0);
    EXPECT_LE(solved.gap(), 1e-9);
  }
}

TEST(Properties, PayoffsOfAnyScaleAreSolved) {
  if (!HasLinearProgram()) GTEST_SKIP() << "built without RINGFORT_WITH_CLP";
  for (const double scale : {1e-90, 1e-9, 1.0, 1e9, 1e99}) {
    std::vector<double> payoffs = RandomGame(12, 9, 5).payoffs();
    for (double& payoff : payoffs) payoff *= scale;
    const MatrixGame game = MatrixGame::Make(12, 9, payoffs).value();
    EXPECT_LE(SolveByLinearProgram(game).value().gap(), 1e-9 * scale);
    EXPECT_LE(SolveByRegretMatching(game).gap(), 1e-4 * scale);
  }
}

TEST(ExactCertificate, IsNarrowerThanTheRoundedOneAndHoldsTheValue) {
  const MatrixGame game = RandomGame(20, 15, 77);
  const Solution learned = SolveByRegretMatching(game);
  const ExactInterval exact = CertifyExactly(20, 15, WrittenPayoffs(game), learned).value();
  EXPECT_GE(exact.low, learned.low);
  EXPECT_LE(exact.high, learned.high);
  EXPECT_LE(exact.low, Value(game));
  EXPECT_GE(exact.high, Value(game));
}

TEST(ExactSolution, RefusesWhatIsTooLargeOrNoNumber) {
  const std::vector<std::string> many(101 * 100, "1");
  EXPECT_EQ(SolveExactly(101, 100, many).error().fault, Fault::kLimitExceeded);
  const std::vector<std::string> word{"1", "x"};
  EXPECT_EQ(SolveExactly(1, 2, word).error().fault, Fault::kInvalidInput);
  const std::vector<std::string> none;
  EXPECT_EQ(SolveExactly(0, 2, none).error().fault, Fault::kInvalidInput);
  const std::vector<std::string> wide{"1e-300", "1/3", "1e90", "7e-305"};
  EXPECT_TRUE(SolveExactly(2, 2, wide).ok());
}

TEST(ExactSimplex, EndsWhereTheWorkDoesOrNoLargestIs) {
  ExactProgram program;
  program.constraints = {{1, 2}, {3, 1}};
  program.bounds = {4, 6};
  program.objective = {1, 1};
  const ExactOptimum optimum = Maximize(program).value();
  EXPECT_EQ(optimum.value.get_str(), "14/5");
  EXPECT_GT(optimum.work_left, 0);
  EXPECT_LT(optimum.work_left, kExactWork);
  EXPECT_EQ(Maximize(program, 1).error().fault, Fault::kLimitExceeded);
  program.constraints[0][1] = 0;
  program.constraints[1][1] = -1;
  EXPECT_EQ(Maximize(program).error().fault, Fault::kInvalidInput);
}

TEST(ExactSolution, EndsOnDegenerateGames) {
  // Every payoff ties with others; each pivot gains nothing but the first few.
  std::vector<std::string> payoffs;
  for (int i = 0; i < 30; ++i)
    for (int j = 0; j < 30; ++j) payoffs.push_back((i * j) % 3 == 0 ? "0" : (i + j) % 2 == 0 ? "1" : "-1");
  EXPECT_TRUE(SolveExactly(30, 30, payoffs).ok());
  EXPECT_EQ(SolveExactly(30, 30, std::vector<std::string>(900, "-2.50")).value().value, "-5/2");
}

TEST(RegretMatching, IsTheSameEveryTime) {
  const MatrixGame game = RandomGame(40, 40, 3);
  const Solution once = SolveByRegretMatching(game);
  const Solution twice = SolveByRegretMatching(game);
  EXPECT_EQ(once.row, twice.row);
  EXPECT_EQ(once.column, twice.column);
  EXPECT_EQ(once.iterations, twice.iterations);
}

TEST(RegretMatching, StopsAtItsLimits) {
  const MatrixGame game = RandomGame(40, 40, 3);
  RegretMatchingLimits limits;
  limits.rounds = 7;
  EXPECT_EQ(SolveByRegretMatching(game, limits).iterations, 7U);
  limits = {};
  limits.cell_visits = 3200 * 10;
  EXPECT_EQ(SolveByRegretMatching(game, limits).iterations, 10U);
}

}  // namespace
}  // namespace ringfort::games
