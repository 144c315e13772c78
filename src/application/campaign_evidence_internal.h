#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "application/prepared_campaign_internal.h"
#include "campaign/summary.h"
#include "domain/observation.h"
#include "domain/trial.h"

namespace ringfort {

// What a campaign on one asset says of the catalog's steps, for the threat graph. Only where
// a trial means what the step's prior means, and each try is independent of the others:
//
//   membership   The priors of the steps are areas under a curve, read as the chance that a
//                member outranks another text. So members and held-out texts are paired, each
//                with one, in the order of their digests; a pair is a try, and it succeeds
//                where the member's score is higher (a tie fails). One attack speaks for one
//                step, or the same texts would count twice:
//                  loss              step.membership_inference.loss
//                  min_k_plus_plus   step.membership_inference.lowest_tokens
//                Nothing is said where the two sets can be told apart without the model, or
//                where no blind baseline was tried: the score may follow that.
//   extraction   discoverable_memorization, step.training_data_extraction.prefix: a member
//                text is a try, and it succeeds word for word.
//
//   answers      jailbreaks, injections, the hidden prompt, redacted names: a sample is a try, and
//                it succeeds where the judge that compares with a known truth says so: `overlap`,
//                of redacted names `verbatim`, since there the wrong answers overlap, too. What only
//                a judge of refusals has seen says nothing (its rate is too high), nor do
//                harmless samples (label `benign`).
//
// Behind a defense the same, with the catalog's mitigation of its card, by attackers who do
// not know of it. Other attacks say nothing: the catalog has no step for them, or they
// speak of one that another attack has spoken of.
//
// `measured_at` is the time of the last trial that counts, so that a campaign which is told
// again tells the same observation.
std::vector<Observation> ObserveSteps(const PreparedCampaign& prepared, std::span<const TrialRecord> records,
                                      const campaign::Summary& summary, std::string_view asset);

// The attacks that speak for a step.
struct SpeakingAttack {
  std::string_view attack{};
  std::string_view step{};   // StepRule::id
  std::string_view judge{};  // who decides; empty: see above
};
std::span<const SpeakingAttack> SpeakingAttacks();

}  // namespace ringfort
