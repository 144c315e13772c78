// How a campaign is told: for people and for programs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "application/campaign_flow_internal.h"
#include "application/campaign_price_internal.h"
#include "application/campaign_success_internal.h"
#include "application/run_campaign.h"
#include "attacks/family.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort {
namespace {

using campaign::MembershipResult;
using campaign::Summary;
using campaign::TakenResult;

constexpr std::size_t kName = 24;

std::string Shown(std::string_view text) { return Printable(text, kName); }

std::string IntervalText(const statistics::Interval& interval) {
  return fmt::format("[{:.3f}, {:.3f}]", interval.lower, interval.upper);
}

std::string RateText(const statistics::RateAtFalsePositiveRate& rate) {
  return rate.resolved ? fmt::format("{:.3f}", rate.true_positive_rate) : "too few";
}

std::string ProbabilityText(double probability) {
  return probability < 0.001 ? "< 0.001" : fmt::format("{:.3f}", probability);
}

void AddMembership(std::string& text, const Summary& summary) {
  if (summary.membership.empty()) return;
  text += fmt::format(
      "\nMembership: are these texts known to the model?\n  {:<14} {:<22} {:>4} {:>5} {:<14} {:>7} {:>7}"
      " {:>8}  {}\n",
      "target", "attack", "seed", "AUROC", "95 %", "TPR@1%", "TPR@.1%", "adjusted", "reading");
  for (const MembershipResult& result : summary.membership) {
    if (!result.defense.empty()) continue;
    text += fmt::format("  {:<14} {:<22} {:>4} ", result.target.empty() ? "-" : Shown(result.target),
                        Shown(result.attack), result.seed == 0 ? "-" : fmt::to_string(result.seed));
    text += result.scored()
                ? fmt::format("{:.3f} {:<14} {:>7} {:>7} {:>8}  {}", result.auroc, IntervalText(result.interval),
                              RateText(result.at_one_percent), RateText(result.at_one_permille),
                              ProbabilityText(result.adjusted), Reading(result, summary))
                : fmt::format("{:>5} {:<14} {:>7} {:>7} {:>8}  {}", "-", "-", "-", "-", "-", Reading(result, summary));
    if (result.errors > 0) text += fmt::format("; {} errors", result.errors);
    if (result.missing > 0) text += fmt::format("; {} missing", result.missing);
    text += '\n';
  }
  text += fmt::format(
      "  An area of {:.3f} or more would be shown four times in five by so many texts. `adjusted`: the\n"
      "  probability of such an area if nothing leaks, over all lines (Benjamini-Hochberg).\n",
      summary.detectable_auroc);
  if (summary.sets_differ)
    text += fmt::format(
        "  The two sets can be told apart without the model (by length alone: AUROC {:.3f}), so no score\n"
        "  shows what it remembers. Draw members and held-out texts from one source.\n",
        summary.length_auroc);
}

void AddDefended(std::string& text, const Summary& summary) {
  if (std::ranges::all_of(summary.membership, [](const MembershipResult& one) { return one.defense.empty(); })) return;
  const std::vector<attacks::AttackEntry> cards = attacks::AllAttacks();
  text += fmt::format("\nBehind a defense\n   {:<24} {:>4} {:>5} {:<14} {:>7} {}\n", "attack", "seed", "AUROC", "95 %",
                      "change", "95 %");
  const MembershipResult* before = nullptr;
  for (const MembershipResult& result : summary.membership) {
    if (result.defense.empty()) continue;
    if (before == nullptr || before->target != result.target || before->defense != result.defense)
      text += fmt::format("  {} behind {}\n", Printable(result.target, 40), Printable(result.defense, 40));
    before = &result;
    const bool knows = campaign::AdaptsTo(result.attack, result.defense, cards);
    text += fmt::format("   {:<24} {:>4} ", Shown(result.attack) + (knows ? "*" : ""),
                        result.seed == 0 ? "-" : fmt::to_string(result.seed));
    text += result.scored() ? fmt::format("{:.3f} {:<14} ", result.auroc, IntervalText(result.interval))
                            : fmt::format("{:>5} {:<14} ", "-", "-");
    text += result.above_undefended
                ? fmt::format("{:>+7.3f} {}", *result.above_undefended, IntervalText(result.above_undefended_interval))
                : fmt::format("{:>7}", "-");
    if (result.errors > 0) text += fmt::format("; {} errors", result.errors);
    if (result.missing > 0) text += fmt::format("; {} missing", result.missing);
    text += '\n';
  }
  text += "  `*`: knows of the defense.\n";
}

// What was found, and whether it is so.
std::string TakenText(const TakenResult& result) {
  if (result.missing) return "missing";
  if (result.outcome == Outcome::kError) return "error: " + Printable(result.error, 60);
  if (result.outcome == Outcome::kUnjudged) return fmt::format("{:g} (the true number is not known)", result.found);
  if (result.outcome == Outcome::kSucceeded) return fmt::format("{:g}, which is right", result.found);
  return fmt::format("{:g}, and it is {}", result.found, result.truth);
}

void AddTaken(std::string& text, const Summary& summary) {
  if (summary.taken.empty()) return;
  text += fmt::format("\nTaken from the model itself\n  {:<14} {:<18} {:<18} {:>4} {:>7} {:>9}  {}\n", "target",
                      "defense", "attack", "seed", "queries", "tokens", "found");
  for (const TakenResult& result : summary.taken)
    text += fmt::format("  {:<14} {:<18} {:<18} {:>4} {:>7} {:>9}  {}\n", Shown(result.target),
                        result.defense.empty() ? "-" : Shown(result.defense), Shown(result.attack),
                        result.seed == 0 ? "-" : fmt::to_string(result.seed), result.queries, result.tokens,
                        TakenText(result));
}

void AddSkips(std::string& text, const Summary& summary) {
  if (summary.skips.empty()) return;
  text += "\nSkipped\n";
  for (const campaign::Skip& skip : summary.skips)
    text += fmt::format("  {:<14} {:<18} {}\n", Shown(skip.target), Shown(skip.attack), Printable(skip.reason, 200));
}

Json NumberJson(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json IntervalJson(const statistics::Interval& interval) { return Json::array({interval.lower, interval.upper}); }

Json RateJson(const statistics::RateAtFalsePositiveRate& rate) {
  if (!rate.resolved) return Json();
  return {{"true_positive_rate", rate.true_positive_rate},
          {"interval", IntervalJson(rate.true_positive_interval)},
          {"false_positive_rate", rate.false_positive_rate},
          {"false_positive_interval", IntervalJson(rate.false_positive_interval)}};
}

Json MembershipJson(const MembershipResult& result, const Summary& summary) {
  Json json = {{"target", result.target.empty() ? Json() : Json(result.target)},
               {"defense", result.defense.empty() ? Json() : Json(result.defense)},
               {"attack", result.attack},
               {"seed", result.seed == 0 ? Json() : Json(result.seed)},
               {"members", result.members},
               {"held_out", result.held_out},
               {"errors", result.errors},
               {"missing", result.missing},
               {"reading", Reading(result, summary)}};
  const bool scored = result.scored();
  json["auroc"] = scored ? NumberJson(result.auroc) : Json();
  json["interval"] = scored ? IntervalJson(result.interval) : Json();
  json["at_1_percent"] = scored ? RateJson(result.at_one_percent) : Json();
  json["at_1_permille"] = scored ? RateJson(result.at_one_permille) : Json();
  json["probability"] = scored ? NumberJson(result.probability) : Json();
  json["adjusted_probability"] = scored ? NumberJson(result.adjusted) : Json();
  json["above_blind"] = result.above_blind ? NumberJson(*result.above_blind) : Json();
  json["above_blind_interval"] = result.above_blind ? IntervalJson(result.above_blind_interval) : Json();
  json["above_undefended"] = result.above_undefended ? NumberJson(*result.above_undefended) : Json();
  json["above_undefended_interval"] = result.above_undefended ? IntervalJson(result.above_undefended_interval) : Json();
  json["growth"] = Json::array();
  for (const MembershipResult::Growth& step : result.growth)
    json["growth"].push_back(
        {{"texts", step.texts}, {"auroc", NumberJson(step.auroc)}, {"interval", IntervalJson(step.interval)}});
  json["curve"] = Json::array();
  for (const statistics::OperatingPoint& point : result.curve)
    json["curve"].push_back(
        Json::array({static_cast<double>(point.false_positives) / static_cast<double>(result.held_out),
                     static_cast<double>(point.true_positives) / static_cast<double>(result.members)}));
  return json;
}

Json TakenJson(const TakenResult& result) {
  Json curve = Json::array();
  for (const attacks::BudgetPoint& point : result.curve)
    curve.push_back(Json::array({NumberJson(point.spent), NumberJson(point.gained)}));
  return {{"target", result.target},
          {"defense", result.defense.empty() ? Json() : Json(result.defense)},
          {"attack", result.attack},
          {"seed", result.seed == 0 ? Json() : Json(result.seed)},
          {"outcome", result.missing ? Json() : Json(Name(result.outcome))},
          {"error", result.error.empty() ? Json() : Json(result.error)},
          {"found", result.missing || result.outcome == Outcome::kError ? Json() : NumberJson(result.found)},
          {"truth", result.truth == 0 ? Json() : Json(result.truth)},
          {"queries", result.queries},
          {"tokens", result.tokens},
          {"spent", result.spent.empty() ? Json() : Json(result.spent)},
          {"gained", result.gained.empty() ? Json() : Json(result.gained)},
          {"curve", std::move(curve)}};
}

std::string Dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string WriteCampaignStatus(const CampaignResult& result) {
  const Summary& summary = result.summary;
  std::string text = fmt::format("{}\n", Printable(summary.name, 80));
  text +=
      fmt::format("  {} trials: {} logged, {} missing\n", summary.listed, summary.made, summary.listed - summary.made);
  if (!result.plan.members.empty())
    text += fmt::format("  an AUROC of {:.3f} or more would be shown four times in five by so many texts\n",
                        summary.detectable_auroc);
  AddSkips(text, summary);
  return text;
}

std::string WriteCampaignTable(const CampaignResult& result) {
  const Summary& summary = result.summary;
  std::string text = fmt::format("{}\n  {} trials of {}", Printable(summary.name, 80), summary.made, summary.listed);
  if (result.run.made > 0) text += fmt::format(", {} of them now", result.run.made);
  text += fmt::format("; {} queries, {} tokens\n", summary.queries, summary.tokens);
  AddMembership(text, summary);
  AddDefended(text, summary);
  text += WriteSuccessTable(summary);
  text += WriteFlowTable(summary);
  text += WriteBelievedTable(result.believed);
  text += WritePriceTable(result.prices);
  AddTaken(text, summary);
  AddSkips(text, summary);
  for (const std::string& trouble : result.run.troubles)
    text += fmt::format("\nnot finished: {}\n", Printable(trouble, 300));
  if (result.unasked > 0)
    text += fmt::format(
        "\nnote: {} answers have no verdict of the judge language_model yet; `ringfort campaign run` asks it\n",
        result.unasked);
  for (const std::string& remark : result.remarks) text += fmt::format("\nnote: {}\n", Printable(remark, 300));
  return text;
}

std::string WriteCampaignJson(const CampaignResult& result) {
  const Summary& summary = result.summary;
  Json json = {{"schema", "ringfort.campaign/1"},
               {"name", summary.name},
               {"seeds", result.plan.seeds},
               {"listed", summary.listed},
               {"made", summary.made},
               {"made_now", result.run.made},
               {"queries", summary.queries},
               {"tokens", summary.tokens},
               {"detectable_auroc", NumberJson(summary.detectable_auroc)},
               {"length_auroc", NumberJson(summary.length_auroc)},
               {"length_probability", NumberJson(summary.length_probability)},
               {"sets_differ", summary.sets_differ}};
  json["membership"] = Json::array();
  for (const MembershipResult& one : summary.membership) json["membership"].push_back(MembershipJson(one, summary));
  json["success"] = SuccessJson(summary);
  json["numbers"] = NumbersJson(summary);
  json["flows"] = FlowsJson(summary);
  json["believed"] = BelievedJson(result.believed);
  json["prices"] = PricesJson(result.prices);
  json["taken"] = Json::array();
  for (const TakenResult& one : summary.taken) json["taken"].push_back(TakenJson(one));
  json["skipped"] = Json::array();
  for (const campaign::Skip& skip : summary.skips)
    json["skipped"].push_back({{"target", skip.target}, {"attack", skip.attack}, {"reason", skip.reason}});
  json["troubles"] = result.run.troubles;
  json["answers_without_verdict"] = result.unasked;
  json["remarks"] = result.remarks;
  return Dump(json);
}

}  // namespace ringfort
