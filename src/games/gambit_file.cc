#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"
#include "games/game_file_internal.h"

namespace ringfort::games {
namespace {

enum class Kind { kEnd, kOpen, kClose, kText, kWord };

struct Token {
  Kind kind = Kind::kEnd;
  std::string text{};
  std::size_t line = 1;
};

class Reader {
 public:
  Reader(std::string_view text, const Place& place, const GameFileLimits& limits)
      : rest_(text), place_(place), limits_(limits) {}

  Result<GameFile> Read() {
    TRY_STATUS(Advance());
    TRY_STATUS(Expect("NFG"));
    TRY_STATUS(Expect("1"));
    if (token_.kind != Kind::kWord || (token_.text != "R" && token_.text != "D"))
      return Fail("`R` or `D` must follow `NFG 1`");
    TRY_STATUS(Advance());
    if (token_.kind != Kind::kText) return Fail("the game has no title in quotes");
    game_.title = token_.text;
    TRY_STATUS(Advance());
    TRY_STATUS(ReadTexts("the players", game_.players));
    if (game_.players.size() != 2) return Fail(fmt::format("the game has {} players, not two", game_.players.size()));
    TRY_STATUS(ReadActions());
    if (game_.rows == 0) return Fail("the first player has no action");
    if (game_.columns == 0) return Fail("the second player has no action");
    if (game_.rows > limits_.cells / game_.columns)
      return place_.Fail(token_.line, fmt::format("more than {} payoffs", limits_.cells), Fault::kLimitExceeded);
    if (token_.kind == Kind::kText) TRY_STATUS(Advance());  // a comment
    if (token_.kind == Kind::kOpen) {
      TRY_STATUS(ReadOutcomes());
    } else {
      TRY_STATUS(ReadPayoffList());
    }
    if (token_.kind != Kind::kEnd) return Fail("more follows where the game should end");
    return std::move(game_);
  }

 private:
  Error Fail(std::string_view what) const { return place_.Fail(token_.line, what); }

  Status Advance() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\r' ||
                              rest_.front() == '\n' || rest_.front() == ',')) {
      if (rest_.front() == '\n') ++line_;
      rest_.remove_prefix(1);
    }
    token_ = {Kind::kEnd, {}, line_};
    if (rest_.empty()) return Done{};
    const char first = rest_.front();
    if (first == '{' || first == '}') {
      token_.kind = first == '{' ? Kind::kOpen : Kind::kClose;
      rest_.remove_prefix(1);
      return Done{};
    }
    if (first == '"') return AdvanceText();
    token_.kind = Kind::kWord;
    const std::size_t length = std::min(rest_.find_first_of(" \t\r\n,{}\""), rest_.size());
    token_.text = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return Done{};
  }

  Status AdvanceText() {
    token_.kind = Kind::kText;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return Done{};
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      if (rest_[i] == '\n') ++line_;
      token_.text += rest_[i];
    }
    return Fail("a quote is not closed");
  }

  Status Expect(std::string_view word) {
    if (token_.kind != Kind::kWord || token_.text != word) return Fail(fmt::format("`{}` must stand here", word));
    return Advance();
  }

  Status Open(std::string_view what) {
    if (token_.kind != Kind::kOpen) return Fail(fmt::format("`{{` must open {}", what));
    return Advance();
  }

  // `{ "a" "b" }`
  Status ReadTexts(std::string_view what, std::vector<std::string>& texts) {
    TRY_STATUS(Open(what));
    while (token_.kind == Kind::kText) {
      texts.push_back(token_.text);
      TRY_STATUS(Advance());
    }
    if (token_.kind != Kind::kClose) return Fail(fmt::format("{} are texts in quotes between braces", what));
    return Advance();
  }

  // `{ 3 2 }`, or the actions' names: `{ { "a" "b" } { "c" } }`.
  Status ReadActions() {
    TRY_STATUS(Open("the actions"));
    if (token_.kind == Kind::kOpen) {
      TRY_STATUS(ReadTexts("the actions", game_.row_names));
      TRY_STATUS(ReadTexts("the actions", game_.column_names));
      game_.rows = game_.row_names.size();
      game_.columns = game_.column_names.size();
    } else {
      for (std::size_t* count : {&game_.rows, &game_.columns}) {
        const std::optional<std::size_t> number = Number();
        if (!number) return Fail("two numbers of actions must stand here");
        *count = *number;
        TRY_STATUS(Advance());
      }
    }
    if (token_.kind != Kind::kClose) return Fail("actions of more players than there are");
    return Advance();
  }

  std::optional<std::size_t> Number() const {
    std::size_t number = 0;
    const char* end = token_.text.data() + token_.text.size();
    const auto [stop, error] = std::from_chars(token_.text.data(), end, number);
    if (token_.kind != Kind::kWord || error != std::errc() || stop != end) return std::nullopt;
    return number;
  }

  Status ReadPayoff(std::vector<double>& payoffs, std::vector<std::string>& texts) {
    if (token_.kind != Kind::kWord) return Fail("a payoff must stand here");
    TRY_STATUS(AppendPayoff(token_.text, token_.line, place_, payoffs, texts));
    return Advance();
  }

  // Both players' payoffs, the first player's action running fastest.
  Status ReadPayoffList() {
    std::vector<double> rows;
    std::vector<double> columns;
    std::vector<std::string> row_texts;
    std::vector<std::string> column_texts;
    for (std::size_t cell = 0; cell < game_.rows * game_.columns; ++cell) {
      if (token_.kind == Kind::kEnd)
        return Fail(fmt::format("the game ends after {} of {} pairs of payoffs", cell, game_.rows * game_.columns));
      TRY_STATUS(ReadPayoff(rows, row_texts));
      TRY_STATUS(ReadPayoff(columns, column_texts));
    }
    ByRows(rows, row_texts, game_.row_payoffs, game_.row_written);
    ByRows(columns, column_texts, game_.column_payoffs, game_.column_written);
    return Done{};
  }

  // `{ { "name" 1, 2 } ... }`, then which of them (from 1; 0 pays nothing) each cell is.
  Status ReadOutcomes() {
    std::vector<double> rows{0};
    std::vector<double> columns{0};
    std::vector<std::string> row_texts{"0"};
    std::vector<std::string> column_texts{"0"};
    TRY_STATUS(Open("the outcomes"));
    while (token_.kind == Kind::kOpen) {
      TRY_STATUS(Advance());
      if (token_.kind != Kind::kText) return Fail("an outcome begins with its name in quotes");
      TRY_STATUS(Advance());
      TRY_STATUS(ReadPayoff(rows, row_texts));
      TRY_STATUS(ReadPayoff(columns, column_texts));
      if (token_.kind != Kind::kClose) return Fail("an outcome has two payoffs");
      TRY_STATUS(Advance());
    }
    if (token_.kind != Kind::kClose) return Fail("`}` must close the outcomes");
    TRY_STATUS(Advance());
    std::vector<std::size_t> choices;
    for (std::size_t cell = 0; cell < game_.rows * game_.columns; ++cell) {
      if (token_.kind == Kind::kEnd)
        return Fail(fmt::format("the game ends after {} of {} outcomes", cell, game_.rows * game_.columns));
      const std::optional<std::size_t> outcome = Number();
      if (!outcome) return Fail("the number of an outcome must stand here");
      if (*outcome >= rows.size())
        return Fail(fmt::format("there is no outcome {}; {} are given", *outcome, rows.size() - 1));
      choices.push_back(*outcome);
      TRY_STATUS(Advance());
    }
    const auto chosen = [&](const auto& of) {
      std::remove_cvref_t<decltype(of)> list;
      for (const std::size_t choice : choices)
        if (choice < of.size()) list.push_back(of[choice]);  // texts end where they are not kept
      return list;
    };
    ByRows(chosen(rows), chosen(row_texts), game_.row_payoffs, game_.row_written);
    ByRows(chosen(columns), chosen(column_texts), game_.column_payoffs, game_.column_written);
    return Done{};
  }

  // From the file's order, columns of the matrix one after the other, to row by row.
  void ByRows(const std::vector<double>& payoffs, const std::vector<std::string>& texts, std::vector<double>& to,
              std::vector<std::string>& texts_to) const {
    for (std::size_t row = 0; row < game_.rows; ++row)
      for (std::size_t column = 0; column < game_.columns; ++column) {
        to.push_back(payoffs[column * game_.rows + row]);
        if (texts.size() == payoffs.size()) texts_to.push_back(texts[column * game_.rows + row]);
      }
  }

  std::string_view rest_;
  const Place& place_;
  const GameFileLimits& limits_;
  std::size_t line_ = 1;
  Token token_{};
  GameFile game_{};
};

}  // namespace

Result<GameFile> ReadGambitGame(std::string_view text, const Place& place, const GameFileLimits& limits) {
  return Reader(text, place, limits).Read();
}

}  // namespace ringfort::games
