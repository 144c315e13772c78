#include "application/solve_game.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/json.h"

namespace ringfort {
namespace {

using testing::HasSubstr;

class SolveGameTest : public testing::Test {
 protected:
  SolveGameTest() : folder_(std::filesystem::path(testing::TempDir()) / "ringfort_solve_game") {
    std::filesystem::create_directories(folder_);
  }
  ~SolveGameTest() override { std::filesystem::remove_all(folder_); }

  GameRequest Write(const std::string& name, std::string_view content) const {
    GameRequest request;
    request.path = folder_ / name;
    EXPECT_TRUE(WriteFileAtomically(request.path, content).ok());
    return request;
  }

  std::filesystem::path folder_;
};

constexpr std::string_view kDominated = ",left,middle,right\ntop,4,2,1\nworse,3,1,0\nbottom,0,3,5\n";

TEST_F(SolveGameTest, EverySolverProvesTheValue) {
  GameRequest request = Write("g.csv", kDominated);
  for (const GameSolver solver : {GameSolver::kLinearProgram, GameSolver::kRegretMatching, GameSolver::kExact}) {
    for (const bool eliminate : {false, true}) {
      request.solver = solver;
      request.eliminate = eliminate;
      const GameAnswer answer = SolveGame(request).value();
      EXPECT_LE(answer.low, 2.4);
      EXPECT_GE(answer.high, 2.4);
      EXPECT_LE(answer.high - answer.low, 1e-5);
      EXPECT_TRUE(answer.exact_certificate);
      EXPECT_EQ(answer.row.size(), 3U);
      EXPECT_NEAR(answer.row[0].probability, 0.6, 1e-4);
      EXPECT_EQ(answer.removed.empty(), !eliminate);
      if (solver == GameSolver::kExact) {
        EXPECT_EQ(answer.row[0].fraction, "3/5");
        EXPECT_EQ(answer.exact_value, "12/5");
      }
    }
  }
}

TEST_F(SolveGameTest, GeneralSumGamesAreCommittedIn) {
  const GameAnswer answer = SolveGame(Write("g.json", R"({"schema": "ringfort.game/1", "rows": ["up", "down"],
      "columns": ["left", "right"], "payoffs": [[2, 4], [1, 3]], "column_payoffs": [[1, 0], [0, 1]]})"))
                                .value();
  EXPECT_TRUE(answer.commitment);
  EXPECT_EQ(answer.exact_value, "7/2");
  EXPECT_EQ(answer.follower_value, "1/2");
  EXPECT_EQ(answer.column[0].name, "right");
  EXPECT_THAT(WriteGameTable(answer), HasSubstr("leader gets  7/2 = 3.5 (exact)"));
  const Json json = ParseJson(WriteGameJson(answer)).value();
  EXPECT_EQ(json["leader_value"], 3.5);
  EXPECT_EQ(json["answer"], "right");
}

TEST_F(SolveGameTest, JsonHoldsTheCertificate) {
  const Json json = ParseJson(WriteGameJson(SolveGame(Write("g.csv", kDominated)).value())).value();
  EXPECT_EQ(json["schema"], "ringfort.game-solution/1");
  EXPECT_LE(json["certificate"]["low"].get<double>(), 2.4);
  EXPECT_GE(json["certificate"]["high"].get<double>(), 2.4);
  EXPECT_EQ(json["row_strategy"].size(), 3U);
}

// Beside 1e90 the linear program sees nothing of 1/3; the exact solution does.
TEST_F(SolveGameTest, TheExactValueIsToldWhereTheProofIsWide) {
  const GameAnswer answer = SolveGame(Write("wide.csv", "1e-300,1e90\n1/3,-7e-305\n")).value();
  EXPECT_NEAR(answer.exact_number, 1.0 / 3, 1e-12);
  EXPECT_LE(answer.low, answer.exact_number);
  EXPECT_GE(answer.high, answer.exact_number);
  EXPECT_THAT(WriteGameTable(answer), HasSubstr("value        0.3333333333 (the exact fraction"));
}

TEST_F(SolveGameTest, SaysWhatIsWrong) {
  EXPECT_EQ(SolveGame({.path = folder_ / "absent"}).error().fault, Fault::kUnavailable);
  EXPECT_THAT(SolveGame(Write("bad.csv", "1,2\n3,nan\n")).error().what,
              HasSubstr("bad.csv:2: the payoff `nan` is not a finite number"));
  std::string large;
  for (int row = 0; row < 101; ++row) {
    for (int column = 0; column < 100; ++column) large += column == 0 ? "1" : ",2";
    large += '\n';
  }
  GameRequest request = Write("large.csv", large);
  request.solver = GameSolver::kExact;
  EXPECT_THAT(SolveGame(request).error().what, HasSubstr("too many to solve exactly"));
  request.eliminate = true;  // one cell is left
  EXPECT_FALSE(SolveGame(request).ok());
  request.solver = GameSolver::kLinearProgram;
  EXPECT_NEAR(SolveGame(request).value().low, 1, 1e-9);
}

}  // namespace
}  // namespace ringfort
