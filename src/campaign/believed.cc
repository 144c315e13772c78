#include "campaign/believed.h"

#include <algorithm>
#include <tuple>

#include "campaign/trial_list.h"

namespace ringfort::campaign {
namespace {

void Challenge(std::optional<Contender>& strongest, const Contender& one) {
  if (!strongest || one.value > strongest->value) strongest = one;
}

class Believer {
 public:
  explicit Believer(std::span<const attacks::AttackEntry> cards) : cards_(cards) {}

  void Add(BelievedLine line, const Contender& one) {
    auto at = std::ranges::find_if(lines_, [&](const BelievedLine& known) {
      return std::tie(known.target, known.defense, known.area, known.label, known.judge) ==
             std::tie(line.target, line.defense, line.area, line.label, line.judge);
    });
    if (at == lines_.end()) at = lines_.insert(lines_.end(), line);
    BelievedLine& mine = *at;
    if (line.defense.empty()) {
      Challenge(mine.bare, one);
    } else {
      Challenge(AdaptsTo(one.attack, line.defense, cards_) ? mine.adaptive : mine.naive, one);
    }
  }

  std::vector<BelievedLine> Take() {
    std::vector<BelievedLine> defended;
    for (BelievedLine& line : lines_) {
      if (line.defense.empty()) continue;
      for (const BelievedLine& other : lines_)
        if (other.defense.empty() && std::tie(other.target, other.area, other.label, other.judge) ==
                                         std::tie(line.target, line.area, line.label, line.judge))
          line.bare = other.bare;
      defended.push_back(line);
    }
    // All lines of a defense together, in the order in which the defenses came.
    std::vector<std::pair<std::string, std::string>> order;
    const auto place = [&](const BelievedLine& line) {
      return std::ranges::find(order, std::pair(line.target, line.defense)) - order.begin();
    };
    for (const BelievedLine& line : defended)
      if (place(line) == std::ssize(order)) order.emplace_back(line.target, line.defense);
    std::ranges::stable_sort(defended, {}, place);
    return defended;
  }

 private:
  std::span<const attacks::AttackEntry> cards_;
  std::vector<BelievedLine> lines_;
};

}  // namespace

bool AdaptsTo(std::string_view attack, std::string_view defense, std::span<const attacks::AttackEntry> cards) {
  const auto entry = std::ranges::find(cards, attack, [](const attacks::AttackEntry& one) { return one.card.name; });
  return entry != cards.end() && std::ranges::find(entry->card.adapts_to, defense) != entry->card.adapts_to.end();
}

void AddAdaptiveAttacks(Plan& plan, std::span<const attacks::AttackEntry> cards) {
  for (const attacks::AttackEntry& entry : cards) {
    if (std::ranges::find(plan.attacks, std::string(entry.card.name), &PlannedAttack::name) != plan.attacks.end())
      continue;
    if (std::ranges::any_of(plan.defenses, [&](const PlannedDefense& defense) {
          return AdaptsTo(entry.card.name, defense.name, cards);
        }))
      plan.attacks.push_back({std::string(entry.card.name), {}});
  }
}

std::vector<BelievedLine> Believe(const Summary& summary, std::span<const attacks::AttackEntry> cards) {
  Believer believer(cards);
  for (const MembershipResult& result : summary.membership) {
    if (result.target.empty() || !result.scored()) continue;
    BelievedLine line;
    line.target = result.target;
    line.defense = result.defense;
    believer.Add(std::move(line), {result.attack, result.auroc, result.interval});
  }
  for (const SuccessResult& result : summary.success) {
    if (result.label == kHeldOut || IsHarmless(result.label) || result.succeeded + result.failed == 0) continue;
    BelievedLine line;
    line.target = result.target;
    line.defense = result.defense;
    line.area = false;
    line.label = result.label;
    line.judge = result.judge;
    line.uncalibrated = result.calibration == Calibration::kUncalibrated;
    believer.Add(std::move(line), {result.attack, result.rate, result.interval});
  }
  return believer.Take();
}

}  // namespace ringfort::campaign
