#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "campaign/summary.h"
#include "campaign/trial_list.h"
#include "statistics/interval.h"

// What a defense costs those who mean no harm, beside the bare target: a defense that refuses everybody
// stops every attack.
//
//   refused   harmless requests (samples labeled `benign` or `benign ...`, whatever attack asks them; `direct_request`
//   asks
//             them as they are) by the judge that tells refusals: over-refusal, and how much of it is the
//             defense's doing, on the same requests
//   fit       nats a token on texts that the target never saw, from the attack `loss`: what the defense
//             takes from the numbers that honest users read
//   effort    tokens, questions to the model and seconds that such a request took, on average. Seconds are
//             of this machine and this run, no part of a result, and told in the JSON alone.
//
// Only what was tried both ways counts. XSTest's safe prompts, NotInject and other false-refusal
// sets can be given as such samples.

namespace ringfort::campaign {

struct Effort {
  double tokens = 0;
  double queries = 0;
  double seconds = 0;
};

struct DefensePrice {
  std::string target{};
  std::string defense{};
  std::string judge{};         // who told refusals; empty: nobody was asked
  bool uncalibrated = false;   // how often that judge errs is not known
  std::uint64_t requests = 0;  // harmless ones that were judged behind the defense
  std::uint64_t refused = 0;
  std::uint64_t bare_requests = 0;
  std::uint64_t bare_refused = 0;
  std::optional<double> more_refused{};  // the share behind the defense minus that without, on the same requests
  statistics::Interval more_refused_interval{};
  std::uint64_t texts = 0;  // held out, scored both ways
  double loss = 0;          // nats a token; says nothing where texts is 0
  double bare_loss = 0;
  std::uint64_t asked = 0;  // harmless requests that were answered both ways
  Effort effort{};          // of one; says nothing where asked is 0
  Effort bare_effort{};
};

// One a target and defense of which anything is known, in the subjects' order.
std::vector<DefensePrice> PriceDefenses(const Plan& plan, const Texts& texts, std::span<const Subject> subjects,
                                        const TrialList& list, std::span<const TrialRecord> records,
                                        const Summary& summary);

}  // namespace ringfort::campaign
