#include "documents/table.h"

#include <fmt/format.h>

#include <utility>

namespace ringfort {
namespace {

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

class TableReader {
 public:
  TableReader(std::string_view text, std::string_view name, char separator, bool quotes, const TableLimits& limits)
      : text_(text), name_(name), separator_(separator), quotes_(quotes), limits_(limits) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  Result<Table> Read() {
    if (text_.size() > limits_.bytes)
      return Error{Fault::kLimitExceeded, fmt::format("{}: {} bytes, limit {}", name_, text_.size(), limits_.bytes)};
    Table table;
    while (at_ < text_.size()) {
      TRY(row, ReadRow());
      if (row.cells.size() == 1 && Trimmed(row.cells[0]).empty()) continue;
      cells_ += row.cells.size();
      if (cells_ > limits_.cells)
        return Error{Fault::kLimitExceeded, fmt::format("{}:{}: more than {} cells", name_, row.line, limits_.cells)};
      if (table.header.empty()) {
        table.header = std::move(row.cells);
      } else if (row.cells.size() != table.header.size()) {
        table.faults.push_back(
            fmt::format("{}:{}: {} cells, the header has {}", name_, row.line, row.cells.size(), table.header.size()));
      } else {
        table.rows.push_back(std::move(row));
      }
    }
    if (table.header.empty()) return Error{Fault::kInvalidInput, fmt::format("{}:1: no header line", name_)};
    return table;
  }

 private:
  Result<Table::Row> ReadRow() {
    Table::Row row;
    row.line = line_;
    for (;;) {
      TRY(cell, ReadCell());
      row.cells.push_back(std::move(cell));
      if (at_ >= text_.size()) return row;
      if (text_[at_++] == '\n') {
        ++line_;
        return row;
      }
    }
  }

  // Leaves at_ on the separator or line feed behind the cell, or at the end.
  Result<std::string> ReadCell() {
    if (quotes_ && at_ < text_.size() && text_[at_] == '"') return ReadQuotedCell();
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != separator_ && text_[end] != '\n') ++end;
    std::string_view cell = text_.substr(at_, end - at_);
    if (cell.ends_with('\r') && (end == text_.size() || text_[end] == '\n')) cell.remove_suffix(1);
    at_ = end;
    return std::string(cell);
  }

  Result<std::string> ReadQuotedCell() {
    const std::uint32_t opened = line_;
    std::string cell;
    ++at_;
    for (;;) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos)
        return Error{Fault::kTruncated, fmt::format("{}:{}: a quoted cell does not end", name_, opened)};
      for (std::size_t i = at_; i < quote; ++i) line_ += text_[i] == '\n' ? 1 : 0;
      cell.append(text_.substr(at_, quote - at_));
      at_ = quote + 1;
      if (at_ >= text_.size() || text_[at_] != '"') break;
      cell += '"';
      ++at_;
    }
    // What stands between a closing quote and the separator is kept, as spreadsheets do.
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != separator_ && text_[end] != '\n') ++end;
    std::string_view rest = text_.substr(at_, end - at_);
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    cell.append(rest);
    at_ = end;
    return cell;
  }

  std::string_view text_;
  std::string_view name_;
  char separator_;
  bool quotes_;
  TableLimits limits_;
  std::size_t at_ = 0;
  std::size_t cells_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

std::optional<std::size_t> Table::Column(std::string_view name) const {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (Trimmed(header[i]) == name) return i;
  return std::nullopt;
}

Result<Table> ReadCommaSeparated(std::string_view text, std::string_view name, const TableLimits& limits) {
  return TableReader(text, name, ',', true, limits).Read();
}

Result<Table> ReadTabSeparated(std::string_view text, std::string_view name, const TableLimits& limits) {
  return TableReader(text, name, '\t', false, limits).Read();
}

}  // namespace ringfort
