#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "chain/chain_plan.h"
#include "chain/chain_rate.h"

namespace ringfort {

// `ringfort chain run`: runs a chain of attacks (chain/chain_plan.h), each seed from end to end,
// and counts each link, the whole, and what independence would predict.
//
// Everything a link made is kept below the output folder:
//
//   run-SEED/LINK/link.json    ringfort.link/1: what decided it, its outcomes, what it hands on
//   run-SEED/LINK/model.gguf   where it yields a model
//
// A link whose inputs, settings, version and seed are those of its link.json is not run again: a
// chain that was stopped goes on, and one whose last link was changed repeats that alone. A link that
// cannot be run is an error of all its units in that run, and so are the links that need it; the other
// runs go on.
struct ChainRequest {
  std::string plan{};
  std::string folder{};
  std::uint32_t threads = 1;
};

struct LinkRecord {
  chain::LinkOutcomes outcomes{};
  std::map<std::string, double> numbers{};
  std::string error{};  // why it was not run
  bool kept = false;    // from an earlier call
};

struct ChainRunRecord {
  std::uint64_t seed = 1;
  std::size_t units = 0;
  std::vector<LinkRecord> links{};
};

struct ChainResult {
  chain::ChainPlan plan{};
  std::string folder{};
  std::vector<ChainRunRecord> runs{};  // those that were finished
  std::optional<chain::ChainRates> rates{};
  bool stopped = false;
};

// Errors: ReadChainPlan's; kUnavailable where the folder cannot be written; kInvalidInput for an
// asset that cannot be read. The progress is shown links.
Result<ChainResult> RunChain(const ChainRequest& request, Progress* progress);

std::string WriteChainTable(const ChainResult& result);
std::string WriteChainJson(const ChainResult& result);  // ringfort.chain/1

// `ringfort chain show`: the plan as it would run, with kinds and axes; asks no model.
std::string WriteChainPlanTable(const chain::ChainPlan& plan);
std::string WriteChainPlanJson(const chain::ChainPlan& plan);  // ringfort.chain_plan/1

// `ringfort chain links`: what a plan may name.
std::string WriteChainLinksTable();
std::string WriteChainLinksJson();  // ringfort.chain_links/1

}  // namespace ringfort
