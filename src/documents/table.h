#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// A table of texts with a header line, read from comma- or tab-separated values.
// Source: RFC 4180 for commas and quotes. Tab-separated files know no quotes.

namespace ringfort {

struct TableLimits {
  std::size_t bytes = std::size_t{256} << 20;
  std::size_t cells = 20'000'000;
};

struct Table {
  struct Row {
    std::uint32_t line = 0;  // where it begins, from 1
    std::vector<std::string> cells{};
  };

  std::vector<std::string> header{};
  std::vector<Row> rows{};
  std::vector<std::string> faults{};  // `FILE:LINE: what`, one for each row that was left out

  // The column whose name, blanks at its ends aside, is `name`.
  std::optional<std::size_t> Column(std::string_view name) const;
};

// Reads a whole table. A row with another number of cells than the header is left
// out and said in `faults`; lines of nothing but blanks are passed over; a byte
// order mark and carriage returns before line feeds are dropped. Errors: no
// header; quotes that do not close; a limit exceeded.
Result<Table> ReadCommaSeparated(std::string_view text, std::string_view name, const TableLimits& limits = {});
Result<Table> ReadTabSeparated(std::string_view text, std::string_view name, const TableLimits& limits = {});

}  // namespace ringfort
