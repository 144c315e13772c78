#include "threat_model/defense_coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/text.h"

namespace ringfort {
namespace {

using knowledge::Catalog;
using knowledge::ChannelComponent;
using knowledge::Mitigation;
using knowledge::TaxonomyRow;

using CellKey = std::pair<ChannelComponent, std::string>;
using Cells = std::map<CellKey, DefenseCoverage::Cell>;

Error Unknown(std::string_view what, std::string_view id) {
  return {Fault::kInvalidInput, fmt::format("the catalog knows no {} '{}'", what, Printable(id, 120))};
}

// A row's share in each of its cells.
double ShareOf(const TaxonomyRow& row) { return row.flows.empty() ? 0 : 1.0 / static_cast<double>(row.flows.size()); }

Result<Cells> CellsOf(const Catalog& catalog, const std::vector<CellWeight>& weights) {
  Cells cells;
  double rows = 0;
  for (const TaxonomyRow& row : catalog.taxonomy)
    for (const std::string& flow : row.flows) {
      DefenseCoverage::Cell& cell = cells[{row.component, flow}];
      cell.component = row.component;
      cell.flow = flow;
      cell.rows += ShareOf(row);
      rows += ShareOf(row);
    }
  for (auto& [key, cell] : cells) cell.weight = weights.empty() ? cell.rows / rows : 0;
  double sum = 0;
  for (const CellWeight& given : weights) {
    const auto cell = cells.find({given.component, given.flow});
    if (cell == cells.end()) return Unknown("cell", fmt::format("{} x {}", Name(given.component), given.flow));
    if (!(given.weight >= 0 && std::isfinite(given.weight)))
      return Error{Fault::kInvalidInput, fmt::format("{} is no weight of a cell", given.weight)};
    cell->second.weight += given.weight;
    sum += given.weight;
  }
  if (!weights.empty() && !(sum > 0 && std::isfinite(sum)))
    return Error{Fault::kInvalidInput, "no cell has a weight, so nothing can be covered"};
  if (!weights.empty())
    for (auto& [key, cell] : cells) cell.weight /= sum;
  return cells;
}

// What an attack of this family keeps of its chances, as believed.
Quantity ResidualOf(const Mitigation& mitigation, const std::string& family, bool adaptive,
                    const std::vector<ResidualBelief>& measured) {
  const ResidualBelief* nearest = nullptr;
  for (const ResidualBelief& one : measured) {
    if (one.mitigation != mitigation.id || one.adaptive != adaptive) continue;
    if (one.family == family || (one.family.empty() && nearest == nullptr)) nearest = &one;
  }
  const knowledge::Prior& prior = adaptive ? mitigation.residual_adaptive : mitigation.residual;
  statistics::BetaPosterior belief;
  Provenance ground = prior.kind;
  if (nearest != nullptr) {
    belief = nearest->residual;
    ground = nearest->ground;
  } else if (auto of_prior = statistics::BetaPosterior::Create(prior.successes, prior.failures); of_prior.ok()) {
    belief = of_prior.value();  // the catalog's are all fit, that is checked when it is compiled
  }
  const statistics::Interval interval = belief.CredibleInterval();
  return {belief.mean(), interval.lower, interval.upper, ground};
}

bool Answers(const Mitigation& mitigation, const TaxonomyRow& row) {
  const auto holds = [](const auto& list, const auto& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  return holds(mitigation.channel, row.component) && holds(mitigation.families, row.family);
}

// The index of one sort of attackers, from the weights that the rows answered have, by family.
Quantity IndexOf(const Mitigation& mitigation, const std::map<std::string, double>& weight_of_family, bool adaptive,
                 const std::vector<ResidualBelief>& measured) {
  Quantity index{0, 0, 0, (adaptive ? mitigation.residual_adaptive : mitigation.residual).kind};
  bool first = true;
  for (const auto& [family, weight] : weight_of_family) {
    const Quantity residual = ResidualOf(mitigation, family, adaptive, measured);
    index.value += weight * (1 - residual.value);
    index.low += weight * (1 - residual.high);
    index.high += weight * (1 - residual.low);
    index.ground = first ? residual.ground : std::max(index.ground, residual.ground);
    first = false;
  }
  return index;
}

DefenseCoverage Cover(const Catalog& catalog, const Mitigation& mitigation, Cells cells,
                      const std::vector<ResidualBelief>& measured) {
  DefenseCoverage coverage;
  coverage.mitigation = &mitigation;
  std::map<std::string, double> weight_of_family;
  for (const TaxonomyRow& row : catalog.taxonomy) {
    if (!Answers(mitigation, row)) continue;
    for (const std::string& flow : row.flows) {
      DefenseCoverage::Cell& cell = cells.at({row.component, flow});
      cell.answered += ShareOf(row);
      weight_of_family[row.family] += cell.weight * ShareOf(row) / cell.rows;
      coverage.covered += cell.weight * ShareOf(row) / cell.rows;
    }
  }
  coverage.naive = IndexOf(mitigation, weight_of_family, false, measured);
  coverage.adaptive = IndexOf(mitigation, weight_of_family, true, measured);
  for (auto& [key, cell] : cells) coverage.cells.push_back(std::move(cell));
  return coverage;
}

}  // namespace

Result<std::vector<DefenseCoverage>> FindDefenseCoverage(const Catalog& catalog, const CoverageOptions& options) {
  for (const ResidualBelief& one : options.residuals) {
    if (knowledge::Find(catalog.mitigations, one.mitigation) == nullptr) return Unknown("mitigation", one.mitigation);
    if (!one.family.empty() && knowledge::Find(catalog.families, one.family) == nullptr)
      return Unknown("family", one.family);
  }
  TRY(cells, CellsOf(catalog, options.weights));
  std::vector<const Mitigation*> mitigations;
  for (const std::string& id : options.mitigations) {
    const Mitigation* const mitigation = knowledge::Find(catalog.mitigations, id);
    if (mitigation == nullptr) return Unknown("mitigation", id);
    if (std::find(mitigations.begin(), mitigations.end(), mitigation) == mitigations.end())
      mitigations.push_back(mitigation);
  }
  if (options.mitigations.empty())
    for (const Mitigation& mitigation : catalog.mitigations) mitigations.push_back(&mitigation);

  std::vector<DefenseCoverage> all;
  for (const Mitigation* mitigation : mitigations) all.push_back(Cover(catalog, *mitigation, cells, options.residuals));
  std::sort(all.begin(), all.end(), [](const DefenseCoverage& a, const DefenseCoverage& b) {
    if (a.adaptive.value != b.adaptive.value) return a.adaptive.value > b.adaptive.value;
    if (a.covered != b.covered) return a.covered > b.covered;
    return a.mitigation->id < b.mitigation->id;
  });
  return all;
}

}  // namespace ringfort
