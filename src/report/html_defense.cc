#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/html_graph_picture_internal.h"
#include "report/html_reasoning_internal.h"
#include "report/html_text_internal.h"
#include "report/reasoning_words_internal.h"

namespace ringfort {
namespace {

constexpr std::size_t kMostRows = 50;
constexpr std::size_t kMostOpen = 6;

std::string More(std::size_t count, std::size_t shown) {
  return count > shown ? fmt::format("<p class=\"empty\">{} more are in the JSON report.</p>", count - shown) : "";
}

struct Unit {
  std::string_view name;
  double seconds;
};
constexpr std::array<Unit, 6> kUnits = {
    {{"second", 1}, {"minute", 60}, {"hour", 3600}, {"day", 86400}, {"month", 2629800}, {"year", 31557600}}};

// `181 bits a day`: in the shortest unit that sees at least one.
std::string RateText(double bits_per_second) {
  if (std::isnan(bits_per_second)) return "not a number";
  if (std::isinf(bits_per_second)) return "not bounded";
  if (bits_per_second <= 0) return "nothing";
  for (const Unit& unit : kUnits)
    if (const double bits = bits_per_second * unit.seconds; bits >= 1)
      return fmt::format("{:.{}f} bits {} {}", bits, bits < 10 ? 1 : 0, unit.seconds == 3600 ? "an" : "a", unit.name);
  return fmt::format("{:.2g} bits a year", bits_per_second * kUnits.back().seconds);
}

// `7.9 minutes`
std::string TimeText(double seconds) {
  if (!(seconds > 0)) return "no time";
  if (!std::isfinite(seconds)) return "never";
  if (seconds < 1) return "under a second";
  const Unit* fit = &kUnits[0];
  for (const Unit& unit : kUnits)
    if (seconds >= unit.seconds) fit = &unit;
  const double count = seconds / fit->seconds;
  if (fit == &kUnits.back() && count >= 1000) return "over a thousand years";
  const std::string digits = fmt::format("{:.{}f}", count, count < 10 ? 1 : 0);
  return fmt::format("{} {}{}", digits, fit->name, digits == "1.0" ? "" : "s");
}

std::string LeastTime(double rate) {
  constexpr double kKey = 256;
  if (std::isnan(rate)) return "";
  if (std::isinf(rate)) return "at once";
  if (rate <= 0) return "never";
  return fmt::format("{} a bit<small>{} for {:g} bits, a key</small>", TimeText(1 / rate), TimeText(kKey / rate), kKey);
}

// Three significant digits, or all whole ones.
std::string Short(double value) {
  if (!std::isfinite(value)) return NumberText(value);
  return std::abs(value) >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

std::string CostText(const DefenseCost& cost) {
  return fmt::format("effort {:g}, latency {:g}, utility {:g}", cost.effort, cost.latency, cost.utility);
}

std::string Interval(const Quantity& quantity) {
  return fmt::format("{} to {}", NumberText(quantity.low), NumberText(quantity.high));
}

// Loss against the largest there is, with the interval as a line.
std::string LossBar(const Quantity& loss, double most) {
  const auto at = [&](double value) {
    return std::isfinite(value) && most > 0 ? std::clamp(value / most, 0.0, 1.0) * 200 : 0.0;
  };
  return fmt::format(
      "<svg class=\"loss\" viewBox=\"0 0 200 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect "
      "class=\"rail\" width=\"200\" height=\"14\"/><rect class=\"fall\" width=\"{:.1f}\" height=\"14\"/><path "
      "class=\"whisker\" d=\"M{:.1f} 7H{:.1f}\"/></svg>",
      at(loss.value), at(loss.low), at(loss.high));
}

std::string LossRow(std::string_view what, std::string_view note, const Quantity& loss, double most, bool interval) {
  Quantity shown = loss;
  if (!interval) shown.low = shown.high = loss.value;
  return fmt::format(
      "<tr><td>{}{}</td><td class=\"bar-cell\">{}</td><td class=\"number\"><b>{}</b>{}</td><td>{}</td></tr>", what,
      note.empty() ? "" : fmt::format("<small>{}</small>", note), LossBar(shown, most), NumberText(loss.value),
      interval && loss.low < loss.high ? fmt::format("<small>{}</small>", Interval(loss)) : "",
      GroundTag(Name(loss.ground)));
}

std::string Titles(const Reasoning& reasoning, const std::vector<std::string>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size() && i < kMostRows; ++i)
    text += (i == 0 ? "" : "; ") + Escape(MitigationTitle(reasoning, ids[i]), 120);
  return text.empty() ? "nothing" : text;
}

std::string Portfolio(const Reasoning& reasoning, const DefensePlan& plan) {
  double most = 0;
  for (const Quantity* one : {&plan.loss_undefended, &plan.loss, &plan.mixed_loss})
    for (const double value : {one->value, one->high})
      if (std::isfinite(value)) most = std::max(most, value);
  std::string html = fmt::format(
      "<h3>What to put up first</h3><div class=\"card tight\"><p class=\"verdict-line\">{}</p><p class=\"note pad\">A "
      "loss is the attacker's best chance times the worth of what is gained, against an attacker who knows the plan. "
      "Budget: {} in all; one defense takes 0 to 5 of each ({}).</p><div "
      "class=\"scroll\"><table class=\"stack\"><thead><tr><th>Deploy, in this "
      "order</th><th>Loss that is left</th><th class=\"number\">Loss</th><th>Ground</th></tr></thead><tbody>",
      plan.deploy.empty()
          ? std::string("No defense within the budget makes the attacker's best way worse.")
          : fmt::format("Deploy {}: what an attacker can count on falls from <b>{}</b> to <b>{}</b>.",
                        plan.deploy.size() == 1 ? std::string("this one") : fmt::format("these {}", plan.deploy.size()),
                        NumberText(plan.loss_undefended.value), NumberText(plan.loss.value)),
      CostText(plan.budget), GroundTag(Name(Provenance::kAssumed)));
  html += LossRow("Nothing yet", "", plan.loss_undefended, most, true);
  double before = plan.loss_undefended.value;
  for (std::size_t i = 0; i < plan.deploy.size() && i < kMostRows; ++i) {
    const DefensePlan::Deployment& one = plan.deploy[i];
    html += LossRow(fmt::format("<b>{}.</b> {}", i + 1, Escape(MitigationTitle(reasoning, one.id), 200)),
                    fmt::format("{}; the attacker's best falls from {} to {}", CostText(one.cost), NumberText(before),
                                NumberText(one.loss_after)),
                    {one.loss_after, one.loss_after, one.loss_after, one.ground}, most, false);
    before = one.loss_after;
  }
  html += LossRow("This plan as a whole",
                  plan.optimal ? "proven: nothing within the budget does better"
                               : fmt::format("not proven best; nothing within the budget does better than {}",
                                             NumberText(plan.lower_bound)),
                  plan.loss, most, true);
  html += LossRow("If chance chose anew each period",
                  plan.mixed.size() < 2 ? "chance in the choice saves nothing here"
                                        : "the mixed strategy: an attacker cannot know what to expect",
                  plan.mixed_loss, most, true);
  return html + "</tbody></table></div>" + More(plan.deploy.size(), kMostRows) + "</div>\n";
}

std::string Mixture(const Reasoning& reasoning, const DefensePlan& plan) {
  if (plan.mixed.size() < 2) return "";
  std::string html =
      "<details class=\"card fold\"><summary>The mixed strategy<small>which portfolio how often</small></summary><ul "
      "class=\"carriers\">";
  for (std::size_t i = 0; i < plan.mixed.size() && i < kMostRows; ++i)
    html += fmt::format("<li>{}<b>{:.1f} %</b><span>{}</span></li>", LevelBar(plan.mixed[i].probability),
                        100 * plan.mixed[i].probability, Titles(reasoning, plan.mixed[i].mitigations));
  return html + "</ul>" + More(plan.mixed.size(), kMostRows) + "</details>\n";
}

std::string Coverage(const Reasoning& reasoning, const DefensePlan& plan) {
  if (plan.coverage.empty()) return "";
  std::string html =
      "<details class=\"card fold\"><summary>How much each defense covers<small>share of the surveyed threats that it "
      "stops, 0 to 1; an index of ours</small></summary><div class=\"scroll\"><table class=\"stack\"><thead><tr>"
      "<th>Defense</th><th>Attackers who do not know it</th><th>Attackers who adapt to it</th><th>Ground</th></tr>"
      "</thead><tbody>";
  for (std::size_t i = 0; i < plan.coverage.size() && i < kMostRows; ++i) {
    const DefensePlan::Coverage& one = plan.coverage[i];
    const bool deployed = std::ranges::count(plan.deploy, one.id, &DefensePlan::Deployment::id) > 0;
    html += fmt::format(
        "<tr><td>{}{}</td><td class=\"dial\" data-label=\"unknown to them\">{}{}</td><td class=\"dial\" "
        "data-label=\"they adapt\">{}{}</td><td>{}</td></tr>",
        Escape(MitigationTitle(reasoning, one.id), 200), deployed ? " " + Badge("plain", "in the plan") : "",
        LevelBar(one.naive), NumberText(one.naive), LevelBar(one.adaptive), NumberText(one.adaptive),
        GroundTag(Name(one.ground)));
  }
  return html + "</tbody></table></div>" + More(plan.coverage.size(), kMostRows) + "</details>\n";
}

std::string OpenWays(const Reasoning& reasoning, const DefensePlan& plan) {
  std::string html = "<h3>Still open<small>the attacker's best, once the plan stands</small></h3>";
  if (plan.open.empty())
    return html + "<div class=\"card\"><p class=\"empty\">No way that the catalog knows.</p></div>\n";
  html += "<div class=\"ways\">";
  for (std::size_t i = 0; i < plan.open.size() && i < kMostOpen; ++i)
    html += WayCard(reasoning, plan.open[i], reasoning.ways.size() + i);
  return html + "</div>" + More(plan.open.size(), kMostOpen) + "\n";
}

std::string Cuts(const Reasoning& reasoning) {
  if (reasoning.cuts.empty()) return "";
  std::string html =
      "<h3>To close every way<small>the cheapest mitigations that touch each way to a state; touched is not "
      "stopped</small></h3><div class=\"card tight\"><div class=\"scroll\"><table "
      "class=\"stack\"><thead><tr><th>State</th><th>Put "
      "up</th><th class=\"number\">Effort</th><th class=\"number\">Chance</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < reasoning.cuts.size() && i < kMostRows; ++i) {
    const HardeningCut& cut = reasoning.cuts[i];
    if (cut.mitigations.empty()) {
      html +=
          fmt::format("<tr><td>{}</td><td class=\"note\">nothing in the catalog parts it</td><td></td><td></td></tr>",
                      StateLink(reasoning, cut.goal));
      continue;
    }
    html += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"number\" data-label=\"effort\">{:g}<small>{}, assumed</small></td><td "
        "class=\"number\" data-label=\"chance\">{:.3f} to {:.3f}</td></tr>",
        StateLink(reasoning, cut.goal), Titles(reasoning, cut.mitigations), cut.effort,
        cut.optimal ? "the least" : "perhaps not the least", cut.chance_now, cut.chance_then);
  }
  return html + "</tbody></table></div>" + More(reasoning.cuts.size(), kMostRows) + "</div>\n";
}

}  // namespace

std::string LeakageTable(const Reasoning& reasoning) {
  if (reasoning.leakage.empty()) return "";
  std::string html =
      "<h3>How fast secrets can leak<small>upper bounds: the least cut of the channels between</small></h3><div "
      "class=\"card tight\"><div class=\"scroll\"><table class=\"leaks stack\"><thead><tr><th>Secret</th><th>To "
      "whom</th><th "
      "class=\"number\">At most</th><th>Least time</th><th>Where a limit pays "
      "most</th><th>Ground</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < reasoning.leakage.size() && i < kMostRows; ++i) {
    const LeakagePath& path = reasoning.leakage[i];
    std::string limits;
    for (std::size_t c = 0; c < path.cut.size() && c < 4; ++c) {
      const LeakagePath::CutChannel& one = path.cut[c];
      limits += fmt::format(
          "<li>{}{}<small>{} bits a use, {} uses a second ({}). {}</small></li>", Escape(one.channel, 200),
          one.lever.empty() ? ""
                            : fmt::format(": <b>{}</b>", one.lever == "noise"       ? "add noise"
                                                         : one.lever == "bandwidth" ? "cut bandwidth"
                                                                                    : Escape(one.lever, 60)),
          Short(one.bits_per_use), Short(one.uses_per_second), Name(one.ground), Escape(one.basis, 500));
    }
    if (path.cut.size() > 4) limits += fmt::format("<li class=\"note\">and {} more channels</li>", path.cut.size() - 4);
    if (limits.empty())
      limits = std::isinf(path.bits_per_second) ? "<li class=\"note\">no channel on the way has a limit; give one</li>"
                                                : "<li class=\"note\">no channel between them carries anything</li>";
    html += fmt::format(
        "<tr><td>{}</td><td data-label=\"to\">{}</td><td class=\"number\" data-label=\"at most\"><b>{}</b></td><td "
        "class=\"short\" data-label=\"least time\">{}</td><td><ul class=\"limits\">{}</ul></td><td>{}</td></tr>",
        Escape(path.secret, 300), Escape(path.observer, 300), RateText(path.bits_per_second),
        LeastTime(path.bits_per_second) +
            (path.seconds_at_least > 0
                 ? fmt::format("<small>{} for the whole, as it is stored</small>", TimeText(path.seconds_at_least))
                 : ""),
        limits, GroundTag(Name(path.ground)));
  }
  return html + "</tbody></table></div>" + More(reasoning.leakage.size(), kMostRows) + "</div>\n";
}

std::string DefenseParts(const Reasoning& reasoning) {
  std::string html;
  if (reasoning.defense) {
    const DefensePlan& plan = *reasoning.defense;
    html +=
        Portfolio(reasoning, plan) + Mixture(reasoning, plan) + OpenWays(reasoning, plan) + Coverage(reasoning, plan);
  }
  return html + Cuts(reasoning);
}

}  // namespace ringfort
