#pragma once

#include <vector>

#include "base/result.h"
#include "domain/reasoning.h"
#include "domain/target.h"
#include "knowledge/catalog/catalog.h"
#include "threat_model/answer_capacity.h"
#include "threat_model/asset_facts.h"

// How fast the secrets of a target can reach those who should not have them, at most,
// by the target's own channels. What an asset holds gets into what is made of it:
//
//   X trained_on, serves or depends_on Y   from Y to X, bounded nowhere; where Y is an
//                                          endpoint, by what its answers carry
//   X logs_to Y                            from X to Y; of an endpoint, what its answers
//                                          carry, at the rate at which it answers: that
//                                          nothing else is logged is assumed
//   endpoint                               to the strangers who ask it, by its answers
//   published                              to its readers, bounded nowhere
//
// Secrets are the records of datasets, the weights of models and the system prompts of
// endpoints that answer with text, as far as they are not published. The bound is the
// cut-set bound (information_flow/leakage_bound.h): it holds whatever models, code and
// attackers do, as long as there is no other way out than these channels: no theft, no
// side channel, and endpoints that are behind the target's ties alone.
//
// The levers are of the catalog: masking scores is noise (mitigation.confidence_masking),
// and costs by the halving its cost divided by log2 of the factor that it takes off;
// fewer answers are bandwidth (mitigation.rate_limit), a halving its cost. Both ours.

namespace ringfort {

inline constexpr std::size_t kMostLeakagePairs = 10'000;

struct LeakageOptions {
  std::vector<AssetFacts> facts{};
  std::vector<MeasuredCapacity> measured{};
};

// A path for each secret and observer that some way joins, by the target's order of
// secrets and then of observers; behind those of a secret that reaches several, one to
// all of them together, who may share what they see. Empty: nothing leaks by these
// channels. Errors: kInvalidInput for a tie, a fact or a measurement of an asset that is
// not there, or a measurement that is no number of bits on some queries;
// kLimitExceeded past kMostLeakagePairs.
Result<std::vector<LeakagePath>> FindTargetLeakage(const knowledge::Catalog& catalog, const Target& target,
                                                   const LeakageOptions& options = {});

}  // namespace ringfort
