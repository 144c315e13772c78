#pragma once

#include <string>

#include "base/result.h"
#include "chain/chain_plan.h"

namespace ringfort {

// Reads a chain's plan, a TOML file:
//
//   name = "extracted text comes back as poison"
//   seeds = [1, 2, 3]                        # one run of the whole chain each; 1 if left out
//   units = 40                               # texts or requests that a run follows; 50 if left out
//   [[asset]]
//   id = "victim"
//   kind = "answers"                         # answers, weights, texts, requests or prompts
//   source = "model.gguf"                    # a model as model_source.h opens it, or a file
//   [[link]]
//   id = "extract"
//   attack = "extract_texts"                 # see `ringfort chain links`
//   from = { target = "victim", openings = "known" }
//   settings = { prefix = 16, suffix = 16 }  # numbers and texts of the link's card
//
// Texts are a text a line or .jsonl; requests are .jsonl as campaign/sample_file.h reads it, whose
// first candidate is what a success would say. Paths are relative to the plan's folder. Errors name
// file and line where they can; what a plan means is checked, too (chain::CheckChain).
Result<chain::ChainPlan> ReadChainPlan(const std::string& path);

}  // namespace ringfort
