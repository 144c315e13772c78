#include "games/breaker_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "documents/document.h"
#include "documents/table.h"
#include "games/game_file_internal.h"
#include "games/payoff.h"

namespace ringfort::games {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr double kMostWindows = 1e9;

// Nothing if it was not measured.
Result<std::optional<double>> ReadMeasured(std::string_view text, std::size_t line, std::string_view what,
                                           const Place& place) {
  if (text.empty() || IsNoFiniteNumber(text)) return std::optional<double>();
  const std::optional<double> number = ReadPayoff(text);
  if (!number) return place.Fail(line, fmt::format("the {} is no number: `{}`", what, Printable(text)));
  return number;
}

class JsonBreakerReader {
 public:
  explicit JsonBreakerReader(std::string_view name) : place_(name) {}

  Result<BreakerFile> Read(const Document& root) {
    TRY_STATUS(place_.CheckMembers(root, {"schema", "service_utility", "least_capacity", "windows_in_a_row", "windows"},
                                   "a breaker"));
    if (root.Find("schema") != nullptr && root.Text("schema") != "ringfort.breaker/1")
      return place_.Fail(root.Find("schema")->line, "the schema must be `ringfort.breaker/1`");
    BreakerFile file;
    TRY(utility, Measured(root, "service_utility"));
    TRY(capacity, Measured(root, "least_capacity"));
    TRY(in_a_row, Measured(root, "windows_in_a_row"));
    file.rule.service_utility = utility;
    file.rule.least_capacity = capacity;
    if (in_a_row) {
      if (!(*in_a_row >= 1 && *in_a_row <= kMostWindows) ||
          *in_a_row != static_cast<double>(static_cast<std::uint64_t>(*in_a_row)))
        return place_.Fail(root.Find("windows_in_a_row")->line, "`windows_in_a_row` must be a whole number from 1");
      file.rule.windows = static_cast<std::uint64_t>(*in_a_row);
    }
    const Document* windows = root.Find("windows");
    if (windows != nullptr && !windows->is_list()) return place_.Fail(windows->line, "`windows` must be a list");
    for (const Document& item : root.List("windows")) {
      TRY(window, ReadWindow(item, file.windows.size() + 1));
      file.windows.push_back(std::move(window));
    }
    return file;
  }

 private:
  Result<std::optional<double>> Measured(const Document& map, std::string_view member) const {
    const Document* value = map.Find(member);
    if (value == nullptr || value->kind == Document::Kind::kNull) return std::optional<double>();
    if (value->is_list() || value->is_map())
      return place_.Fail(value->line, fmt::format("the {} is no number", member));
    return ReadMeasured(value->text, value->line, member, place_);
  }

  Result<BreakerWindow> ReadWindow(const Document& item, std::size_t number) const {
    TRY_STATUS(place_.CheckMembers(item, {"name", "capacity", "attacks"}, "a window"));
    BreakerWindow window;
    window.name = Printable(item.Text("name"));
    if (window.name.empty()) window.name = fmt::format("window {}", number);
    TRY(capacity, Measured(item, "capacity"));
    window.capacity = capacity;
    const Document* attacks = item.Find("attacks");
    if (attacks != nullptr && !attacks->is_list()) return place_.Fail(attacks->line, "`attacks` must be a list");
    for (const Document& attack : item.List("attacks")) {
      TRY_STATUS(place_.CheckMembers(attack, {"name", "loss", "posterior"}, "an attack"));
      if (attack.Text("name").empty()) return place_.Fail(attack.line, "an attack needs a `name`");
      TRY(loss, Measured(attack, "loss"));
      TRY(posterior, Measured(attack, "posterior"));
      window.attacks.push_back({Printable(attack.Text("name")), loss, posterior});
    }
    return window;
  }

  Place place_;
};

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Result<BreakerFile> ReadTable(const Table& table, const Place& place) {
  if (!table.faults.empty()) return Error{Fault::kInvalidInput, table.faults.front()};
  for (const std::string& column : table.header) {
    const std::string_view known[] = {"window", "attack", "loss", "posterior", "capacity"};
    if (std::find(std::begin(known), std::end(known), Trimmed(column)) == std::end(known))
      return place.Fail(1, fmt::format("there is no column `{}`: window, attack, loss, posterior, capacity",
                                       Printable(Trimmed(column))));
  }
  const auto window_column = table.Column("window");
  if (!window_column) return place.Fail(1, "the column `window` is missing");
  const auto cell = [&](const Table::Row& row, std::string_view name) {
    const auto column = table.Column(name);
    return column ? Trimmed(row.cells[*column]) : std::string_view();
  };
  BreakerFile file;
  for (const Table::Row& row : table.rows) {
    const std::string name = Printable(cell(row, "window"));
    if (name.empty()) return place.Fail(row.line, "the window has no name");
    if (file.windows.empty() || file.windows.back().name != name) file.windows.push_back({name, {}, std::nullopt});
    BreakerWindow& window = file.windows.back();
    TRY(capacity, ReadMeasured(cell(row, "capacity"), row.line, "capacity", place));
    if (capacity && window.capacity && *capacity != *window.capacity)
      return place.Fail(row.line, fmt::format("window `{}` has two capacities", name));
    if (capacity) window.capacity = capacity;
    TRY(loss, ReadMeasured(cell(row, "loss"), row.line, "loss", place));
    TRY(posterior, ReadMeasured(cell(row, "posterior"), row.line, "posterior", place));
    const std::string attack = Printable(cell(row, "attack"));
    if (attack.empty() && !loss && !posterior) continue;  // a line of the capacity alone
    if (attack.empty()) return place.Fail(row.line, "the attack has no name");
    window.attacks.push_back({attack, loss, posterior});
  }
  return file;
}

}  // namespace

Result<BreakerFile> ReadBreaker(std::string_view text, std::string_view name) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') {
    DocumentLimits limits;
    limits.bytes = kMostBytes;
    TRY(root, ReadJson(text, name, limits));
    return JsonBreakerReader(name).Read(root);
  }
  TableLimits limits;
  limits.bytes = kMostBytes;
  TRY(table, ReadCommaSeparated(text, name, limits));
  return ReadTable(table, Place(name));
}

}  // namespace ringfort::games
