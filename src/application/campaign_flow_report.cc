#include <fmt/format.h>

#include "application/campaign_flow_internal.h"
#include "base/text.h"

namespace ringfort {
namespace {

using campaign::AttackFlow;
using campaign::Summary;

}  // namespace

std::string WriteFlowTable(const Summary& summary) {
  if (summary.flows.empty()) return "";
  std::string text = fmt::format("\nWorth in bits\n   {:<25} {:<12} {:>6} {:>8} {:>7} {:<16} {:>9}  {}\n", "attack",
                                 "secret", "tries", "choices", "a try", "95 %", "a query", "reading");
  const AttackFlow* before = nullptr;
  for (const AttackFlow& flow : summary.flows) {
    if (before == nullptr || before->target != flow.target || before->defense != flow.defense)
      text += fmt::format("  {}{}\n", Printable(flow.target, 40),
                          flow.defense.empty() ? "" : " behind " + Printable(flow.defense, 40));
    before = &flow;
    text += fmt::format("   {:<25} {:<12} {:>6} {:>8} {:>7.3f} {:<16} {:>9}  {}\n", Printable(flow.attack, 25),
                        flow.label.empty() ? "membership" : Printable(flow.label, 20), flow.tries, flow.choices,
                        flow.bits, fmt::format("{:.3f} to {:.3f}", flow.interval.lower, flow.interval.upper),
                        flow.queries > 0 ? fmt::format("{:.3f}", flow.bits / flow.queries) : "-",
                        campaign::Reading(flow, summary));
  }
  return text +
         "  Membership: the capacity of the decision at the median score. Secrets: what the answers tell at least\n"
         "  (Fano). Times queries a second they are a rate.\n";
}

Json FlowsJson(const Summary& summary) {
  Json json = Json::array();
  for (const AttackFlow& flow : summary.flows)
    json.push_back({{"target", flow.target},
                    {"defense", flow.defense.empty() ? Json() : Json(flow.defense)},
                    {"attack", flow.attack},
                    {"seed", flow.seed == 0 ? Json() : Json(flow.seed)},
                    {"texts", flow.label.empty() ? Json() : Json(flow.label)},
                    {"judge", flow.judge.empty() ? Json() : Json(flow.judge)},
                    {"tries", flow.tries},
                    {"choices", flow.choices},
                    {"bits_per_try", flow.bits},
                    {"interval", Json::array({flow.interval.lower, flow.interval.upper})},
                    {"queries_per_try", flow.queries > 0 ? Json(flow.queries) : Json()},
                    {"reading", campaign::Reading(flow, summary)}});
  return json;
}

}  // namespace ringfort
