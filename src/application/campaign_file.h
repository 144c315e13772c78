#pragma once

#include <string>

#include "base/result.h"
#include "campaign/plan.h"

namespace ringfort {

// Reads a campaign's plan, a TOML file:
//
//   name = "what the chat model remembers"
//   seeds = [1, 2, 3]                    # 1 if it is left out
//   attacks = ["loss", "recall"]         # all that read scores if it is left out
//   defenses = ["rounded_answers"]       # each alone, beside the bare target
//   adaptive = true                      # and the attacks that know of these defenses
//   judges = ["verbatim", "overlap"]     # of what attacks made the targets say; verbatim if left out
//   calibration = "errors.json"          # of `ringfort judge calibrate --format json`
//   classifier = "judge.json"            # of `ringfort judge train`, for the judge `classifier`
//   neighbors = 25                       # texts like each text, for `neighborhood`
//   [texts]                              # not needed where no attack reads them
//   members = "members.txt"              # a text a line, or .jsonl
//   held_out = "held_out.txt"
//   prefix = "others.txt"                # for `recall`
//   background = "background.txt"        # for `neighborhood`
//   unit = "line"                        # or "paragraph"
//   most = 1000                          # of each kind
//   [samples]                            # of attacks that ask for others (campaign/sample_file.h)
//   canary_exposure = "canaries.jsonl"
//   [judge.language_model]               # whom that judge asks
//   model = "judge.gguf"
//   [[target]]
//   id = "chat"
//   source = "chat.gguf"                 # or what else model_source.h opens
//   reference = "base.gguf"              # for `reference`
//   attacker = "http://127.0.0.1:8080"   # who writes for `iterative_rewriting` and the like; else the target
//   [[shadow]]                           # a model of known training data, for `shadow_ensemble`
//   source = "shadow.gguf"
//   members = "shadow_members.txt"       # what it was trained on, and
//   held_out = "shadow_others.txt"       # texts like them that it was not
//   [settings.min_k_probability]         # of an attack or a defense
//   fraction = 0.2
//   [budget]                             # of each target
//   queries = 100000
//   tokens = 10000000
//   seconds = 3600
//
// Paths are relative to the plan's folder. Errors name file and line; what a plan means
// is checked, too (campaign::CheckPlan, CheckDefenses, CheckJudges).
Result<campaign::Plan> ReadCampaignPlan(const std::string& path);

}  // namespace ringfort
