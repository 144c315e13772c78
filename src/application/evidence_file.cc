#include "application/evidence_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "application/toml_document_internal.h"
#include "base/text.h"
#include "documents/document.h"
#include "documents/table.h"

namespace ringfort {
namespace {

constexpr std::size_t kBytes = std::size_t{16} << 20;
constexpr std::size_t kCells = 1'000'000;
constexpr std::size_t kFaults = 100;
constexpr std::array<std::string_view, 11> kColumns = {"step",        "successes",    "trials",      "source",
                                                       "measured_at", "asset",        "mitigations", "adaptive",
                                                       "seed",        "tool_version", "id"};
constexpr std::size_t kRequired = 5;  // the first ones

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// What a line or an object says, by column; a missing one is empty.
struct Entry {
  std::uint32_t line = 0;
  std::map<std::string_view, std::string> cells{};

  std::string_view Cell(std::string_view column) const {
    const auto found = cells.find(column);
    return found == cells.end() ? std::string_view() : Trimmed(found->second);
  }
};

class EvidenceReader {
 public:
  EvidenceReader(std::string_view text, std::string_view name, const knowledge::Catalog& catalog)
      : text_(text), name_(name), catalog_(catalog) {}

  EvidenceFile Read() {
    std::string_view begin = text_.starts_with("\xEF\xBB\xBF") ? text_.substr(3) : text_;
    begin = Trimmed(begin.substr(0, 4096));
    if (begin.starts_with('{') || begin.starts_with('['))
      ReadObjects();
    else
      ReadLines(begin.substr(0, begin.find('\n')).find('\t') != std::string_view::npos);
    if (left_out_ > 0) file_.faults.push_back(fmt::format("{}: and {} faults more", name_, left_out_));
    return std::move(file_);
  }

 private:
  void Fault(std::uint32_t line, std::string_view what) {
    if (file_.faults.size() < kFaults)
      file_.faults.push_back(fmt::format("{}:{}: {}", name_, line, what));
    else
      ++left_out_;
  }

  // The column's own name; nothing if there is none, which is a fault.
  std::optional<std::string_view> ColumnOf(std::string_view given, std::uint32_t line) {
    const auto* const found = std::find(kColumns.begin(), kColumns.end(), Trimmed(given));
    if (found != kColumns.end()) return *found;
    Fault(line, fmt::format("unknown column '{}'{}", Printable(Trimmed(given), 80),
                            Suggestion(Trimmed(given), {kColumns.begin(), kColumns.end()})));
    return std::nullopt;
  }

  void ReadLines(bool tabs) {
    const TableLimits limits{.bytes = kBytes, .cells = kCells};
    auto table = tabs ? ReadTabSeparated(text_, name_, limits) : ReadCommaSeparated(text_, name_, limits);
    if (!table.ok()) return file_.faults.push_back(table.error().what);
    for (std::string& fault : table.value().faults) {
      if (file_.faults.size() < kFaults)
        file_.faults.push_back(std::move(fault));
      else
        ++left_out_;
    }
    std::vector<std::optional<std::string_view>> columns;
    for (const std::string& given : table.value().header) {
      const auto column = ColumnOf(given, 1);
      if (column && std::find(columns.begin(), columns.end(), column) != columns.end())
        Fault(1, fmt::format("the column '{}' stands twice", *column));
      columns.push_back(column);
    }
    for (std::size_t i = 0; i < kRequired; ++i)
      if (std::find(columns.begin(), columns.end(), kColumns[i]) == columns.end()) {
        Fault(1, fmt::format("the column '{}' is missing", kColumns[i]));
        return;  // not once more for each line
      }
    for (Table::Row& row : table.value().rows) {
      Entry entry{row.line, {}};
      for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i]) entry.cells[*columns[i]] = std::move(row.cells[i]);
      ReadEntry(entry);
    }
  }

  void ReadObjects() {
    const auto document = ReadJson(text_, name_, {.bytes = kBytes, .depth = 8, .values = kCells});
    if (!document.ok()) return file_.faults.push_back(document.error().what);
    const Document* list = &document.value();
    if (list->is_map()) {
      list = document.value().Find("observations");
      if (list == nullptr || !list->is_list())
        return Fault(document.value().line, "the list 'observations' is missing");
    }
    for (const Document& object : list->items) {
      if (!object.is_map()) {
        Fault(object.line, "an observation must be an object");
        continue;
      }
      Entry entry{object.line, {}};
      for (const Document& member : object.items)
        if (const auto column = ColumnOf(member.name, member.line); column && !AddMember(member, *column, entry))
          Fault(member.line,
                fmt::format("'{}' must be {}", *column, *column == "mitigations" ? "a list of ids" : "one value"));
      ReadEntry(entry);
    }
  }

  static bool AddMember(const Document& member, std::string_view column, Entry& entry) {
    std::string& cell = entry.cells[column];
    if (member.kind == Document::Kind::kNull) return true;
    if (column == "mitigations" && member.is_list()) {
      for (const Document& item : member.items) {
        if (!item.is_text()) return false;
        cell += item.text + ';';
      }
      return true;
    }
    cell = member.text;
    return !member.is_list() && !member.is_map();
  }

  void ReadEntry(const Entry& entry) {
    const std::size_t faults = file_.faults.size() + left_out_;
    Observation observation;
    observation.step = ReadStep(entry);
    observation.asset = entry.Cell("asset");
    observation.mitigations = ReadMitigations(entry);
    observation.adaptive = ReadFlag(entry, "adaptive");
    observation.successes = ReadNumber(entry, "successes", true);
    observation.trials = ReadNumber(entry, "trials", true);
    observation.source = entry.Cell("source");
    observation.measured_at = entry.Cell("measured_at");
    observation.tool_version = entry.Cell("tool_version");
    observation.seed = ReadNumber(entry, "seed", false);
    if (file_.faults.size() + left_out_ > faults) return;
    observation = Identified(std::move(observation));
    if (const Status status = CheckObservation(observation); !status.ok())
      return Fault(entry.line, status.error().what);
    if (const std::string_view id = entry.Cell("id"); !id.empty() && id != observation.id)
      return Fault(entry.line, "the id is not that of the rest: somebody has changed this observation");
    file_.observations.push_back(std::move(observation));
  }

  std::string ReadStep(const Entry& entry) {
    const std::string id(entry.Cell("step"));
    const knowledge::StepRule* const rule = knowledge::Find(catalog_.step_rules, id);
    if (rule == nullptr)
      Fault(entry.line, id.empty() ? "the step that was tried is missing"
                                   : fmt::format("the catalog knows no step '{}'{}", Printable(id, 120),
                                                 NearestId(catalog_.step_rules, id)));
    else if (rule->certain)
      Fault(entry.line, fmt::format("'{}' follows by definition: there is nothing to measure", id));
    return id;
  }

  std::vector<std::string> ReadMitigations(const Entry& entry) {
    std::vector<std::string> ids;
    std::string_view rest = entry.Cell("mitigations");
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of("; \t\r\n"), rest.size());
      if (end > 0) ids.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    for (const std::string& id : ids)
      if (knowledge::Find(catalog_.mitigations, id) == nullptr)
        Fault(entry.line, fmt::format("the catalog knows no mitigation '{}'{}", Printable(id, 120),
                                      NearestId(catalog_.mitigations, id)));
    return ids;
  }

  template <class Entries>
  std::string NearestId(const Entries& entries, std::string_view id) const {
    if (file_.faults.size() >= kFaults) return {};  // nobody will read it
    std::vector<std::string_view> ids;
    for (const auto& entry : entries) ids.push_back(entry.id);
    return Suggestion(id, ids);
  }

  bool ReadFlag(const Entry& entry, std::string_view column) {
    const std::string cell = LowerCase(entry.Cell(column));
    if (cell != "true" && cell != "false" && !cell.empty())
      Fault(entry.line, fmt::format("'{}' must be true or false, not '{}'", column, Printable(cell, 80)));
    return cell == "true";
  }

  std::uint64_t ReadNumber(const Entry& entry, std::string_view column, bool required) {
    const std::string_view cell = entry.Cell(column);
    if (cell.empty() && !required) return 0;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    if (error != std::errc() || end != cell.data() + cell.size() || cell.empty())
      Fault(entry.line, fmt::format("'{}' must be a whole number, not '{}'", column, Printable(cell, 80)));
    return number;
  }

  std::string_view text_;
  std::string_view name_;
  const knowledge::Catalog& catalog_;
  EvidenceFile file_;
  std::size_t left_out_ = 0;
};

}  // namespace

EvidenceFile ReadEvidence(std::string_view text, std::string_view name, const knowledge::Catalog& catalog) {
  return EvidenceReader(text, name, catalog).Read();
}

}  // namespace ringfort
