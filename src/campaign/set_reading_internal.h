#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "attacks/budget.h"
#include "base/result.h"
#include "campaign/trial_task_internal.h"

// What attacks that learn from a whole set of texts are shown: the texts as the target sees
// them and, where they need shadow models, each shadow's texts as that shadow sees them. The
// views hold what ViewsOfSet names and nothing else, whichever other attacks were tried, so
// that a campaign that was cut and resumed says the same as one that was not.

namespace ringfort::campaign {

// By text of Texts::texts: what was seen of one when it was scored for other attacks.
using KeptViews = std::map<std::uint32_t, attacks::TextView>;

// The same with nothing but what is needed.
attacks::TextView Restricted(attacks::TextView view, const attacks::ViewNeeds& needs);

struct SeenSet {
  std::vector<attacks::LabeledView> views{};  // of all texts, in order
  std::map<std::uint32_t, Error> refused{};   // texts that the target can never be asked
  std::vector<engines::Usage> used{};         // by text: what asking for it now has cost
};

// The texts alone, for an attack that asks nobody.
SeenSet UnseenSet(const Workbench& bench);

// Asks for those that `kept` lacks, and adds them there. Errors: the target's own, and
// kLimitExceeded where the budget is spent: a set is learned from whole or not at all.
// kUnavailable where `go_on` says no.
Result<SeenSet> SeeSet(const Workbench& bench, const Subject& subject, const attacks::ViewNeeds& needs,
                       std::uint64_t seed, KeptViews& kept, attacks::Budget& budget,
                       const std::function<bool()>& go_on);

// By the subject's shadows, which cost no budget: they are the attacker's own. An error
// names the shadow.
Result<std::vector<attacks::LabeledView>> SeeShadows(const Workbench& bench, const Subject& subject,
                                                     const attacks::ViewNeeds& needs, std::uint64_t seed,
                                                     const std::function<bool()>& go_on);

}  // namespace ringfort::campaign
