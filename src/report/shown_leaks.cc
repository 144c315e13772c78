#include "report/shown_leaks.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringfort {
namespace {

constexpr std::string_view kHeldOut = "held_out", kMember = "member";

// The same attack on texts that the model never saw; none: null.
const SuccessFigure* OnOthers(const AttackedModel& model, const SuccessFigure& figure) {
  for (const SuccessFigure& other : model.success)
    if (other.label == kHeldOut && other.attack == figure.attack && other.seed == figure.seed &&
        other.judge == figure.judge && other.defense.empty() && other.judged > 0)
      return &other;
  return nullptr;
}

bool Recites(const AttackedModel& model, const SuccessFigure& figure) {
  if (!figure.defense.empty() || !ByDefinition(figure) || figure.label == kHeldOut || figure.succeeded == 0)
    return false;
  const SuccessFigure* others = OnOthers(model, figure);
  return others == nullptr || figure.rate.low > others->rate.value;
}

std::vector<std::string> HowItLeaks(const AttackedModel& model) {
  std::vector<std::string> how;
  const MembershipFigure* best = nullptr;
  for (const MembershipFigure& figure : model.membership)
    if (figure.defense.empty() && figure.scored && figure.reading == "leaks" &&
        (best == nullptr || figure.auroc.value > best->auroc.value))
      best = &figure;
  if (best != nullptr)
    how.push_back(fmt::format("{} tells texts that it was trained on from others, AUROC {:.3f} [{:.3f}, {:.3f}]",
                              best->attack, best->auroc.value, best->auroc.low, best->auroc.high));
  for (const SuccessFigure& figure : model.success)
    if (Recites(model, figure))
      how.push_back(
          fmt::format("{} had it say {} of {} {} word for word", figure.attack, figure.succeeded, figure.judged,
                      figure.label == kMember ? "texts that it was trained on" : "secrets (" + figure.label + ")"));
  return how;
}

}  // namespace

std::vector<ShownLeak> ShownLeaks(const ModelAttacks& attacks) {
  std::vector<ShownLeak> leaks;
  for (const AttackedModel& model : attacks.models) {
    std::vector<std::string> how = HowItLeaks(model);
    if (how.empty()) continue;
    if (leaks.empty() || leaks.back().asset != model.asset) leaks.push_back({model.asset, {}});
    for (std::string& one : how) leaks.back().how.push_back(std::move(one));
  }
  return leaks;
}

bool Leaks(const std::vector<ShownLeak>& leaks, std::string_view asset) {
  return std::ranges::find(leaks, asset, &ShownLeak::asset) != leaks.end();
}

}  // namespace ringfort
