#include "application/graph_coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "application/evidence.h"
#include "base/json.h"
#include "base/text.h"
#include "threat_model/measured_residual.h"

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

Result<CatalogCoverage> FindCatalogCoverage(std::vector<std::string> mitigations, const std::string& store) {
  constexpr std::string_view kPrefix = "mitigation.";
  CoverageOptions options;
  for (std::string& id : mitigations) {
    options.mitigations.push_back(id.starts_with(kPrefix) ? std::move(id) : std::string(kPrefix) + id);
    if (const std::string& known = options.mitigations.back();
        knowledge::Find(knowledge::BuiltinCatalog().mitigations, known) == nullptr)
      return Error{Fault::kInvalidInput,
                   fmt::format("the catalog knows no mitigation '{}'; `ringfort graph coverage` lists them all",
                               Printable(known, 120))};
  }
  CatalogCoverage coverage;
  if (!store.empty()) {
    TRY(observations, ListEvidence(store));
    coverage.with_store = true;
    coverage.observations = observations.size();
    options.residuals = MeasureResiduals(knowledge::BuiltinCatalog(), observations);
  }
  TRY(mitigations_covered, FindDefenseCoverage(knowledge::BuiltinCatalog(), options));
  coverage.mitigations = std::move(mitigations_covered);
  for (ResidualBelief& one : options.residuals)
    if (std::ranges::any_of(coverage.mitigations,
                            [&](const DefenseCoverage& shown) { return shown.mitigation->id == one.mitigation; }))
      coverage.measured.push_back(std::move(one));
  return coverage;
}

std::string WriteCoverageTable(const CatalogCoverage& coverage, bool cells) {
  std::string text = fmt::format("{}\n\n{:<40} {:<9}{:<32} {}\n", kNote, "mitigation", "answered",
                                 "stopped, attackers adapt", "stopped, they do not");
  for (const DefenseCoverage& one : coverage.mitigations) {
    text += fmt::format("{:<40} {:<9.3f}", Printable(one.mitigation->id, 120), one.covered);
    // Of nothing answered nothing is stopped, whatever the residual.
    text += one.covered == 0 ? std::string("-\n") : fmt::format("{:<32} {}\n", Column(one.adaptive), Column(one.naive));
    if (!cells) continue;
    for (const DefenseCoverage::Cell& cell : one.cells)
      text +=
          fmt::format("  {:<38} {:g} of {:g} rows, weight {:.3f}\n",
                      fmt::format("{} x {}", Name(cell.component), cell.flow), cell.answered, cell.rows, cell.weight);
  }
  if (!coverage.with_store) return text;
  text += fmt::format("\n{} observations in the store; what attacks of a family keep of their chances by them:\n",
                      coverage.observations);
  for (const ResidualBelief& one : coverage.measured) {
    const statistics::Interval interval = one.residual.CredibleInterval();
    text += fmt::format("  {:<38} {:<22} {:<9} {:.3f} [{:.3f}, {:.3f}] {}\n", Printable(one.mitigation, 120),
                        one.family, one.adaptive ? "adaptive" : "naive", one.residual.mean(), interval.lower,
                        interval.upper, Name(one.ground));
  }
  if (coverage.measured.empty()) text += "  nothing: none was made under a mitigation that is listed here\n";
  return text;
}

std::string WriteCoverageJson(const CatalogCoverage& coverage) {
  Json list = Json::array();
  for (const DefenseCoverage& one : coverage.mitigations) {
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
  Json document = {{"schema", "ringfort.defense-coverage/1"}, {"note", note}, {"mitigations", std::move(list)}};
  if (coverage.with_store) {
    Json residuals = Json::array();
    for (const ResidualBelief& one : coverage.measured) {
      const statistics::Interval interval = one.residual.CredibleInterval();
      residuals.push_back({{"mitigation", one.mitigation},
                           {"family", one.family},
                           {"attacker", one.adaptive ? "adaptive" : "naive"},
                           {"residual", one.residual.mean()},
                           {"low", interval.lower},
                           {"high", interval.upper},
                           {"ground", Name(one.ground)}});
    }
    document["observations"] = coverage.observations;
    document["residuals"] = std::move(residuals);
  }
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ringfort
