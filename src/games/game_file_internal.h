#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "documents/document.h"
#include "games/game_file.h"

namespace ringfort::games {

// Where an error lies, and in what file.
class Place {
 public:
  explicit Place(std::string_view name) : name_(name) {}
  Error Fail(std::size_t line, std::string_view what, Fault fault = Fault::kInvalidInput) const {
    return {fault, fmt::format("{}:{}: {}", name_, line, what)};
  }
  // That `map` is one, and holds no member that is not known.
  Status CheckMembers(const Document& map, std::initializer_list<std::string_view> known, std::string_view what) const;

 private:
  std::string_view name_;
};

// Reads the payoff and appends it, number and text. The error says what is wrong with it.
Status AppendPayoff(std::string_view written, std::size_t line, const Place& place, std::vector<double>& payoffs,
                    std::vector<std::string>& texts);

// The three forms. They fill in all but made-up names and what follows from the payoffs.
Result<GameFile> ReadGambitGame(std::string_view text, const Place& place, const GameFileLimits& limits);
Result<GameFile> ReadJsonGame(std::string_view text, std::string_view name, const GameFileLimits& limits);
Result<GameFile> ReadCommaSeparatedGame(std::string_view text, const Place& place, const GameFileLimits& limits);

}  // namespace ringfort::games
