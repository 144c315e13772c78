#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

// `ringfort game solve`: a game from a file, solved, with what proves the answer.

namespace ringfort {

enum class GameSolver { kLinearProgram, kRegretMatching, kExact };

struct GameRequest {
  std::string path{};
  GameSolver solver = GameSolver::kLinearProgram;
  bool eliminate = false;  // take dominated actions out first
};

struct GameAnswer {
  struct Action {
    std::string name{};
    double probability = 0;
    std::string fraction{};  // if solved exactly, else empty
  };
  struct Removed {
    std::string player{};  // `row` or `column`
    std::string action{};
    std::string by{};
  };

  std::string path{};
  std::string title{};
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  std::string method{};          // `linear program`, `regret matching`, `exact`, `commitment`
  std::string note{};            // why this method and not the one asked for; else empty
  std::vector<Action> row{};     // of a commitment: the leader's
  std::vector<Action> column{};  // of a commitment: the answer alone
  double low = 0;                // the value lies between, to the row player
  double high = 0;
  std::string exact_value{};       // a fraction, if known
  double exact_number = 0;         // the same as a number
  bool exact_certificate = false;  // low and high were computed without rounding
  double sum = 0;                  // of both payoffs, in a game of constant sum
  std::uint64_t iterations = 0;
  std::vector<Removed> removed{};

  // Of a general-sum game alone: what each player gets when the row player commits first.
  bool commitment = false;
  std::string follower_value{};
  double follower_number = 0;
};

// Errors: the file cannot be read (kUnavailable), or holds no game (`path:line: ...`); the
// game is too large for the solver that was asked for.
Result<GameAnswer> SolveGame(const GameRequest& request);

// For a person; and {"schema": "ringfort.game-solution/1", ...}.
std::string WriteGameTable(const GameAnswer& answer);
std::string WriteGameJson(const GameAnswer& answer);

}  // namespace ringfort
