#include "chain/chain_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ringfort::chain {
namespace {

Error Fault(std::string sentence) { return Error{Fault::kInvalidInput, std::move(sentence)}; }

// Everything that stands before a link: what it is and what it may be taken for.
using Known = std::map<std::string, AssetKind, std::less<>>;

Status CheckInput(const PlannedLink& link, const PortCard& port, const Known& known) {
  const auto input = link.inputs.find(std::string(port.name));
  if (input == link.inputs.end())
    return Fault(fmt::format("link `{}` needs `{}`: {} ({})", link.id, port.name, Phrase(port.kind), port.meaning));
  const auto given = known.find(input->second);
  if (given == known.end())
    return Fault(fmt::format("link `{}` takes `{}` from `{}`, which is no asset and no earlier link", link.id,
                             port.name, input->second));
  if (!Serves(given->second, port.kind))
    return Fault(fmt::format("link `{}` takes {} as `{}`, but `{}` yields {}: these kinds do not meet", link.id,
                             Phrase(port.kind), port.name, input->second, Phrase(given->second)));
  return Done{};
}

Status CheckLink(const PlannedLink& link, const LinkCard& card, const Known& known) {
  for (const PortCard& port : card.ports)
    if (const Status status = CheckInput(link, port, known); !status.ok()) return status.error();
  for (const auto& [name, from] : link.inputs)
    if (std::ranges::find(card.ports, name, &PortCard::name) == card.ports.end())
      return Fault(fmt::format("link `{}`: {} has no input `{}`", link.id, card.name, name));
  const Result<Settings> settings = Settings::Checked(card.settings, link.settings);
  if (!settings.ok()) return Fault(fmt::format("link `{}`: {}", link.id, settings.error().what));
  for (const auto& [name, text] : link.words) {
    if (std::ranges::find(card.words, name, &WordCard::name) == card.words.end())
      return Fault(fmt::format("link `{}`: {} has no setting `{}`", link.id, card.name, name));
    if (text.empty()) return Fault(fmt::format("link `{}`: `{}` is empty", link.id, name));
  }
  return Done{};
}

// What a link yields must lead somewhere, or its rate would stand in a product for nothing.
Status CheckUses(const ChainPlan& plan) {
  for (std::size_t i = 0; i + 1 < plan.links.size(); ++i) {
    const bool used = std::any_of(
        plan.links.begin() + static_cast<std::ptrdiff_t>(i) + 1, plan.links.end(), [&](const PlannedLink& later) {
          return std::ranges::any_of(later.inputs, [&](const auto& input) { return input.second == plan.links[i].id; });
        });
    if (!used)
      return Fault(fmt::format("what link `{}` yields is taken by no later link; only the last may end the chain",
                               plan.links[i].id));
  }
  return Done{};
}

}  // namespace

const LinkCard* FindLink(std::span<const LinkCard> cards, std::string_view name) {
  const auto found = std::ranges::find(cards, name, &LinkCard::name);
  return found == cards.end() ? nullptr : &*found;
}

std::string WordOf(const PlannedLink& link, const LinkCard& card, std::string_view name) {
  if (const auto given = link.words.find(std::string(name)); given != link.words.end()) return given->second;
  const auto found = std::ranges::find(card.words, name, &WordCard::name);
  return found == card.words.end() ? "" : std::string(found->usual);
}

Status CheckChain(const ChainPlan& plan, std::span<const LinkCard> cards) {
  if (plan.links.empty()) return Fault("a chain needs at least one [[link]]");
  if (plan.seeds.empty()) return Fault("`seeds` is empty: a chain runs once a seed");
  if (std::set<std::uint64_t>(plan.seeds.begin(), plan.seeds.end()).size() != plan.seeds.size())
    return Fault("a seed stands twice in `seeds`: the same run would count twice");
  Known known;
  for (const GivenAsset& asset : plan.assets) {
    if (asset.kind == AssetKind::kNothing)
      return Fault(fmt::format("asset `{}`: nothing is no kind of asset", asset.id));
    if (!known.emplace(asset.id, asset.kind).second) return Fault(fmt::format("two assets have the id `{}`", asset.id));
  }
  for (const PlannedLink& link : plan.links) {
    const LinkCard* card = FindLink(cards, link.attack);
    if (card == nullptr)
      return Fault(fmt::format("link `{}`: there is no attack `{}` for chains", link.id, link.attack));
    if (known.contains(link.id)) return Fault(fmt::format("two things have the id `{}`", link.id));
    if (const Status status = CheckLink(link, *card, known); !status.ok()) return status.error();
    known.emplace(link.id, card->yields);
  }
  return CheckUses(plan);
}

}  // namespace ringfort::chain
