#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "domain/model_attacks.h"
#include "domain/observation.h"
#include "domain/scan_result.h"
#include "domain/target.h"
#include "evidence/evidence_store.h"

// Attacks on the models of a target, as a part of its assessment: one campaign a model,
// within a budget. What can run is
//
//   a GGUF file of a model asset that the scan found clean; a file that is anything else
//   is not handed to a library that would load it
//   what ringfort.toml names as the `source` of a [[campaign]]
//   an endpoint, but only if the user allows it: a ringfort.toml that a stranger wrote
//   must not make us send questions, and a key, to an address of theirs
//
// Without texts (a [[campaign]] with members and held_out) only attacks on the model as such
// are tried, and those that bring questions of their own: orders in foreign text, the hidden prompt,
// answers without end; a jailbreak needs requests that this model should refuse, which only
// its owner knows (`samples` of a [[campaign]]). Everything that is left out stands in the result, with the reason; no
// fault of one model keeps the others from being tried.

namespace ringfort {

// What one model may cost. A [[campaign]] may say otherwise.
struct AttackLimits {
  double seconds = 120;  // looked at between questions
  std::uint64_t queries = 100'000;
  std::uint64_t endpoint_queries = 200;  // of an endpoint: others may have to pay for them
  std::uint64_t texts = 500;             // of each kind; of an endpoint as many as its queries allow
  std::uint64_t widest = 1536;           // hidden dimension that is looked for: the work grows with its cube
};

struct AttackModelsRequest {
  AttackLimits limits{};
  std::optional<double> seconds{};  // the user's own, before any other
  bool ask_endpoints = false;
  std::uint64_t seed = 1;          // from 1 on
  EvidenceStore* store = nullptr;  // where trials are logged and found again; null: nowhere
  std::vector<std::string> arguments{};
};

struct AttackModelsOutcome {
  ModelAttacks attacks{};
  std::vector<Observation> observations{};  // for the threat graph; see campaign_evidence_internal.h
  bool interrupted = false;
};

// `assets` are those of the target with their artifacts attached (AttachArtifacts).
AttackModelsOutcome AttackModels(const Target& target, const std::vector<Asset>& assets, const ScanResult& scan,
                                 const AttackModelsRequest& request, Progress* progress);

}  // namespace ringfort
