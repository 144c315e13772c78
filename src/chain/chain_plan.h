#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "chain/asset_kind.h"
#include "domain/axis.h"
#include "domain/settings.h"

// A chain of attacks around the closed loop: each link takes assets of the target, or what
// earlier links yielded, and yields one asset. Here a chain is only a plan with types; what
// runs it stands in the application.
//
//   steal      takes answers (victim), texts (questions)   yields weights
//   jailbreak  takes weights (steal), requests             yields prompts
//   transfer   takes answers (victim), prompts (jailbreak) yields nothing
//
// That every link's inputs are of the kinds that it takes is checked before anything runs.
// That attacks are functions on this loop, and compose by type, is our own reading of the
// surveys' remark that each direction of risk feeds the next.

namespace ringfort::chain {

// One input of a link.
struct PortCard {
  std::string_view name{};
  AssetKind kind = AssetKind::kTexts;
  std::string_view meaning{};
};

// A text that a plan may set, as a SettingCard is a number.
struct WordCard {
  std::string_view name{};
  std::string_view usual{};
  std::string_view meaning{};
};

// What a planner or a list has to know of a kind of link.
struct LinkCard {
  std::string_view name{};     // snake_case; forever
  std::string_view version{};  // changes whenever the same inputs would give another outcome
  Axis axis = Axis::kDataToData;
  std::string_view goal{};     // an imperative
  std::string_view success{};  // what one unit's success means
  std::string_view reference{};
  std::span<const PortCard> ports{};
  AssetKind yields = AssetKind::kNothing;
  std::span<const SettingCard> settings{};
  std::span<const WordCard> words{};
};

// An asset that is there before the first link.
struct GivenAsset {
  std::string id{};
  AssetKind kind = AssetKind::kTexts;
  std::string source{};  // a model's source, or a file
};

struct PlannedLink {
  std::string id{};
  std::string attack{};                         // the name of its card
  std::map<std::string, std::string> inputs{};  // port -> id of an asset or of an earlier link
  Settings::Given settings{};
  std::map<std::string, std::string> words{};
};

struct ChainPlan {
  std::string name{};
  std::vector<std::uint64_t> seeds = {1};  // one run of the whole chain each
  std::uint32_t most_units = 50;           // requests or texts that each run follows
  std::vector<GivenAsset> assets{};
  std::vector<PlannedLink> links{};
};

// Error (kInvalidInput, one sentence that names the link): no link, an attack that is no
// card's, two things of one id, a port without input or an input without port, an input that
// nothing before yields, kinds that do not meet, settings and words that cannot be, what no later
// link takes although it is not the last, no or repeated seeds.
Status CheckChain(const ChainPlan& plan, std::span<const LinkCard> cards);

// The card of that name, else null.
const LinkCard* FindLink(std::span<const LinkCard> cards, std::string_view name);

// The word of that name, or what is usual. REQUIRES: the card has it.
std::string WordOf(const PlannedLink& link, const LinkCard& card, std::string_view name);

}  // namespace ringfort::chain
