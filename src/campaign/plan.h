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
#include "judges/judge.h"

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
  std::string attacker{};   // the same, of the model that writes for attacks that have a writer; empty: the target
};

// A model whose training data is known, for attacks that learn from such what scores mean.
struct PlannedShadow {
  std::string source{};    // as of a target
  std::string members{};   // paths of text sets: what it was trained on, and
  std::string held_out{};  // texts like them that it was not
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
  std::vector<PlannedShadow> shadows{};
  // Names of judges::Family(), or kVerbatim; what attacks had the targets say is judged by each.
  std::vector<std::string> judges = {"verbatim"};
  std::string calibration{};  // path of `ringfort judge calibrate --format json`; empty: none
  std::string classifier{};   // path of `ringfort judge train`; empty: none
  std::string judge_model{};  // whom the judge that needs a model asks: a file, or an address; empty: none
  // Paths of sample files (campaign/sample_file.h), by attack.
  std::map<std::string, std::string, std::less<>> samples{};
  std::vector<std::uint64_t> seeds = {1};
  std::uint32_t neighbors = 25;  // texts like each text, for attacks that compare with them
  PlannedBudget budget{};

  // Paths of text sets; see datasets/text_set.h. Members and held-out texts should be
  // drawn from one distribution: what tells them apart without the model is measured too.
  // Both may be left out where no attack needs them.
  std::string members{};
  std::string held_out{};
  std::string prefix{};      // texts that are surely no members; empty: none
  std::string background{};  // texts in which words are counted; empty: none
  datasets::TextUnit unit = datasets::TextUnit::kLine;
  std::uint64_t most_texts = 1000;  // of each kind; drawn by the first seed
};

// Did the answer begin, word for word, with what was expected? The log says so of every
// trial that expects something; no judge is needed, and by definition it does not err.
inline constexpr std::string_view kVerbatim = "verbatim";

// Whether an attack cannot be tried without members and held-out texts.
bool NeedsTexts(const attacks::AttackEntry& entry, bool has_samples);

// Error (kInvalidInput, one sentence): no attack, target, seed, or no text set where one is
// needed; a name told twice or that no card has; a setting that the card lacks; samples
// for an attack that the plan does not try or that is given none; shadow models that no
// attack of the plan learns from.
Status CheckPlan(const Plan& plan, std::span<const attacks::AttackEntry> cards);

// The same of its defenses: a name told twice, that no card has, or of a defense that is
// no model around a model; a setting that the card lacks.
Status CheckDefenses(const Plan& plan, std::span<const defenses::DefenseEntry> cards);

// The same of its judges: a name told twice, that no judge has, of one that needs a model or
// that learns, without `judge_model` or `classifier`; a `judge_model` that none of them asks.
Status CheckJudges(const Plan& plan, std::span<const judges::JudgeCard* const> cards);

}  // namespace ringfort::campaign
