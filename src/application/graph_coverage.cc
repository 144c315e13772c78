#include "application/graph_coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace ringfort {
namespace {

constexpr std::string_view kNote =
    "An index of our own: the share of the 73 rows of the information-flow taxonomy that a mitigation stops.\n"
    "What answers what is our judgment, and so are most residuals: read the order, not the digits.";

std::string Column(const Quantity& index) {
  return fmt::format("{:.3f} [{:.3f}, {:.3f}] {}", index.value, index.low, index.high, Name(index.ground));
}

Json JsonOf(const Quantity& index) {
  return {{"index", index.value}, {"low", index.low}, {"high", index.high}, {"ground", Name(index.ground)}};
}

}  // namespace

Result<std::vector<DefenseCoverage>> FindCatalogCoverage(std::vector<std::string> mitigations) {
  constexpr std::string_view kPrefix = "mitigation.";
  CoverageOptions options;
  for (std::string& id : mitigations)
    options.mitigations.push_back(id.starts_with(kPrefix) ? std::move(id) : std::string(kPrefix) + id);
  return FindDefenseCoverage(knowledge::BuiltinCatalog(), options);
}

std::string WriteCoverageTable(const std::vector<DefenseCoverage>& coverage, bool cells) {
  std::string text = fmt::format("{}\n\n{:<40} {:<9}{:<32} {}\n", kNote, "mitigation", "answered",
                                 "stopped, attackers adapt", "stopped, they do not");
  for (const DefenseCoverage& one : coverage) {
    text += fmt::format("{:<40} {:<9.3f}", Printable(one.mitigation->id, 120), one.covered);
    // Of nothing answered nothing is stopped, whatever the residual.
    text += one.covered == 0 ? std::string("-\n") : fmt::format("{:<32} {}\n", Column(one.adaptive), Column(one.naive));
    if (!cells) continue;
    for (const DefenseCoverage::Cell& cell : one.cells)
      text +=
          fmt::format("  {:<38} {:g} of {:g} rows, weight {:.3f}\n",
                      fmt::format("{} x {}", Name(cell.component), cell.flow), cell.answered, cell.rows, cell.weight);
  }
  return text;
}

std::string WriteCoverageJson(const std::vector<DefenseCoverage>& coverage) {
  Json list = Json::array();
  for (const DefenseCoverage& one : coverage) {
    Json cells = Json::array();
    for (const DefenseCoverage::Cell& cell : one.cells)
      cells.push_back({{"component", Name(cell.component)},
                       {"flow", cell.flow},
                       {"weight", cell.weight},
                       {"rows", cell.rows},
                       {"answered", cell.answered}});
    list.push_back({{"mitigation", one.mitigation->id},
                    {"title", one.mitigation->title},
                    {"answered", one.covered},
                    {"adaptive", JsonOf(one.adaptive)},
                    {"naive", JsonOf(one.naive)},
                    {"cells", std::move(cells)}});
  }
  std::string note(kNote);
  std::replace(note.begin(), note.end(), '\n', ' ');
  const Json document = {{"schema", "ringfort.defense-coverage/1"}, {"note", note}, {"mitigations", std::move(list)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ringfort
