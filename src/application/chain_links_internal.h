#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "attacks/attack.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/result.h"
#include "chain/chain_plan.h"
#include "chain/chain_rate.h"
#include "engines/model.h"

// The links that a chain can be made of, and what travels between them. Each is a few lines around
// an attack or a defense of the library: it opens what it is given, does its work once for all
// units of a run, and tells how each went.

namespace ringfort {

// What one link hands to the next.
struct ChainValue {
  chain::AssetKind kind = chain::AssetKind::kNothing;
  std::string model{};                      // of models: as OpenModel takes it
  std::vector<std::string> texts{};         // of texts; one a unit where they are units
  std::vector<attacks::Sample> requests{};  // of requests and prompts
  std::vector<std::string> prompts{};       // of prompts: one a request
  std::string digest{};                     // of all that was read or of how it was made
};

struct LinkWork {
  const chain::PlannedLink& link;
  const chain::LinkCard& card;
  Settings settings;
  std::map<std::string, const ChainValue*, std::less<>> inputs{};
  std::string folder{};  // of this link in this run; exists
  std::uint64_t seed = 1;
  std::uint32_t most_units = 50;
  std::uint32_t threads = 1;
  Progress* progress = nullptr;

  const ChainValue& Input(std::string_view port) const { return *inputs.find(port)->second; }
  std::string Word(std::string_view name) const { return chain::WordOf(link, card, name); }
  bool GoOn() const { return progress == nullptr || progress->GoOn(); }
};

struct LinkYield {
  ChainValue value{};
  chain::LinkOutcomes outcomes{};           // one a unit, or one
  std::map<std::string, double> numbers{};  // told beside
};

using RunLink = Result<LinkYield> (*)(const LinkWork& work);

struct LinkEntry {
  chain::LinkCard card{};
  RunLink run = nullptr;
};

// In the order in which they are listed.
std::vector<LinkEntry> ChainLinks();
std::vector<chain::LinkCard> ChainLinkCards();

// One a file of links.
std::vector<LinkEntry> BackdoorLinks();   // chain_backdoor_links.cc
std::vector<LinkEntry> JailbreakLinks();  // chain_jailbreak_links.cc
std::vector<LinkEntry> WatermarkLinks();  // chain_watermark_links.cc

}  // namespace ringfort
