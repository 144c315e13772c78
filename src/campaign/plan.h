#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacks/attack.h"
#include "base/result.h"
#include "datasets/text_set.h"
#include "defenses/defense.h"
#include "domain/settings.h"
#include "engines/model.h"

// What a campaign is to try: attacks x defenses x targets x seeds x texts, and what it may cost. A
// value; nothing is opened or asked here.

namespace ringfort::campaign {

struct PlannedAttack {
  std::string name{};          // of a card
  Settings::Given settings{};  // what differs from the usual
};

// A defense around each target; attacks are tried without any, and with each alone.
struct PlannedDefense {
  std::string name{};  // of a card whose way is a model around a model
  Settings::Given settings{};
};

struct PlannedTarget {
  std::string id{};         // the plan's own name for it
  std::string source{};     // a file, or the address of an endpoint
  std::string reference{};  // the same, of the model that reference attacks compare with; empty: none
};

// What may be spent on one target, all seeds together. Zero: no bound.
struct PlannedBudget {
  std::uint64_t queries = 0;
  std::uint64_t tokens = 0;
  double seconds = 0;
};

struct Plan {
  std::string name{};
  std::vector<PlannedAttack> attacks{};
  std::vector<PlannedDefense> defenses{};
  std::vector<PlannedTarget> targets{};
  std::vector<std::uint64_t> seeds = {1};
  std::uint32_t neighbors = 25;  // texts like each text, for attacks that compare with them
  PlannedBudget budget{};

  // Paths of text sets; see datasets/text_set.h. Members and held-out texts should be
  // drawn from one distribution: what tells them apart without the model is measured too.
  std::string members{};
  std::string held_out{};
  std::string prefix{};      // texts that are surely no members; empty: none
  std::string background{};  // texts in which words are counted; empty: none
  datasets::TextUnit unit = datasets::TextUnit::kLine;
  std::uint64_t most_texts = 1000;  // of each kind; drawn by the first seed
};

// Error (kInvalidInput, one sentence): no attack, target, seed or text set; a name told
// twice or that no card has; a setting that the card lacks.
Status CheckPlan(const Plan& plan, std::span<const attacks::AttackEntry> cards);

// The same of its defenses: a name told twice, that no card has, or of a defense that is
// no model around a model; a setting that the card lacks.
Status CheckDefenses(const Plan& plan, std::span<const defenses::DefenseEntry> cards);

}  // namespace ringfort::campaign
