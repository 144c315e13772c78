#pragma once

#include <string>

#include "base/result.h"
#include "domain/target.h"

namespace ringfort {

inline constexpr const char* kTargetFileName = "ringfort.toml";

// Reads a target that its owner has described:
//
//   [target]
//   name = "newsroom"
//   mitigations = ["mitigation.firewall"]           # optional: what is in place, ids of the catalog
//   ruled_out = ["step.entry.federated_party"]      # optional: steps of the catalog that cannot happen here
//   [budget]                # optional: what further defenses may take in all; see domain/defense_cost.h
//   effort = 8              #   with latency, utility; what is not named is kUsualBudget's
//   [[asset]]
//   id = "corpus"
//   kind = "dataset"        # dataset, model, repository, endpoint
//   path = "data/corpus"    # below the file's folder; or url = "https://..."
//   description = "..."     # optional, as is license
//   traits = ["text"]       # optional: what steps may ask of it; `ringfort graph target` names those that would count
//   worth = 2.5             # optional: how much harm to it counts beside the others, 0 to 100, else 1
//   published = true        # optional, not of an endpoint: strangers may have a copy
//   queries_per_second = 5  # optional, of an endpoint alone, and so the rest: domain/answer_channel.h
//   answer_tokens = 512     #   with vocabulary, top_logprobs, score_bits; or classes
//   [[tie]]
//   from = "model"
//   relation = "trained_on" # trained_on, serves, depends_on, logs_to
//   to = "corpus"
//   [[campaign]]            # optional: what attacks on a model get; docs/campaigns.md
//   asset = "model"         #   one a model or endpoint
//   source = "export.gguf"  #   what answers for it; else the asset itself. Or an address, or scripted:FILE
//   members = "known.txt"   #   with held_out, prefix, background, unit, most, as in a plan (campaign_file.h)
//   attacks = ["loss"]      #   with defenses, reference; queries, tokens, seconds
//   judges = ["verbatim"]   #   with calibration, classifier, as in a plan
//   [campaign.samples]      #   of the [[campaign]] above it
//   canary_exposure = "canaries.jsonl"
//   [campaign.judge.language_model]
//   model = "judge.gguf"    #   as `source`
//
// A path must exist, and must not lead out of the folder, by `..`, by being absolute
// or over a symbolic link: a target that a stranger wrote must not make us read
// (and report) the rest of the disk. The texts and models of a [[campaign]] need not
// exist: what lacks is skipped when it is needed. Errors: kInvalidInput with file and line;
// kUnavailable if the file cannot be read.
Result<Target> LoadTargetFile(const std::string& path);

}  // namespace ringfort
