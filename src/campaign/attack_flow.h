#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "campaign/success.h"
#include "campaign/trial_list.h"
#include "statistics/interval.h"

// What an attack that was tried is worth in bits, as a channel from the secret to whoever
// asks (information_flow/attack_channel.h). Rate = bits x tries a second; how many of those the
// endpoint's owner allows is no matter of a campaign.
//
//   membership   The score says "member" above the median of all scores, which is drawn without
//                looking at what is true. Bits a text: the capacity of that binary channel. 20
//                members, 20 others, 18 and 2 above: 0.53 bits.
//   secrets      A sample that says among how many its secret hides (`space`, or its candidates where the
//                attack chooses among them): Fano's bound on what the answers tell. Bits a try, and
//                a query by the queries that a try took.
//
// Only a comparison with a known truth counts (verbatim, `overlap`), each sample once: results of
// several seeds tell no flow, nor do samples that do not say how many secrets there could be, such
// as texts to be gone on with. The median as threshold, and Fano's bound for what a reading is worth, are ours.

namespace ringfort::campaign {

struct AttackFlow {
  std::string target{};
  std::string defense{};
  std::string attack{};
  std::uint64_t seed = 0;
  std::string label{};              // of the secrets; empty: membership
  std::string judge{};              // who said what was read; empty: membership
  std::uint64_t tries = 0;          // that count
  double choices = 2;               // among how many the secret hides
  double bits = 0;                  // a try
  statistics::Interval interval{};  // 95 %, exact in the rates
  double queries = 0;               // a try took, on average; 0: texts are scored for all attacks at once

  // False where the interval holds zero.
  bool leak_shown() const { return interval.lower > 0; }
};

// None without two scores of each kind.
Result<std::optional<AttackFlow>> MembershipFlow(std::span<const double> members, std::span<const double> others);

// `tried`: the trials behind `result`. None where nothing is told, see above.
Result<std::optional<AttackFlow>> SecretFlow(const Plan& plan, const Texts& texts, const attacks::AttackCard& card,
                                             std::span<const TriedSample> tried, const SuccessResult& result);

}  // namespace ringfort::campaign
