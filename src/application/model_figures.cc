#include <fmt/format.h>

#include <algorithm>

#include "application/model_figures_internal.h"
#include "campaign/trial_list.h"

namespace ringfort {
namespace {

using campaign::MembershipResult;
using campaign::Summary;

Quantity Measured(double value, const statistics::Interval& interval) {
  return {value, std::min(value, interval.lower), std::max(value, interval.upper), Provenance::kMeasured};
}

std::optional<Quantity> Measured(const std::optional<double>& value, const statistics::Interval& interval) {
  return value ? std::optional(Measured(*value, interval)) : std::nullopt;
}

std::optional<Quantity> Measured(const statistics::RateAtFalsePositiveRate& rate) {
  return rate.resolved ? std::optional(Measured(rate.true_positive_rate, rate.true_positive_interval)) : std::nullopt;
}

MembershipFigure FigureOf(const MembershipResult& result, const Summary& summary,
                          std::span<const attacks::AttackEntry> cards) {
  MembershipFigure figure;
  figure.defense = result.defense;
  figure.attack = result.attack;
  figure.seed = result.seed;
  const attacks::AttackEntry& entry = campaign::EntryOf(result.attack, cards);
  figure.axis = entry.card.axis;
  figure.blind = entry.card.needs.empty() && std::holds_alternative<attacks::SetReader>(entry.way);
  figure.members = result.members;
  figure.held_out = result.held_out;
  figure.errors = result.errors;
  figure.missing = result.missing;
  figure.scored = result.scored();
  figure.reading = campaign::Reading(result, summary);
  if (!figure.scored) return figure;
  figure.auroc = Measured(result.auroc, result.interval);
  figure.at_one_percent = Measured(result.at_one_percent);
  figure.at_one_permille = Measured(result.at_one_permille);
  figure.adjusted = result.adjusted;
  figure.above_blind = Measured(result.above_blind, result.above_blind_interval);
  figure.above_undefended = Measured(result.above_undefended, result.above_undefended_interval);
  for (const statistics::OperatingPoint& point : result.curve)
    figure.curve.push_back({static_cast<double>(point.false_positives) / static_cast<double>(result.held_out),
                            static_cast<double>(point.true_positives) / static_cast<double>(result.members)});
  for (const MembershipResult::Growth& step : result.growth)
    figure.growth.push_back({step.texts, Measured(step.auroc, step.interval)});
  return figure;
}

SuccessFigure FigureOf(const campaign::SuccessResult& result, std::span<const attacks::AttackEntry> cards) {
  SuccessFigure figure;
  figure.axis = campaign::EntryOf(result.attack, cards).card.axis;
  figure.defense = result.defense;
  figure.attack = result.attack;
  figure.seed = result.seed;
  figure.label = result.label;
  figure.judge = result.judge;
  figure.uncalibrated = result.calibration == campaign::Calibration::kUncalibrated;
  figure.succeeded = result.succeeded;
  figure.judged = result.succeeded + result.failed;
  figure.unjudged = result.unjudged;
  figure.errors = result.errors;
  figure.missing = result.missing;
  if (figure.judged > 0) figure.rate = Measured(result.rate, result.interval);
  figure.above_undefended = Measured(result.above_undefended, result.above_undefended_interval);
  return figure;
}

NumberFigure FigureOf(const campaign::NumberResult& result, std::span<const attacks::AttackEntry> cards) {
  NumberFigure figure;
  figure.axis = campaign::EntryOf(result.attack, cards).card.axis;
  figure.defense = result.defense;
  figure.attack = result.attack;
  figure.label = result.label;
  figure.unit = result.unit;
  figure.samples = result.samples;
  figure.errors = result.errors;
  figure.missing = result.missing;
  // Of one sample no interval is known.
  figure.mean =
      Measured(result.mean, result.samples < 2 ? statistics::Interval{result.mean, result.mean} : result.interval);
  figure.least = result.least;
  figure.most = result.most;
  return figure;
}

TakenFigure FigureOf(const campaign::TakenResult& result, std::span<const attacks::AttackEntry> cards) {
  TakenFigure figure;
  figure.axis = campaign::EntryOf(result.attack, cards).card.axis;
  figure.defense = result.defense;
  figure.attack = result.attack;
  figure.seed = result.seed;
  figure.missing = result.missing;
  figure.outcome = result.outcome;
  figure.error = result.error;
  figure.found = result.found;
  figure.truth = result.truth;
  figure.queries = result.queries;
  figure.spent = result.spent;
  figure.gained = result.gained;
  for (const attacks::BudgetPoint& point : result.curve) figure.curve.push_back({point.spent, point.gained});
  return figure;
}

FlowFigure FigureOf(const campaign::AttackFlow& flow, const Summary& summary) {
  FlowFigure figure;
  figure.defense = flow.defense;
  figure.attack = flow.attack;
  figure.label = flow.label;
  figure.tries = flow.tries;
  figure.choices = flow.choices;
  figure.bits = Measured(flow.bits, flow.interval);
  figure.queries = flow.queries;
  figure.reading = campaign::Reading(flow, summary);
  return figure;
}

}  // namespace

void EnterFigures(const Summary& summary, std::span<const attacks::AttackEntry> cards, std::string_view target,
                  AttackedModel& model) {
  model.listed = summary.listed;
  model.made = summary.made;
  model.queries = summary.queries;
  model.tokens = summary.tokens;
  model.detectable_auroc = summary.detectable_auroc;
  model.length_auroc = summary.length_auroc;
  model.sets_differ = summary.sets_differ;
  for (const MembershipResult& result : summary.membership)
    model.membership.push_back(FigureOf(result, summary, cards));
  for (const campaign::SuccessResult& result : summary.success) model.success.push_back(FigureOf(result, cards));
  for (const campaign::NumberResult& result : summary.numbers) model.numbers.push_back(FigureOf(result, cards));
  for (const campaign::TakenResult& result : summary.taken) model.taken.push_back(FigureOf(result, cards));
  for (const campaign::AttackFlow& flow : summary.flows) model.flows.push_back(FigureOf(flow, summary));
  for (const campaign::Skip& skip : summary.skips) {
    const std::string behind = fmt::format("{} with ", target);
    model.skipped.push_back({skip.target.starts_with(behind)
                                 ? fmt::format("{} behind {}", skip.attack, skip.target.substr(behind.size()))
                                 : skip.attack,
                             skip.reason});
  }
}

}  // namespace ringfort
