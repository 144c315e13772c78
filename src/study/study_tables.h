#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "documents/table.h"

namespace ringfort::study {

// The files of a study folder that are read, each a table with a header line.
std::span<const std::string_view> StudyFileNames();

// The tables of a study, those that are there and the reasons of those that are not.
class StudyTables {
 public:
  // Takes one file. `text` is its content, or why it could not be read.
  void Add(std::string_view name, const Result<std::string>& text);

  // Fails with `NAME: not in the folder`, or with what is wrong with it.
  Result<const Table*> Find(std::string_view name) const;

  // The trimmed cells of one column, a cell a row; they live as long as these tables.
  // Fails as Find, or if there is no such column. Blanks at the ends of the header
  // (the published one has them) and runs of blanks in it do not matter.
  Result<std::vector<std::string_view>> Cells(std::string_view name, std::string_view column) const;

  std::map<std::string, std::uint64_t, std::less<>> Rows() const;  // by name, of the tables that were read
  std::vector<std::string> Missing() const;                        // names of files that are not there
  std::vector<std::string> Faults() const;                         // what could not be read: files, then rows

 private:
  std::map<std::string, Result<Table>, std::less<>> tables_{};
};

}  // namespace ringfort::study
