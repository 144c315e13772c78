#include "games/game_file.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "documents/document.h"
#include "games/exact_solution.h"
#include "games/game_file_internal.h"
#include "games/payoff.h"

namespace ringfort::games {
namespace {

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// The cells of one line; commas inside of quotes part nothing.
std::vector<std::string> Cells(std::string_view line) {
  std::vector<std::string> cells;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i < line.size() && (quoted || line[i] != ',')) continue;
    std::string_view cell = Trimmed(line.substr(begin, i - begin));
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    cells.emplace_back(cell);
    begin = i + 1;
  }
  return cells;
}

bool LooksNumeric(std::string_view cell) { return ReadPayoff(cell).has_value() || IsNoFiniteNumber(cell); }

Status ReadNames(const Document& document, std::string_view member, const Place& place,
                 std::vector<std::string>& names) {
  const Document* list = document.Find(member);
  if (list == nullptr) return Done{};
  if (!list->is_list()) return place.Fail(list->line, fmt::format("`{}` is no list of names", member));
  for (const Document& name : list->items) {
    if (name.is_list() || name.is_map()) return place.Fail(name.line, fmt::format("a name in `{}` is no text", member));
    names.push_back(name.text);
  }
  return Done{};
}

Status ReadPayoffs(const Document& rows, const Place& place, GameFile& game, std::vector<double>& payoffs,
                   std::vector<std::string>& texts) {
  if (!rows.is_list()) return place.Fail(rows.line, "payoffs are no list of rows");
  if (rows.items.empty()) return place.Fail(rows.line, "the row player has no action");
  const bool first = game.rows == 0;
  if (!first && rows.items.size() != game.rows)
    return place.Fail(rows.line,
                      fmt::format("{} rows where the row player's payoffs have {}", rows.items.size(), game.rows));
  game.rows = rows.items.size();
  for (const Document& row : rows.items) {
    if (!row.is_list()) return place.Fail(row.line, "a row of payoffs is no list");
    if (row.items.empty()) return place.Fail(row.line, "the column player has no action");
    if (game.columns == 0) game.columns = row.items.size();
    if (row.items.size() != game.columns)
      return place.Fail(row.line,
                        fmt::format("{} payoffs in a row where the first row has {}", row.items.size(), game.columns));
    for (const Document& payoff : row.items) TRY_STATUS(AppendPayoff(payoff.text, payoff.line, place, payoffs, texts));
  }
  return Done{};
}

// Names that were not given, and whether the game is zero-sum in all but name.
Result<GameFile> Complete(GameFile game, std::string_view name) {
  const auto check = [&](std::vector<std::string>& names, std::size_t count, std::string_view kind) -> Status {
    if (names.empty())
      for (std::size_t i = 1; i <= count; ++i) names.push_back(fmt::format("{} {}", kind, i));
    if (names.size() == count) return Done{};
    return Error{Fault::kInvalidInput, fmt::format("{}:1: {} names of {}s for {}", name, names.size(), kind, count)};
  };
  TRY_STATUS(check(game.row_names, game.rows, "row"));
  TRY_STATUS(check(game.column_names, game.columns, "column"));
  for (std::string* text : {&game.title}) *text = Printable(*text, 200);
  for (std::vector<std::string>* names : {&game.row_names, &game.column_names, &game.players})
    for (std::string& text : *names) text = Printable(text, 80);
  if (game.row_written.size() > kMostExactCells) game.row_written.clear();
  if (game.column_written.size() > kMostExactCells) game.column_written.clear();
  if (game.column_payoffs.empty()) return game;
  double largest = 0;
  for (const double payoff : game.row_payoffs) largest = std::max(largest, std::abs(payoff));
  game.sum = game.row_payoffs.front() + game.column_payoffs.front();
  for (std::size_t cell = 0; cell < game.row_payoffs.size(); ++cell)
    if (std::abs(game.row_payoffs[cell] + game.column_payoffs[cell] - game.sum) > 1e-14 * largest)
      game.constant_sum = false;
  if (!game.constant_sum) game.sum = 0;
  return game;
}

}  // namespace

Status Place::CheckMembers(const Document& map, std::initializer_list<std::string_view> known,
                           std::string_view what) const {
  if (!map.is_map()) return Fail(map.line, fmt::format("{} must be a map", what));
  for (const Document& member : map.items)
    if (std::find(known.begin(), known.end(), member.name) == known.end())
      return Fail(member.line, fmt::format("{} has no member `{}`", what, Printable(member.name)));
  return Done{};
}

Status AppendPayoff(std::string_view written, std::size_t line, const Place& place, std::vector<double>& payoffs,
                    std::vector<std::string>& texts) {
  const std::optional<double> payoff = ReadPayoff(written);
  if (!payoff) {
    const std::string_view why = IsNoFiniteNumber(written) ? "is not a finite number" : "is no number";
    return place.Fail(line, fmt::format("the payoff `{}` {}", Printable(written, 40), why));
  }
  if (!(std::abs(*payoff) <= kLargestPayoff))
    return place.Fail(line, fmt::format("the payoff `{}` is beyond 1e100", Printable(written, 40)));
  payoffs.push_back(*payoff);
  // One more than is kept, so that Complete sees that there were too many.
  if (texts.size() <= kMostExactCells) texts.emplace_back(written);
  return Done{};
}

Result<GameFile> ReadJsonGame(std::string_view text, std::string_view name, const GameFileLimits& limits) {
  const Place place(name);
  TRY(document, ReadJson(text, name, {.bytes = limits.bytes, .depth = 8, .values = 2 * limits.cells + 100'000}));
  if (!document.is_map()) return place.Fail(document.line, "a game is an object with `payoffs`");
  if (const std::string_view schema = document.Text("schema"); schema != "ringfort.game/1")
    return place.Fail(document.line, "`schema` is not `ringfort.game/1`");
  GameFile game;
  game.title = document.Text("title");
  TRY_STATUS(ReadNames(document, "players", place, game.players));
  TRY_STATUS(ReadNames(document, "rows", place, game.row_names));
  TRY_STATUS(ReadNames(document, "columns", place, game.column_names));
  const Document* payoffs = document.Find("payoffs");
  if (payoffs == nullptr) return place.Fail(document.line, "no `payoffs`");
  TRY_STATUS(ReadPayoffs(*payoffs, place, game, game.row_payoffs, game.row_written));
  if (const Document* other = document.Find("column_payoffs"))
    TRY_STATUS(ReadPayoffs(*other, place, game, game.column_payoffs, game.column_written));
  if (game.row_payoffs.size() > limits.cells)
    return place.Fail(payoffs->line, fmt::format("more than {} payoffs", limits.cells), Fault::kLimitExceeded);
  return game;
}

Result<GameFile> ReadCommaSeparatedGame(std::string_view text, const Place& place, const GameFileLimits& limits) {
  GameFile game;
  std::size_t number = 0;
  bool begun = false;
  bool named_rows = false;
  std::size_t header = 0;
  for (std::string_view rest = text; !rest.empty();) {
    ++number;
    const std::size_t end = rest.find('\n');
    const std::string_view line = Trimmed(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> cells = Cells(line);
    if (!begun) {
      begun = true;
      if (std::none_of(cells.begin(), cells.end(), LooksNumeric)) {
        game.column_names = std::move(cells);
        header = number;
        continue;
      }
    }
    if (game.rows == 0) named_rows = cells.size() > 1 && !LooksNumeric(cells.front());
    if (named_rows) {
      game.row_names.push_back(std::move(cells.front()));
      cells.erase(cells.begin());
    }
    if (game.rows == 0) game.columns = cells.size();
    if (cells.size() != game.columns)
      return place.Fail(number,
                        fmt::format("{} payoffs in a row where the first row has {}", cells.size(), game.columns));
    if (game.row_payoffs.size() + cells.size() > limits.cells)
      return place.Fail(number, fmt::format("more than {} payoffs", limits.cells), Fault::kLimitExceeded);
    for (const std::string& cell : cells)
      TRY_STATUS(AppendPayoff(cell, number, place, game.row_payoffs, game.row_written));
    ++game.rows;
  }
  if (game.rows == 0) return place.Fail(std::max<std::size_t>(number, 1), "the row player has no action");
  if (header != 0 && named_rows && game.column_names.size() == game.columns + 1)
    game.column_names.erase(game.column_names.begin());  // the corner
  if (header != 0 && game.column_names.size() != game.columns)
    return place.Fail(header, fmt::format("{} names for {} columns", game.column_names.size(), game.columns));
  return game;
}

Result<GameFile> ReadGame(std::string_view text, std::string_view name, const GameFileLimits& limits) {
  const Place place(name);
  if (text.size() > limits.bytes)
    return place.Fail(1, fmt::format("more than {}", HumanBytes(limits.bytes)), Fault::kLimitExceeded);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return place.Fail(1, "the file holds no game");
  const std::string_view body = text.substr(begin);
  if (body.starts_with("EFG")) return place.Fail(1, "extensive-form games (EFG) are not read; give the normal form");
  auto game = body.starts_with("NFG") ? ReadGambitGame(text, place, limits)
              : body.starts_with('{') ? ReadJsonGame(text, name, limits)
                                      : ReadCommaSeparatedGame(text, place, limits);
  if (!game.ok()) return game.error();
  return Complete(std::move(game).value(), name);
}

}  // namespace ringfort::games
