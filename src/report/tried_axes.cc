#include "report/tried_axes.h"

#include <fmt/format.h>

#include <set>

#include "domain/trial.h"

namespace ringfort {
namespace {

constexpr std::string_view kHeldOut = "held_out";

class Tally {
 public:
  void Enter(const AttackedModel& model) {
    for (const MembershipFigure& figure : model.membership) {
      if (figure.blind || figure.members + figure.held_out == 0) continue;
      Tried(figure.axis, figure.attack);
      if (figure.scored && figure.defense.empty() && figure.reading == "leaks")
        Furthest(figure.axis, 2 * figure.auroc.low - 1,
                 fmt::format("{}, AUROC {:.2f} [{:.2f}, {:.2f}]", figure.attack, figure.auroc.value, figure.auroc.low,
                             figure.auroc.high));
    }
    for (const SuccessFigure& figure : model.success) {
      if (figure.judged + figure.unjudged == 0) continue;
      Tried(figure.axis, figure.attack);
      if (figure.defense.empty() && ByComparison(figure) && figure.succeeded > 0 && !IsHarmless(figure.label) &&
          figure.label != kHeldOut)
        Furthest(figure.axis, figure.rate.low,
                 fmt::format("{}, {} of {} ({})", figure.attack, figure.succeeded, figure.judged, figure.label));
    }
    for (const NumberFigure& figure : model.numbers)
      if (figure.samples > 0) Tried(figure.axis, figure.attack);
    for (const TakenFigure& figure : model.taken) {
      if (figure.missing || figure.outcome == Outcome::kError) continue;
      Tried(figure.axis, figure.attack);
      if (figure.defense.empty() && figure.outcome == Outcome::kSucceeded)
        Furthest(figure.axis, 1, fmt::format("{}, {:.0f} found", figure.attack, figure.found));
    }
  }

  std::array<TriedAxis, 4> Axes() {
    for (std::size_t i = 0; i < axes_.size(); ++i) axes_[i].attacks = tried_[i].size();
    return std::move(axes_);
  }

 private:
  void Tried(Axis axis, const std::string& attack) { tried_[static_cast<std::size_t>(axis)].insert(attack); }
  void Furthest(Axis axis, double bound, std::string what) {
    const auto at = static_cast<std::size_t>(axis);
    if (!axes_[at].furthest.empty() && bound <= bounds_[at]) return;
    bounds_[at] = bound;
    axes_[at].furthest = std::move(what);
  }

  std::array<TriedAxis, 4> axes_{};
  std::array<double, 4> bounds_{};
  std::array<std::set<std::string>, 4> tried_{};
};

}  // namespace

std::array<TriedAxis, 4> TriedAxes(const ModelAttacks& attacks) {
  Tally tally;
  for (const AttackedModel& model : attacks.models) tally.Enter(model);
  return tally.Axes();
}

}  // namespace ringfort
