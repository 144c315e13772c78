#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "attacks/attack.h"
#include "campaign/plan.h"
#include "campaign/summary.h"
#include "statistics/interval.h"

// What a defense is worth against an attacker who knows of it.
//
// A defense measured with attacks that do not know of it looks better than it is: noise
// that hides a loss from one question is averaged away with sixteen. So of each defense two
// attackers are told, the strongest that does not know of it and the strongest that does,
// and the stronger of both is to be believed. The strongest of several is chosen by the very
// numbers that are told of it, so that its value is somewhat too high: the more attacks, the
// more; for a defense that is the safe side.

namespace ringfort::campaign {

struct Contender {
  std::string attack{};
  double value = 0;
  statistics::Interval interval{};
};

struct BelievedLine {
  std::string target{};
  std::string defense{};
  bool area = true;     // an AUROC; else a rate of success
  std::string label{};  // of a rate
  std::string judge{};
  bool uncalibrated = false;
  std::optional<Contender> bare{};      // the strongest without the defense, of all attacks
  std::optional<Contender> naive{};     // the strongest that does not know of the defense
  std::optional<Contender> adaptive{};  // and the strongest that does; none: no such attack was tried

  // The stronger of both. REQUIRES: one of them.
  const Contender& believed() const {
    return adaptive && (!naive || adaptive->value >= naive->value) ? *adaptive : *naive;
  }
};

// Whether the attack knows of the defense.
bool AdaptsTo(std::string_view attack, std::string_view defense, std::span<const attacks::AttackEntry> cards);

// Adds to the plan each attack that knows of one of its defenses, at its usual settings,
// unless it names it already.
void AddAdaptiveAttacks(Plan& plan, std::span<const attacks::AttackEntry> cards);

// One line a target, defense and kind of result; rates by judge, not of held-out texts nor of
// harmless requests (campaign/defense_price.h). The
// blind baseline is no attack on a target and does not compete.
std::vector<BelievedLine> Believe(const Summary& summary, std::span<const attacks::AttackEntry> cards);

}  // namespace ringfort::campaign
