#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "games/matrix_game.h"

// Two-player games in normal form as files. Three forms, told apart by how they begin:
//
// Gambit `.nfg` (`NFG 1 R "title" { "1" "2" } { 2 2 } ...`), with payoffs in a list or as
// outcomes; two players. Source: the Gambit project's description of its file formats.
//
// JSON: {"schema": "ringfort.game/1", "rows": ["a", ...], "columns": [...],
// "payoffs": [[...], ...], "column_payoffs": [[...], ...]}. Names may be left out, and
// `column_payoffs` is for games that are not zero-sum. A payoff is a number or "1/3".
//
// CSV: payoffs to the row player, one row a line, parted by commas. A first line in which
// no cell is a number holds the columns' names, a first cell that is none the row's. Lines
// that are empty or begin with `#` say nothing. Quotes around a name are taken off.

namespace ringfort::games {

struct GameFile {
  std::string title{};
  std::vector<std::string> players{};    // two, or none given
  std::vector<std::string> row_names{};  // as many as rows; made up (`row 1`) if none given
  std::vector<std::string> column_names{};
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> row_payoffs{};          // row by row
  std::vector<double> column_payoffs{};       // empty: the game is zero-sum by its form
  std::vector<std::string> row_written{};     // the same as written; only up to kMostExactCells
  std::vector<std::string> column_written{};  // payoffs, else empty

  // What both payoffs sum to, if that is the same everywhere (0 for a game in which only the
  // row player's are given), up to rounding: then it is as good as zero-sum.
  bool constant_sum = true;
  double sum = 0;
};

struct GameFileLimits {
  std::size_t bytes = std::size_t{256} << 20;
  std::size_t cells = 4'000'000;
};

// Reads any of the three. Errors begin with `name:line: `: what is malformed, names that do not
// match the payoffs in number, rows of different lengths, payoffs that are not finite or
// beyond kLargestPayoff, more or fewer than two players, no action, a limit exceeded.
Result<GameFile> ReadGame(std::string_view text, std::string_view name, const GameFileLimits& limits = {});

}  // namespace ringfort::games
