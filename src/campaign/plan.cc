#include "campaign/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace ringfort::campaign {
namespace {

Error Wrong(std::string what) { return {Fault::kInvalidInput, std::move(what)}; }

}  // namespace

Status CheckPlan(const Plan& plan, std::span<const attacks::AttackEntry> cards) {
  if (plan.targets.empty()) return Wrong("the plan names no target");
  if (plan.attacks.empty()) return Wrong("the plan names no attack");
  if (plan.seeds.empty()) return Wrong("the plan names no seed");
  if (plan.members.empty() != plan.held_out.empty())
    return Wrong("the plan needs two text sets, `members` and `held_out`");
  if (plan.most_texts == 0) return Wrong("a plan with no text of each kind shows nothing");
  std::set<std::string_view> names;
  for (const PlannedTarget& target : plan.targets) {
    if (target.id.empty() || target.source.empty()) return Wrong("a target needs an `id` and a `source`");
    if (!names.insert(target.id).second)
      return Wrong(fmt::format("the target '{}' is named twice", Printable(target.id, 80)));
  }
  names.clear();
  for (const PlannedAttack& attack : plan.attacks) {
    const auto entry = std::ranges::find(cards, std::string_view(attack.name),
                                         [](const attacks::AttackEntry& known) { return known.card.name; });
    if (entry == cards.end())
      return Wrong(fmt::format("no attack has the name '{}'; `ringfort campaign attacks` lists them",
                               Printable(attack.name, 80)));
    if (!names.insert(attack.name).second) return Wrong(fmt::format("the attack {} is named twice", attack.name));
    if (plan.members.empty() && NeedsTexts(*entry, plan.samples.contains(attack.name)))
      return Wrong(fmt::format(
          "the attack {} reads texts, and the plan needs two sets of them, `members` and `held_out`", attack.name));
    if (const auto settings = Settings::Checked(entry->card.settings, attack.settings); !settings.ok())
      return Wrong(fmt::format("attack {}: {}", attack.name, settings.error().what));
  }
  const auto learns = [&](const attacks::AttackEntry& entry) {
    const auto* reader = std::get_if<attacks::SetReader>(&entry.way);
    return reader != nullptr && reader->needs_shadows && names.contains(entry.card.name);
  };
  if (!plan.shadows.empty() && std::ranges::none_of(cards, learns))
    return Wrong("[[shadow]]: no attack of the plan learns from shadow models; shadow_ensemble would");
  for (const auto& [name, path] : plan.samples) {
    if (!names.contains(name))
      return Wrong(fmt::format("[samples]: the plan does not try the attack '{}'", Printable(name, 80)));
    const auto entry = std::ranges::find(cards, std::string_view(name),
                                         [](const attacks::AttackEntry& known) { return known.card.name; });
    if (!std::holds_alternative<attacks::MakeAttack>(entry->way) || entry->card.asks_model_alone() ||
        entry->card.shows == attacks::Shows::kMembership)
      return Wrong(fmt::format("[samples]: the attack {} takes no samples", name));
  }
  return Done{};
}

bool NeedsTexts(const attacks::AttackEntry& entry, bool has_samples) {
  if (std::holds_alternative<attacks::Offline>(entry.way)) return false;
  if (!std::holds_alternative<attacks::MakeAttack>(entry.way)) return true;
  if (has_samples) return false;
  return entry.card.samples == attacks::SampleKind::kText || entry.card.samples == attacks::SampleKind::kAllTexts;
}

Status CheckJudges(const Plan& plan, std::span<const judges::JudgeCard* const> cards) {
  if (plan.judges.empty()) return Wrong("the plan names no judge");
  std::set<std::string_view> names;
  bool asks = false;
  for (const std::string& name : plan.judges) {
    if (!names.insert(name).second) return Wrong(fmt::format("the judge {} is named twice", Printable(name, 80)));
    if (name == kVerbatim) continue;
    const auto card = std::ranges::find(cards, std::string_view(name), &judges::JudgeCard::name);
    if (card == cards.end())
      return Wrong(fmt::format("no judge has the name '{}'; `ringfort judge list` lists them, and there is `{}`",
                               Printable(name, 80), kVerbatim));
    asks = asks || (*card)->needs_model;
    if ((*card)->needs_model && plan.judge_model.empty())
      return Wrong(fmt::format("the judge {0} needs a model: [judge.{0}] model = \"FILE\"", name));
    if ((*card)->needs_training && plan.classifier.empty())
      return Wrong(fmt::format("the judge {} needs `classifier`, a file of `ringfort judge train`", name));
  }
  if (!asks && !plan.judge_model.empty())
    return Wrong("a model is named for the judge language_model, and `judges` does not name that judge");
  return Done{};
}

Status CheckDefenses(const Plan& plan, std::span<const defenses::DefenseEntry> cards) {
  std::set<std::string_view> names;
  for (const PlannedDefense& defense : plan.defenses) {
    const auto entry = std::ranges::find(cards, std::string_view(defense.name),
                                         [](const defenses::DefenseEntry& known) { return known.card.name; });
    if (entry == cards.end())
      return Wrong(fmt::format("no defense has the name '{}'; `ringfort campaign defenses` lists them",
                               Printable(defense.name, 80)));
    if (!std::holds_alternative<defenses::WrapModel>(entry->way))
      return Wrong(
          fmt::format("the defense {} does not stand around a model; a campaign cannot put it up", defense.name));
    if (!names.insert(defense.name).second) return Wrong(fmt::format("the defense {} is named twice", defense.name));
    if (const auto settings = Settings::Checked(entry->card.settings, defense.settings); !settings.ok())
      return Wrong(fmt::format("defense {}: {}", defense.name, settings.error().what));
  }
  return Done{};
}

}  // namespace ringfort::campaign
