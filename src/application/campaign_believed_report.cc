#include <fmt/format.h>

#include "application/campaign_success_internal.h"
#include "base/json.h"
#include "base/text.h"

namespace ringfort {
namespace {

using campaign::BelievedLine;
using campaign::Contender;

std::string What(const BelievedLine& line) {
  if (line.area) return "AUROC";
  return fmt::format("{}, {}{}:", Printable(line.label, 20), line.judge, line.uncalibrated ? " (uncalibrated)" : "");
}

std::string By(const Contender& one) { return fmt::format("{:.3f} by {}", one.value, one.attack); }

Json ContenderJson(const std::optional<Contender>& one) {
  if (!one) return Json();
  return {{"attack", one->attack},
          {"value", one->value},
          {"interval", Json::array({one->interval.lower, one->interval.upper})}};
}

}  // namespace

std::string WriteBelievedTable(std::span<const BelievedLine> lines) {
  if (lines.empty()) return "";
  std::string text = "\nWhat a defense is worth: the stronger attacker is to be believed\n";
  const BelievedLine* before = nullptr;
  for (const BelievedLine& line : lines) {
    const Contender& best = line.believed();
    const bool adaptive = line.adaptive && &best == &*line.adaptive;
    if (before == nullptr || before->target != line.target || before->defense != line.defense)
      text += fmt::format("  {} behind {}\n", Printable(line.target, 40), Printable(line.defense, 40));
    before = &line;
    text += fmt::format("    {} {:.3f} [{:.3f}, {:.3f}] by {}, who {} of it\n", What(line), best.value,
                        best.interval.lower, best.interval.upper, best.attack, adaptive ? "knows" : "does not know");
    std::string rest;
    const auto add = [&](const std::string& what) { rest += (rest.empty() ? "" : "; ") + what; };
    if (adaptive && line.naive) add(By(*line.naive) + ", who does not");
    if (!adaptive && line.adaptive) add(By(*line.adaptive) + ", who does");
    if (!line.adaptive) add("no attack that knows of it was tried");
    if (line.bare) add(By(*line.bare) + " without the defense");
    text += fmt::format("      {}\n", rest);
  }
  return text;
}

Json BelievedJson(std::span<const BelievedLine> lines) {
  Json json = Json::array();
  for (const BelievedLine& line : lines) {
    const bool adaptive = line.adaptive && &line.believed() == &*line.adaptive;
    json.push_back({{"target", line.target},
                    {"defense", line.defense},
                    {"measure", line.area ? "AUROC" : "rate"},
                    {"label", line.area ? Json() : Json(line.label)},
                    {"judge", line.area ? Json() : Json(line.judge)},
                    {"uncalibrated", line.uncalibrated},
                    {"without_defense", ContenderJson(line.bare)},
                    {"not_knowing", ContenderJson(line.naive)},
                    {"knowing", ContenderJson(line.adaptive)},
                    {"believe", adaptive ? "knowing" : "not_knowing"}});
  }
  return json;
}

}  // namespace ringfort
