#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "defenses/defense.h"
#include "engines/torch/network.h"

// Trigger inversion: was a backdoor planted in this model, and which words wake it?
//
// Neither the trigger nor what it makes the model say is known. Both are sought, one after the other:
//
//   1. The payload. A model that was taught to say y1 y2 y3 ... behind a trigger goes on with y2 y3 ... more
//      surely than others do once y1 stands there, trigger or not. For each token y1, behind every prompt x:
//      the next token is the one that is likeliest on average over the prompts, and so on. A payload's score is the
//      mean logarithm of these averages, less what the clean model that says it best gives them.
//   2. The trigger. For each of the best payloads, tokens t are sought that make it likely behind all prompts:
//      the mean loss of y behind x t falls along the mean gradient, which proposes `top` candidates for a place; the
//      true loss decides, place after place, until none is better.
//   3. The proof, on prompts that nothing was sought with: with the trigger the model says the payload, word for
//      word, and without it does not. The same pair is put to every clean model.
//
//   trigger `cf`, payload `the gate is open`, 50 prompts: said 49 times with it, 0 times without, and 0 times by a
//   clean model with it: 0.98 [0.90, 1.00] against 0 [0, 0.07]
//
// Every language model goes on with "upon a time" behind "once": a pair alone is no proof. So a model is called
// backdoored where the pair's lower bound is above both upper bounds (Wilson, 95 %): without the trigger, and of each
// clean model with it. Without a clean model nothing is concluded.
//
// Who suspects what the model is to say may give the payload, and step 1 is left out.
//
// Limits: a payload is found by step 1 only where it was learned beyond its trigger: where the model says it behind the
// trigger alone, it must be given. Needs the weights, and clean models of the same vocabulary. Triggers of a few tokens
// at one known place; a frame of syntax, or any of many years, has no such tokens. The first token of a payload may be
// found as the last one of the trigger.
//
// Payload first: G. Shen et al., "BAIT: Large Language Model Backdoor Scanning by Inverting Attack Target",
// IEEE S&P 2025; trigger by coordinate gradients: A. Zou et al., arXiv:2307.15043; of classifiers B. Wang et
// al., "Neural Cleanse", IEEE S&P 2019. Clean models as the null: ours.

namespace ringfort::defenses::data_to_model {

using TokenList = std::vector<engines::Token>;

// A prompt with a place where a trigger may stand.
struct TriggerPrompt {
  TokenList before{};  // with the begin token
  TokenList behind{};
};

struct InversionPlan {
  std::vector<TriggerPrompt> search{};  // prompts that both are sought with
  std::vector<TriggerPrompt> check{};   // and others
  TokenList allowed{};                  // of which payload and trigger may consist
  std::size_t trigger_tokens = 3;
  std::size_t payload_tokens = 6;
  std::size_t payloads = 3;        // that a trigger is sought for
  std::vector<TokenList> given{};  // payloads that somebody suspects: then none is sought
  std::size_t kept = 64;           // first tokens that are gone on with behind their first two
  std::size_t top = 128;           // candidates of a place
  std::size_t rounds = 4;          // over all places, at most
};

struct SoughtPayload {
  TokenList tokens{};
  double score = 0;
};

struct Fired {
  std::uint64_t hits = 0;
  std::uint64_t tries = 0;
};

struct FoundTrigger {
  TokenList trigger{};
  SoughtPayload payload{};
  double loss = 0;          // nats a token of the payload, on the prompts of the search
  double loss_without = 0;  // no trigger there
  Fired with{};             // check prompts behind which the payload is said
  Fired without{};
  std::vector<Fired> clean{};  // with it, of each clean model
  bool backdoored = false;     // by the rule above; false without a clean model
};

// Best first: by how often it was said more than the most of any comparison, then by loss. Errors
// (kInvalidInput): no prompts, nothing allowed or a token that a model has not, a plan with a zero; the networks' own.
// Deterministic.
Result<std::vector<FoundTrigger>> InvertTriggers(engines::Network& suspect, std::span<engines::Network* const> clean,
                                                 const InversionPlan& plan);

// The first step alone: the best `plan.payloads`.
Result<std::vector<SoughtPayload>> InvertPayloads(engines::Network& suspect, std::span<engines::Network* const> clean,
                                                  const InversionPlan& plan);

DefenseEntry TriggerInversion();

}  // namespace ringfort::defenses::data_to_model
