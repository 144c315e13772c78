#include "report/shown_leaks.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "domain/trial.h"

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

// What it was to refuse, or an order in text that it was to read only.
bool GivesWay(const SuccessFigure& figure) {
  return figure.axis == Axis::kDataToModel && figure.defense.empty() && ByComparison(figure) &&
         !IsHarmless(figure.label) && figure.succeeded > 0;
}

bool Recites(const AttackedModel& model, const SuccessFigure& figure) {
  if (figure.axis == Axis::kDataToModel || !figure.defense.empty() || !ByDefinition(figure) ||
      figure.label == kHeldOut || figure.succeeded == 0)
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

// Of an attack the samples of one label that got through most often.
std::vector<std::string> HowItGivesWay(const AttackedModel& model) {
  std::vector<const SuccessFigure*> best;
  for (const SuccessFigure& figure : model.success) {
    if (!GivesWay(figure)) continue;
    const auto at = std::ranges::find(best, figure.attack, &SuccessFigure::attack);
    if (at == best.end())
      best.push_back(&figure);
    else if (figure.rate.value > (*at)->rate.value)
      *at = &figure;
  }
  std::ranges::stable_sort(best, std::greater(), [](const SuccessFigure* figure) { return figure->rate.value; });
  std::vector<std::string> how;
  for (const SuccessFigure* figure : best)
    how.push_back(fmt::format("{} got through in {} of {} ({}), {:.2f} [{:.2f}, {:.2f}]", figure->attack,
                              figure->succeeded, figure->judged, figure->label, figure->rate.value, figure->rate.low,
                              figure->rate.high));
  return how;
}

void Enter(std::vector<ShownLeak>& shown, const std::string& asset, std::vector<std::string> how) {
  if (how.empty()) return;
  if (shown.empty() || shown.back().asset != asset) shown.push_back({asset, {}});
  for (std::string& one : how) shown.back().how.push_back(std::move(one));
}

}  // namespace

std::vector<ShownLeak> ShownLeaks(const ModelAttacks& attacks) {
  std::vector<ShownLeak> leaks;
  for (const AttackedModel& model : attacks.models) Enter(leaks, model.asset, HowItLeaks(model));
  return leaks;
}

std::vector<ShownLeak> ShownBreaches(const ModelAttacks& attacks) {
  std::vector<ShownLeak> breaches;
  for (const AttackedModel& model : attacks.models) Enter(breaches, model.asset, HowItGivesWay(model));
  return breaches;
}

std::string WhatModelsDo(const std::vector<ShownLeak>& leaks, const std::vector<ShownLeak>& breaches) {
  if (leaks.empty() && breaches.empty()) return "";
  const bool one = leaks.size() <= 1 && breaches.size() <= 1 &&
                   (leaks.empty() || breaches.empty() || leaks[0].asset == breaches[0].asset);
  return fmt::format("{}{}{}{}", one ? "a model" : "models",
                     leaks.empty() ? ""
                     : one         ? " leaks"
                                   : " leak",
                     leaks.empty() || breaches.empty() ? "" : " and",
                     breaches.empty() ? ""
                     : one            ? " gives way"
                                      : " give way");
}

bool Leaks(const std::vector<ShownLeak>& leaks, std::string_view asset) {
  return std::ranges::find(leaks, asset, &ShownLeak::asset) != leaks.end();
}

}  // namespace ringfort
