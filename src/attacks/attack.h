#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "attacks/budget.h"
#include "attacks/text_view.h"
#include "base/result.h"
#include "domain/axis.h"
#include "domain/settings.h"
#include "engines/model.h"

// What every attack looks like from outside. An attack observes: it says what it saw
// and how strongly, never whether it succeeded. Judges decide, statistics count, so
// that all attacks are judged alike.
//
// There are four ways to attack, since what is asked of the target differs:
//
//   TextReader  reads what was seen of one text and believes or not that the text was
//               trained on. Asks nothing: each text is scored once for all of them.
//   SetReader   the same over a labeled set of texts, from which it learns.
//   MakeAttack  makes an Attack, which asks the target itself, within a budget.
//   Offline     a pure function of answers or weights at hand; see its header.
//
// Families are explicit lists: attacks/<axis>/family.h, all of them attacks/family.h.

namespace ringfort::attacks {

// What an Attack that asks the target is given to try, unless a plan names a file of
// samples for it.
enum class SampleKind : std::uint8_t {
  kText,      // each text of the plan, members and others
  kPrompt,    // each of the card's usual prompts; the member texts are its candidates
  kAllTexts,  // one sample of all member texts: the first, and as candidates the others
  kNothing,   // one empty sample: the attack is on the model as such
  kFile,      // nothing is usual: the plan must name a file
};

// By what such an attack's attempts are counted.
enum class Shows : std::uint8_t {
  kAnswer,      // what was said: a judge decides whether it succeeded
  kMembership,  // the score, higher for members: the area under its curve
  kNumber,      // the score as it is, in the card's `unit`
};

// An attack's visiting card: all that a planner, a report or `list` has to know of it
// without making it.
struct AttackCard {
  std::string_view name{};     // snake_case, equal to the file's name; forever
  std::string_view version{};  // changes whenever the same answers would give another score
  Axis axis = Axis::kModelToData;
  std::string_view goal{};       // an imperative: what the attacker wants
  std::string_view technique{};  // an id of the knowledge catalog
  std::string_view reference{};  // where it was published
  engines::Abilities needs{};    // of the target; what lacks makes it a reported skip
  // The fact that its score is to hit, for whoever knows it; none: nullptr.
  std::uint32_t engines::ModelFacts::*sought = nullptr;
  std::span<const SettingCard> settings{};
  // Of an attack that asks the target itself.
  SampleKind samples = SampleKind::kText;
  std::span<const std::string_view> usual_prompts{};  // of kPrompt
  Shows shows = Shows::kAnswer;
  std::string_view unit{};  // of kNumber: what the score counts
  bool has_writer = false;  // a second model may write for it: Attack::Borrow
  // Defenses that this attack knows of and works around; empty for one that knows none.
  std::span<const std::string_view> adapts_to{};

  bool asks_model_alone() const { return samples == SampleKind::kNothing; }
};

// One thing to try. What the fields hold is said by each attack; most use `text` alone.
struct Sample {
  std::string id{};
  std::string text{};
  std::vector<std::string> candidates{};  // other secrets, other values, more prompts
  double space = 0;                       // how many candidates there could be; 0: those are all
};

// A number that an attack tells beside its score.
struct NamedNumber {
  std::string_view name{};
  double value = 0;
};

// What the attacker had in hand after part of what was spent.
struct BudgetPoint {
  double spent = 0;
  double gained = 0;
};
struct BudgetCurve {
  std::string_view spent{};  // a noun in the plural: "rows of logits"
  std::string_view gained{};
  std::vector<BudgetPoint> points{};  // spent rises
};

// What was seen when a sample was tried.
struct Attempt {
  double score = 0;  // the attack's belief, higher means "has it"; finite
  std::string prompt{};
  std::string produced{};  // what the target said
  std::string expected{};  // what it would say if the attacker is right; empty if none knows
  std::string known{};     // else a text that it may hold parts of; empty if none is known
  std::vector<NamedNumber> numbers{};
  BudgetCurve curve{};  // of the attacks that draw one

  // NaN if there is none of that name.
  double Number(std::string_view name) const;
};

// Asks one target about one sample at a time. Deterministic for the same target,
// sample and settings. Not thread-safe: one thread, one Attack, one Model.
class Attack {
 public:
  virtual ~Attack() = default;
  // A model that writes for the attacker, and outlives the attack: of a card that has_writer. Without
  // one the target itself is asked to write.
  virtual void Borrow(engines::Model& writer) { (void)writer; }
  // Errors: kLimitExceeded when the budget is spent (nothing was asked past it);
  // kInvalidInput for a sample that the attack cannot use; the target's own.
  virtual Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) = 0;
};

// Higher means "rather a member". Nothing if the text is too short to say, or if the
// view lacks what the attack needs.
using ReadText = std::optional<double> (*)(const TextView& view, const Settings& settings);
struct TextReader {
  ViewNeeds views{};
  ReadText read = nullptr;
};

// One score a text of `target`, in order. `shadows` are texts seen by models of known
// training data; empty where the attack does without. Deterministic.
using ReadSet = Result<std::vector<double>> (*)(std::span<const LabeledView> target,
                                                std::span<const LabeledView> shadows, const Settings& settings);
struct SetReader {
  ViewNeeds views{};
  bool needs_shadows = false;
  ReadSet read = nullptr;
};

using MakeAttack = std::unique_ptr<Attack> (*)(const Settings& settings);

struct Offline {};

// What a module hands to its family's list.
struct AttackEntry {
  AttackCard card{};
  std::variant<TextReader, SetReader, MakeAttack, Offline> way{};
};

}  // namespace ringfort::attacks
