#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "domain/provenance.h"
#include "knowledge/catalog/catalog.h"
#include "statistics/beta_posterior.h"

// How much of the known threats a mitigation answers, and how well: the defense
// coverage index, a definition of ours.
//
//   DCI(d) = sum over cells of weight(cell) cov(d, cell) eff(d, cell), in [0, 1]
//
// A cell is a component of the channel (signal, noise, bandwidth) and a flow (input,
// output, ...) of the 73 rows of the information-flow taxonomy; a row of two flows
// stands by half in two cells. By default a cell weighs its share of the rows, so that the
// index is the share of the taxonomy that the mitigation stops. cov is the share of the
// cell's rows that the mitigation answers: it acts on the cell's component, and
// answers the row's family. eff is, in the mean over these rows, 1 less the mean of
// the residual.
//
// Read it with care. The rows are a survey of early 2025, of which evasion, jailbreak
// and agents are most: what works against the rest of the families counts little or
// nothing here. Which family a row is of, what a mitigation answers, and most
// residuals are our judgment.

namespace ringfort {

struct CellWeight {
  knowledge::ChannelComponent component = knowledge::ChannelComponent::kSignal;
  std::string flow{};  // as the taxonomy's rows name it
  double weight = 0;
};

// What was measured, in place of the catalog's residual.
struct ResidualBelief {
  std::string mitigation{};  // Mitigation::id
  std::string family{};      // Family::id against which it was measured; empty: all
  bool adaptive = false;     // against attackers who know the mitigation
  statistics::BetaPosterior residual{};
  Provenance ground = Provenance::kMeasured;
};

struct CoverageOptions {
  std::vector<std::string> mitigations{};   // Mitigation::id; empty: all
  std::vector<CellWeight> weights{};        // made to sum to 1; cells that are not named weigh nothing; empty: by rows
  std::vector<ResidualBelief> residuals{};  // that of a family goes before that of all
};

struct DefenseCoverage {
  struct Cell {
    knowledge::ChannelComponent component = knowledge::ChannelComponent::kSignal;
    std::string flow{};
    double weight = 0;
    double rows = 0;      // halves count
    double answered = 0;  // of these
  };

  const knowledge::Mitigation* mitigation = nullptr;  // in the catalog
  double covered = 0;  // the index of a mitigation of its breadth that lets nothing through
  // The interval, 95 %, is that of the residuals, all at their worst or best at once;
  // the ground the weakest of theirs.
  Quantity naive{};           // against attackers who do not know the mitigation
  Quantity adaptive{};        // against those who do
  std::vector<Cell> cells{};  // all, by component and name
};

// The widest first: by the adaptive index, then by what is covered, then by id. Errors,
// kInvalidInput: ids, families or cells that the catalog does not know, weights that are
// negative, not finite or all 0.
Result<std::vector<DefenseCoverage>> FindDefenseCoverage(const knowledge::Catalog& catalog,
                                                         const CoverageOptions& options = {});

}  // namespace ringfort
