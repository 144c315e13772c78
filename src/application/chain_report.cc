// What `ringfort chain` shows, for people and for programs.
#include <fmt/format.h>

#include <cmath>

#include "application/chain_links_internal.h"
#include "application/run_chain.h"

namespace ringfort {
namespace {

using chain::AssetKind;
using chain::CountedRate;
using chain::LinkCard;

Json NumberOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json IntervalJson(const statistics::Interval& interval) { return {interval.lower, interval.upper}; }

std::string RateText(double rate, const statistics::Interval& interval) {
  if (std::isnan(rate)) return fmt::format("{:>6}  {:<16}", "-", "");
  return fmt::format("{:>6.3f}  {:<16}", rate, fmt::format("[{:.3f}, {:.3f}]", interval.lower, interval.upper));
}

std::string CountText(const CountedRate& counted) {
  std::string text = fmt::format("{} of {}", counted.successes, counted.tries);
  if (counted.unjudged > 0) text += fmt::format(", {} unjudged", counted.unjudged);
  if (counted.errors > 0) text += fmt::format(", {} errors", counted.errors);
  return text;
}

Json CountJson(const CountedRate& counted) {
  return {{"rate", NumberOrNull(counted.rate)}, {"interval", IntervalJson(counted.interval)},
          {"successes", counted.successes},     {"tries", counted.tries},
          {"unjudged", counted.unjudged},       {"errors", counted.errors}};
}

std::string Dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json LinkPlanJson(const chain::PlannedLink& link, const LinkCard& card) {
  return {{"id", link.id},       {"attack", link.attack},       {"axis", Name(card.axis)},
          {"from", link.inputs}, {"yields", Name(card.yields)}, {"settings", link.settings},
          {"words", link.words}};
}

Json PlanJson(const chain::ChainPlan& plan) {
  const std::vector<LinkCard> cards = ChainLinkCards();
  Json json = {{"name", plan.name},
               {"seeds", plan.seeds},
               {"units", plan.most_units},
               {"assets", Json::array()},
               {"links", Json::array()}};
  for (const chain::GivenAsset& asset : plan.assets)
    json["assets"].push_back({{"id", asset.id}, {"kind", Name(asset.kind)}, {"source", asset.source}});
  for (const chain::PlannedLink& link : plan.links)
    json["links"].push_back(LinkPlanJson(link, *chain::FindLink(cards, link.attack)));
  return json;
}

// Of each link, the mean over the runs in which it was told.
std::string NumberLines(const ChainResult& result, std::size_t link) {
  std::map<std::string, std::pair<double, int>> sums;
  for (const ChainRunRecord& run : result.runs)
    for (const auto& [name, value] : run.links[link].numbers) sums[name].first += value, ++sums[name].second;
  std::string text;
  for (const auto& [name, sum] : sums)
    text += fmt::format("{}{} {:.4g}", text.empty() ? "      " : ", ", name, sum.first / sum.second);
  return text.empty() ? "" : text + "\n";
}

}  // namespace

std::string WriteChainTable(const ChainResult& result) {
  std::string text =
      fmt::format("{}: {} of {} runs\n\n", result.plan.name, result.runs.size(), result.plan.seeds.size());
  if (!result.rates) return text + "nothing was finished\n";
  const chain::ChainRates& rates = *result.rates;
  const std::vector<LinkCard> cards = ChainLinkCards();
  text += fmt::format("  {:<22} {:<15} {:>6}  {:<16}  {}\n", "link", "axis", "rate", "95 %", "units");
  for (std::size_t i = 0; i < rates.links.size(); ++i) {
    const chain::PlannedLink& link = result.plan.links[i];
    const LinkCard& card = *chain::FindLink(cards, link.attack);
    text +=
        fmt::format("  {:<22} {:<15} {}  {}\n      succeeds if {}\n", link.id, Name(card.axis),
                    RateText(rates.links[i].rate, rates.links[i].interval), CountText(rates.links[i]), card.success);
    text += NumberLines(result, i);
  }
  text += fmt::format("\n  {:<38} {}  {}\n", "end to end, measured",
                      RateText(rates.end_to_end.rate, rates.end_to_end.interval), CountText(rates.end_to_end));
  text += fmt::format("  {:<38} {}\n", "product, if links were independent",
                      RateText(rates.product, rates.product_interval));
  text += fmt::format("  {:<38} {}\n", "measured minus product", RateText(rates.excess, rates.excess_interval));
  if (rates.few_runs)
    text +=
        fmt::format("\n{} {}: how much runs differ is hardly in these intervals; give the plan five `seeds` or more.\n",
                    result.runs.size(), result.runs.size() == 1 ? "run" : "runs");
  for (const ChainRunRecord& run : result.runs)
    for (std::size_t i = 0; i < run.links.size(); ++i)
      if (!run.links[i].error.empty())
        text += fmt::format("seed {}, link `{}`: {}\n", run.seed, result.plan.links[i].id, run.links[i].error);
  if (result.stopped) text += "stopped; the same command goes on\n";
  return text + fmt::format("what each link made is in {}\n", result.folder);
}

std::string WriteChainJson(const ChainResult& result) {
  Json json = {{"schema", "ringfort.chain/1"},
               {"plan", PlanJson(result.plan)},
               {"folder", result.folder},
               {"stopped", result.stopped},
               {"runs", Json::array()}};
  for (const ChainRunRecord& run : result.runs) {
    Json links = Json::array();
    for (std::size_t i = 0; i < run.links.size(); ++i) {
      Json outcomes = Json::array();
      for (const Outcome outcome : run.links[i].outcomes) outcomes.push_back(Name(outcome));
      Json numbers = Json::object();
      for (const auto& [name, value] : run.links[i].numbers) numbers[name] = NumberOrNull(value);
      Json link = {{"id", result.plan.links[i].id},
                   {"outcomes", std::move(outcomes)},
                   {"numbers", std::move(numbers)},
                   {"kept", run.links[i].kept}};
      if (!run.links[i].error.empty()) link["error"] = run.links[i].error;
      links.push_back(std::move(link));
    }
    json["runs"].push_back({{"seed", run.seed}, {"units", run.units}, {"links", std::move(links)}});
  }
  json["rates"] = nullptr;
  if (result.rates) {
    const chain::ChainRates& rates = *result.rates;
    Json links = Json::array();
    for (std::size_t i = 0; i < rates.links.size(); ++i) {
      Json link = CountJson(rates.links[i]);
      link["id"] = result.plan.links[i].id;
      links.push_back(std::move(link));
    }
    json["rates"] = {
        {"links", std::move(links)},
        {"end_to_end", CountJson(rates.end_to_end)},
        {"product", {{"rate", NumberOrNull(rates.product)}, {"interval", IntervalJson(rates.product_interval)}}},
        {"excess", {{"difference", NumberOrNull(rates.excess)}, {"interval", IntervalJson(rates.excess_interval)}}},
        {"few_runs", rates.few_runs}};
  }
  return Dump(json);
}

std::string WriteChainPlanTable(const chain::ChainPlan& plan) {
  const std::vector<LinkCard> cards = ChainLinkCards();
  std::string text = fmt::format("{}: {} links, {} runs of up to {} units\n\n", plan.name, plan.links.size(),
                                 plan.seeds.size(), plan.most_units);
  for (const chain::GivenAsset& asset : plan.assets)
    text += fmt::format("  {:<22} {}: {}\n", asset.id, Phrase(asset.kind), asset.source);
  for (const chain::PlannedLink& link : plan.links) {
    const LinkCard& card = *chain::FindLink(cards, link.attack);
    text += fmt::format("\n  {:<22} {} ({})\n", link.id, link.attack, Name(card.axis));
    for (const chain::PortCard& port : card.ports)
      text += fmt::format("      takes {:<12} {} from `{}`\n", port.name, Phrase(port.kind),
                          link.inputs.at(std::string(port.name)));
    text += fmt::format("      yields {}; succeeds if {}\n", Phrase(card.yields), card.success);
  }
  return text;
}

std::string WriteChainPlanJson(const chain::ChainPlan& plan) {
  Json json = {{"schema", "ringfort.chain_plan/1"}};
  json.update(PlanJson(plan));
  return Dump(json);
}

std::string WriteChainLinksTable() {
  std::string text;
  for (const LinkCard& card : ChainLinkCards()) {
    text += fmt::format("{:<22} {:<15} yields {:<22} {}\n  {}\n  succeeds if {}\n", card.name, Name(card.axis),
                        Phrase(card.yields), card.reference, card.goal, card.success);
    for (const chain::PortCard& port : card.ports)
      text += fmt::format("    from {:<12} {}: {}\n", port.name, Phrase(port.kind), port.meaning);
    for (const SettingCard& setting : card.settings)
      text += fmt::format("    {} = {:g} ({:g} to {:g}): {}\n", setting.name, setting.usual, setting.least,
                          setting.most, setting.meaning);
    for (const chain::WordCard& word : card.words)
      text += fmt::format("    {} = \"{}\": {}\n", word.name, word.usual, word.meaning);
  }
  return text;
}

std::string WriteChainLinksJson() {
  Json json = {{"schema", "ringfort.chain_links/1"}, {"links", Json::array()}};
  for (const LinkCard& card : ChainLinkCards()) {
    Json link = {{"name", card.name},          {"version", card.version}, {"axis", Name(card.axis)},
                 {"goal", card.goal},          {"success", card.success}, {"reference", card.reference},
                 {"yields", Name(card.yields)}};
    link["ports"] = Json::array();
    for (const chain::PortCard& port : card.ports)
      link["ports"].push_back({{"name", port.name}, {"kind", Name(port.kind)}, {"meaning", port.meaning}});
    link["settings"] = Json::array();
    for (const SettingCard& setting : card.settings)
      link["settings"].push_back({{"name", setting.name},
                                  {"usual", setting.usual},
                                  {"least", setting.least},
                                  {"most", setting.most},
                                  {"meaning", setting.meaning}});
    link["words"] = Json::array();
    for (const chain::WordCard& word : card.words)
      link["words"].push_back({{"name", word.name}, {"usual", word.usual}, {"meaning", word.meaning}});
    json["links"].push_back(std::move(link));
  }
  return Dump(json);
}

}  // namespace ringfort
