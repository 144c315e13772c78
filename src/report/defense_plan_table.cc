#include "report/defense_plan_table.h"

#include <fmt/format.h>

#include "base/text.h"
#include "report/json_text_internal.h"
#include "report/reasoning_json_internal.h"
#include "report/reasoning_words_internal.h"

namespace ringfort {
namespace {

constexpr std::size_t kShown = 50;
constexpr std::size_t kName = 120;

std::string Shown(std::string_view text) { return Printable(text, kName); }

std::string CostText(const DefenseCost& cost) {
  return fmt::format("effort {:g}, latency {:g}, utility {:g}", cost.effort, cost.latency, cost.utility);
}

// Without an interval where none was drawn.
std::string QuantityText(const Quantity& quantity) {
  if (quantity.low == quantity.high) return fmt::format("{} [{}]", NumberText(quantity.value), Name(quantity.ground));
  return fmt::format("{} [{}, {}] [{}]", NumberText(quantity.value), NumberText(quantity.low),
                     NumberText(quantity.high), Name(quantity.ground));
}

std::string Titles(const Reasoning& reasoning, const std::vector<std::string>& mitigations) {
  std::string text;
  for (std::size_t i = 0; i < mitigations.size() && i < kShown; ++i)
    text += (i == 0 ? "" : "; ") + Shown(MitigationTitle(reasoning, mitigations[i]));
  if (mitigations.size() > kShown) text += fmt::format("; and {} more", mitigations.size() - kShown);
  return text.empty() ? "nothing" : text;
}

// One row each, and a word on those left out.
template <typename Row, typename Write>
void List(std::string& text, const std::vector<Row>& rows, const Write& write) {
  for (std::size_t i = 0; i < rows.size() && i < kShown; ++i) text += write(i, rows[i]);
  if (rows.size() > kShown) text += fmt::format("  and {} more\n", rows.size() - kShown);
}

void AddDeployments(std::string& text, const Reasoning& reasoning, const DefensePlan& plan) {
  text += "\nDeploy, in this order:\n";
  if (plan.deploy.empty()) text += "  nothing: no defense within the budget makes the attacker's best way worse\n";
  List(text, plan.deploy, [&](std::size_t i, const DefensePlan::Deployment& one) {
    const double before = i == 0 ? plan.loss_undefended.value : plan.deploy[i - 1].loss_after;
    return fmt::format("  {}. deploy {} ({}): {} -> {} [{}]\n", i + 1, Shown(MitigationTitle(reasoning, one.id)),
                       CostText(one.cost), NumberText(before), NumberText(one.loss_after), Name(one.ground));
  });
}

void AddOpenWays(std::string& text, const Reasoning& reasoning, const DefensePlan& plan) {
  if (plan.open.empty()) {
    text += "\nstill open: no way that the catalog knows\n";
    return;
  }
  text += "\n";
  List(text, plan.open, [&](std::size_t, const AttackWay& way) {
    std::string row =
        fmt::format("still open: {}, probability {} [{}], cost {:g} [assumed]\n", Shown(StateName(reasoning, way.goal)),
                    NumberText(way.probability), GroundOf(reasoning, way), way.cost);
    List(row, way.steps, [&](std::size_t, std::size_t index) {
      if (index >= reasoning.steps.size()) return std::string();
      const ReasonedStep& step = reasoning.steps[index];
      return fmt::format("  {:<40} {:<11} {:<12} {}\n", Shown(StateName(reasoning, step.gains)),
                         NumberText(step.probability), fmt::format("[{}]", GroundOf(step)), Shown(step.title));
    });
    return row;
  });
}

void AddMixture(std::string& text, const Reasoning& reasoning, const DefensePlan& plan) {
  text += fmt::format("\nloss, undefended  {}\nloss, this plan   {}\nloss, mixed       {}\n",
                      QuantityText(plan.loss_undefended), QuantityText(plan.loss), QuantityText(plan.mixed_loss));
  text += plan.optimal ? "Proven: no portfolio within the budget loses less than this plan.\n"
                       : fmt::format("Not proven best; no portfolio within the budget loses less than {}.\n",
                                     NumberText(plan.lower_bound));
  if (plan.mixed.size() < 2) return;
  text += "\nMixed, by chance for each period:\n";
  List(text, plan.mixed, [&](std::size_t, const DefensePlan::Mixture& one) {
    return fmt::format("  {:>5.1f} %  {}\n", 100 * one.probability, Titles(reasoning, one.mitigations));
  });
}

void AddCoverage(std::string& text, const Reasoning& reasoning, const DefensePlan& plan) {
  if (plan.coverage.empty()) return;
  text += "\nShare of the surveyed threats that it stops:         naive  adaptive\n";
  List(text, plan.coverage, [&](std::size_t, const DefensePlan::Coverage& one) {
    return fmt::format("  {:<49} {:>7.3f}  {:>8.3f}  [{}]\n", Printable(MitigationTitle(reasoning, one.id), 46),
                       one.naive, one.adaptive, Name(one.ground));
  });
}

}  // namespace

std::string WriteDefensePlan(const Reasoning& reasoning) {
  if (!reasoning.defense) return "No plan: nothing that an attacker could gain was worth defending against.\n";
  const DefensePlan& plan = *reasoning.defense;
  std::string text = fmt::format(
      "Budget: {}.\nA loss is the attacker's best chance times the worth of what is gained. Most priors are assumed: "
      "read the order, not the digits.\n",
      CostText(plan.budget));
  AddDeployments(text, reasoning, plan);
  AddOpenWays(text, reasoning, plan);
  AddMixture(text, reasoning, plan);
  AddCoverage(text, reasoning, plan);
  return text;
}

std::string WriteDefensePlanJson(const Reasoning& reasoning, std::string_view target) {
  return JsonText(
      {{"schema", "ringfort.defense_plan/1"}, {"target", target}, {"defense", DefensePlanDocument(reasoning)}});
}

}  // namespace ringfort
