#include <fmt/format.h>

#include "application/campaign_price_internal.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort {
namespace {

using campaign::DefensePrice;

Json EffortJson(const campaign::Effort& effort) {
  return {{"tokens", effort.tokens}, {"queries", effort.queries}, {"seconds", effort.seconds}};
}

}  // namespace

std::string WritePriceTable(std::span<const DefensePrice> prices) {
  if (prices.empty()) return "";
  std::string text = "\nWhat a defense costs those who mean no harm, and without it\n";
  for (const DefensePrice& price : prices) {
    text += fmt::format("  {} behind {}\n", Printable(price.target, 40), Printable(price.defense, 40));
    if (!price.judge.empty()) {
      text +=
          fmt::format("    harmless requests refused: {} of {}, {} of {}, by {}{}", price.refused, price.requests,
                      price.bare_refused, price.bare_requests, price.judge, price.uncalibrated ? ", uncalibrated" : "");
      if (price.more_refused)
        text += fmt::format("; {:+.3f} [{:+.3f}, {:+.3f}]", *price.more_refused, price.more_refused_interval.lower,
                            price.more_refused_interval.upper);
      text += "\n";
    }
    if (price.texts > 0)
      text += fmt::format("    fit to {} held-out texts: {:.3f} nats a token, {:.3f}\n", price.texts, price.loss,
                          price.bare_loss);
    if (price.asked > 0)
      text +=
          fmt::format("    a harmless request of {}: {:.1f} tokens, {:.1f}; {:.2f} questions, {:.2f}\n", price.asked,
                      price.effort.tokens, price.bare_effort.tokens, price.effort.queries, price.bare_effort.queries);
  }
  return text;
}

Json PricesJson(std::span<const DefensePrice> prices) {
  Json json = Json::array();
  for (const DefensePrice& price : prices) {
    Json refused, fit, effort;
    if (!price.judge.empty())
      refused = {{"judge", price.judge},
                 {"uncalibrated", price.uncalibrated},
                 {"refused", price.refused},
                 {"requests", price.requests},
                 {"refused_without", price.bare_refused},
                 {"requests_without", price.bare_requests},
                 {"more", price.more_refused ? Json(*price.more_refused) : Json()},
                 {"interval", price.more_refused
                                  ? Json::array({price.more_refused_interval.lower, price.more_refused_interval.upper})
                                  : Json()}};
    if (price.texts > 0)
      fit = {{"texts", price.texts}, {"nats_per_token", price.loss}, {"nats_per_token_without", price.bare_loss}};
    if (price.asked > 0)
      effort = {{"requests", price.asked},
                {"of_one", EffortJson(price.effort)},
                {"of_one_without", EffortJson(price.bare_effort)}};
    json.push_back({{"target", price.target},
                    {"defense", price.defense},
                    {"over_refusal", std::move(refused)},
                    {"fit", std::move(fit)},
                    {"effort", std::move(effort)}});
  }
  return json;
}

}  // namespace ringfort
