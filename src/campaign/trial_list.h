#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "attacks/attack.h"
#include "attacks/word_proposals.h"
#include "base/result.h"
#include "campaign/plan.h"
#include "campaign/sample_file.h"
#include "datasets/text_set.h"
#include "domain/settings.h"
#include "domain/trial.h"

// A plan, spelled out: every trial with its identity, before anything is asked. What the
// log lacks of this list is what remains to be done.

namespace ringfort::campaign {

inline constexpr std::string_view kMember = "member";
inline constexpr std::string_view kHeldOut = "held_out";

// A text that is tried.
struct LabeledText {
  std::string id{};
  std::string text{};
  std::string digest{};
  bool member = false;
};

// The texts of a shadow model.
struct ShadowTexts {
  std::string id{};  // "shadow 2 (other.gguf)"
  std::vector<LabeledText> texts{};
  std::string digest{};
};

// The texts of a plan, read.
struct Texts {
  std::vector<LabeledText> texts{};  // members first; drawn, as many as the plan allows
  std::string digest{};              // SHA-256 over all of them and their labels
  std::string prefix{};              // its texts, one after the other; empty: none
  std::string prefix_digest{};
  std::vector<std::string> background{};
  std::string background_digest{};
  std::vector<ShadowTexts> shadows{};  // in the plan's order
  std::string no_shadows{};            // why those that the plan names cannot be used; empty: they can
  // What attacks that ask the target are given instead of the texts, by attack.
  std::map<std::string, std::vector<LabeledSample>, std::less<>> samples{};
};

// Reads the plan's sets and draws from them; no texts where the plan names none. Errors:
// the sets' own; a text that is member and held out at once; fewer than two of a kind. What
// is wrong with a shadow's texts stands in `no_shadows`: only attacks that learn from them
// cannot be tried.
Result<Texts> ReadTexts(const Plan& plan);

// Adds the samples of the plan's files, and what is usual where it names none. Errors:
// those of ReadSampleFile. REQUIRES: CheckPlan passed.
Status ReadSamples(const Plan& plan, std::span<const attacks::AttackEntry> cards, Texts& texts);

// A target, opened, with or without a defense. Models are the caller's and outlive the
// campaign; `model` is the one behind the defense.
struct Subject {
  std::string id{};
  engines::Model* model = nullptr;
  engines::Model* reference = nullptr;     // none: nullptr; never defended
  std::string defense{};                   // name; empty: none
  std::string defense_settings{};          // all that decides what it does, its version included
  std::vector<engines::Model*> shadows{};  // those of Texts::shadows, in their order; never defended
  engines::Model* attacker = nullptr;      // who writes for attacks that have a writer; none: nullptr

  std::string Name() const { return defense.empty() ? id : id + " with " + defense; }
};

// Digest of the files, else `engine:name`.
std::string TargetName(const engines::ModelFacts& facts);
// What of an engine decides what is seen of a model: the same file cut elsewhere, or
// computed by another library, is another target.
std::string EngineText(const engines::ModelFacts& facts);

struct ListedTrial {
  Trial trial{};
  std::string id{};
  std::uint32_t subject = 0;
  std::uint32_t attack = 0;  // of Plan::attacks
  std::uint32_t text = 0;    // of Texts::samples of the attack if there are some, else of Texts::texts; or kModelItself
};

// For an attack on the model as such, which reads no text: it is tried once a seed.
inline constexpr std::uint32_t kModelItself = 0xffffffff;
inline constexpr std::string_view kNoText = "no text";

// What the trial tries, and its truth as the data says; empty for kModelItself.
attacks::Sample SampleOf(const Plan& plan, const Texts& texts, const ListedTrial& trial);
std::string_view LabelOf(const Plan& plan, const Texts& texts, const ListedTrial& trial);

// What an attack needs and this target, or this plan, does not give.
struct Skip {
  std::string attack{};
  std::string target{};  // empty: whatever the target
  std::string reason{};
  friend bool operator==(const Skip&, const Skip&) = default;
};

struct TrialList {
  std::vector<ListedTrial> trials{};  // each id once
  std::vector<Skip> skips{};
};

// An attack that never asks the target is listed once, with kNoTarget. The seed stands
// in a trial only where something is drawn.
inline constexpr std::string_view kNoTarget = "no model";
Result<TrialList> ListTrials(const Plan& plan, const Texts& texts, std::span<const Subject> subjects,
                             std::span<const attacks::AttackEntry> cards);

// What an attack runs with: the plan's settings, and the seed where the attack has a
// setting `seed` that the plan leaves open. REQUIRES: CheckPlan passed.
Settings SettingsOf(const PlannedAttack& planned, const attacks::AttackEntry& entry, std::uint64_t seed);

// What an attack that learns from a whole set is shown of each text, by the target and by the
// shadows alike: what it asks for and, if it learns from shadows, what else all these models
// and the plan give: moments, a reference, a prefix. Neighbors are left out: they cost too much.
attacks::ViewNeeds ViewsOfSet(const attacks::SetReader& reader, const Texts& texts, const Subject& subject);

// REQUIRES: CheckPlan passed.
const attacks::AttackEntry& EntryOf(std::string_view name, std::span<const attacks::AttackEntry> cards);

}  // namespace ringfort::campaign
