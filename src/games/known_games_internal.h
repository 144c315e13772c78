#pragma once

#include <string>
#include <vector>

// Games whose value is known, for the tests. Values and strategies are fractions; a
// strategy is left out where it is not the only one.

namespace ringfort::games {

struct KnownGame {
  std::string name{};
  std::vector<std::vector<std::string>> payoffs{};
  std::string value{};
  std::vector<std::string> row{};
  std::vector<std::string> column{};
};

const std::vector<KnownGame>& KnownGames();

// Kuhn poker in normal form, built from its rules: payoffs times six, so that they are
// whole; 27 plans of the first player, 64 of the second.
std::vector<std::vector<std::string>> KuhnPokerTimesSix();

}  // namespace ringfort::games
