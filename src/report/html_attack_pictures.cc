#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "report/html_attack_pictures_internal.h"
#include "report/html_chart_internal.h"
#include "report/html_text_internal.h"

namespace ringfort {
namespace {

constexpr std::size_t kMostRows = 60;
constexpr std::size_t kMostTicks = 7;

std::string Plain(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

// The defenses of a model, in the order in which they first appear; each has its color.
std::vector<std::string> DefensesOf(const AttackedModel& model) {
  std::vector<std::string> defenses = {""};
  const auto add = [&](const std::string& defense) {
    if (std::ranges::find(defenses, defense) == defenses.end()) defenses.push_back(defense);
  };
  for (const MembershipFigure& figure : model.membership) add(figure.defense);
  for (const SuccessFigure& figure : model.success) add(figure.defense);
  for (const TakenFigure& figure : model.taken) add(figure.defense);
  return defenses;
}

std::size_t KindOf(const std::vector<std::string>& defenses, const std::string& defense) {
  const auto at = std::ranges::find(defenses, defense);
  return static_cast<std::size_t>(at - defenses.begin()) % kMostKinds;
}

std::string Figure(std::string_view caption, std::string_view aside, const std::string& chart,
                   const std::string& legend) {
  return fmt::format("<figure><figcaption>{}<small>{}</small></figcaption>{}{}</figure>", caption, aside, chart,
                     legend);
}

std::string RocPicture(const AttackedModel& model) {
  const auto figures = BareFigures(model, false), blind = BareFigures(model, true);
  if (figures.empty()) return "";
  std::vector<ChartLine> lines;
  double least = 1;
  std::string said;
  const auto add = [&](const MembershipFigure& figure, std::size_t kind) {
    ChartLine line;
    line.name = fmt::format("{} ({:.3f})", Plain(figure.attack), figure.auroc.value);
    line.kind = kind;
    line.stairs = true;
    line.points = figure.curve;
    least = std::min(least, 1 / static_cast<double>(std::max<std::uint64_t>(2, figure.held_out)));
    said += fmt::format("{}{}: AUROC {:.3f}", said.empty() ? "" : ", ", Plain(figure.attack), figure.auroc.value);
    lines.push_back(std::move(line));
  };
  for (std::size_t i = 0; i < figures.size() && i < kMostCurves; ++i) add(*figures[i], i);
  if (!blind.empty()) add(*blind.front(), kBaselineKind);
  const ChartAxis across = DecadeAxis("false-positive rate", least), up = DecadeAxis("true-positive rate", least);
  lines.push_back({"chance", kReferenceKind, {{across.low, across.low}, {1, 1}}, false, false, {}});
  return Figure("Who is told from whom",
                fmt::format("ROC on logarithmic axes{}; the left edge is what counts",
                            figures.size() > kMostCurves ? fmt::format(", the best {} attacks", kMostCurves) : ""),
                LineChart(fmt::format("ROC curves on logarithmic axes: {}", said), across, up, lines),
                ChartLegend(lines));
}

std::string AreaPicture(const AttackedModel& model, const std::vector<std::string>& defenses) {
  std::vector<ChartRow> rows;
  std::string said;
  const auto add = [&](const MembershipFigure& figure, bool inner) {
    if (rows.size() >= kMostRows) return;
    ChartRow row;
    row.name = Plain(inner ? figure.defense : figure.attack);
    row.inner = inner;
    row.kind = figure.blind ? kBaselineKind : KindOf(defenses, figure.defense);
    if (figure.scored) row.value = figure.auroc;
    if (figure.scored)
      said += fmt::format("{}{}{} {:.3f}", said.empty() ? "" : ", ", Plain(figure.attack),
                          inner ? " behind " + Plain(figure.defense) : "", figure.auroc.value);
    rows.push_back(std::move(row));
  };
  for (const bool blind : {false, true})
    for (const MembershipFigure* bare : BareFigures(model, blind)) {
      add(*bare, false);
      for (const MembershipFigure& figure : model.membership)
        if (!figure.defense.empty() && figure.attack == bare->attack && figure.seed == bare->seed) add(figure, true);
    }
  if (rows.empty()) return "";
  return Figure("How well, by attack and defense", "area under the curve with its 95 % interval; 0.5 is chance",
                WhiskerChart(fmt::format("Area under the ROC curve by attack and defense: {}", said),
                             ShareAxis("AUROC"), rows, 0.5),
                "");
}

std::string SuccessPicture(const AttackedModel& model, const std::vector<std::string>& defenses) {
  std::vector<ChartRow> rows;
  std::string said;
  const auto add = [&](const SuccessFigure& figure) {
    ChartRow row;
    row.name = figure.defense.empty() ? "no defense" : Plain(figure.defense);
    row.inner = true;
    row.kind = KindOf(defenses, figure.defense);
    if (figure.judged > 0) row.value = figure.rate;
    row.aside = fmt::format("{}/{}", figure.succeeded, figure.judged);
    said +=
        fmt::format("{}{} on {}{} {} of {}", said.empty() ? "" : ", ", Plain(figure.attack), Plain(figure.label),
                    figure.defense.empty() ? "" : " behind " + Plain(figure.defense), figure.succeeded, figure.judged);
    rows.push_back(std::move(row));
  };
  // Each attack, kind of texts and judge, bare and behind the defenses.
  std::set<std::array<std::string, 3>> seen;
  for (const SuccessFigure& first : model.success) {
    if (!seen.insert({first.attack, first.label, first.judge}).second || rows.size() >= kMostRows) continue;
    ChartRow heading;
    heading.name = fmt::format("{}: {}{}{}", Plain(first.attack), Plain(first.label),
                               ByDefinition(first) ? "" : ", judged by " + Plain(first.judge),
                               first.uncalibrated ? " (uncalibrated)" : "");
    heading.heading = true;
    rows.push_back(std::move(heading));
    for (const SuccessFigure& figure : model.success)
      if (figure.attack == first.attack && figure.label == first.label && figure.judge == first.judge &&
          rows.size() < kMostRows)
        add(figure);
  }
  if (std::ranges::none_of(rows, [](const ChartRow& row) { return row.value.has_value(); })) return "";
  return Figure("How often it worked", "share of successes with its 95 % interval",
                WhiskerChart(fmt::format("Share of successes by attack and defense: {}", said), ShareAxis("successes"),
                             rows, std::nullopt),
                "");
}

// Ticks at the points themselves, not too many.
ChartAxis SpentAxis(std::string title, const std::vector<FigurePoint>& points) {
  ChartAxis axis = {std::move(title), points.front().across, points.back().across, true, {}};
  const std::size_t step = (points.size() + kMostTicks - 1) / kMostTicks;
  for (std::size_t i = points.size(); i > 0; i -= std::min(i, step))
    axis.ticks.insert(axis.ticks.begin(), points[i - 1].across);
  return axis;
}

bool Rises(const std::vector<FigurePoint>& points) {
  return points.size() >= 2 && points.front().across > 0 &&
         std::ranges::is_sorted(points, std::less_equal<>{}, &FigurePoint::across) &&
         points.front().across < points.back().across;
}

std::string GrowthPicture(const AttackedModel& model) {
  const auto figures = BareFigures(model, false), blind = BareFigures(model, true);
  if (figures.empty() || figures.front()->growth.size() < 2) return "";
  std::vector<ChartLine> lines;
  const auto add = [&](const MembershipFigure& figure, std::size_t kind, bool whiskers) {
    ChartLine line;
    line.name = Plain(figure.attack);
    line.kind = kind;
    line.dots = true;
    for (const MembershipFigure::Growth& step : figure.growth) {
      line.points.push_back({static_cast<double>(step.texts), step.auroc.value});
      if (whiskers) line.spans.push_back(step.auroc);
    }
    lines.push_back(std::move(line));
  };
  add(*figures.front(), 0, true);
  if (!blind.empty() && !blind.front()->growth.empty()) add(*blind.front(), kBaselineKind, false);
  if (!Rises(lines[0].points)) return "";
  const ChartAxis across = SpentAxis("texts scored", lines[0].points);
  lines.push_back({"chance", kReferenceKind, {{across.low, 0.5}, {across.high, 0.5}}, false, false, {}});
  return Figure("What more texts show", "area of the best attack, with its 95 % interval, from a part of the texts",
                LineChart(fmt::format("Area under the ROC curve of {} from {:g} to {:g} texts: {:.3f} at the end",
                                      Plain(figures.front()->attack), across.low, across.high,
                                      figures.front()->growth.back().auroc.value),
                          across, ShareAxis("AUROC"), lines),
                ChartLegend(lines));
}

double NiceAbove(double value) {
  const double decade = std::pow(10.0, std::floor(std::log10(std::max(value, 1.0))));
  for (const double step : {1.0, 2.0, 2.5, 5.0, 10.0})
    if (step * decade >= value) return step * decade;
  return 10 * decade;
}

// Of one attack, bare and behind each defense.
std::string TakenPicture(const AttackedModel& model, const TakenFigure& bare,
                         const std::vector<std::string>& defenses) {
  std::vector<ChartLine> lines;
  double most = static_cast<double>(bare.truth), furthest = 0;
  const std::vector<FigurePoint>* longest = nullptr;
  std::string said;
  for (const TakenFigure& figure : model.taken) {
    if (figure.attack != bare.attack || figure.seed != bare.seed || !Rises(figure.curve)) continue;
    ChartLine line;
    line.name = figure.defense.empty() ? "no defense" : Plain(figure.defense);
    line.kind = KindOf(defenses, figure.defense);
    line.dots = true;
    line.points = figure.curve;
    for (const FigurePoint& point : figure.curve) most = std::max(most, point.up);
    if (figure.curve.back().across > furthest) furthest = figure.curve.back().across, longest = &figure.curve;
    said += fmt::format("{}{}: {:g} after {:g} {}", said.empty() ? "" : ", ", line.name, figure.curve.back().up,
                        figure.curve.back().across, figure.spent);
    lines.push_back(std::move(line));
  }
  if (longest == nullptr || !std::isfinite(most)) return "";
  const ChartAxis across = SpentAxis(bare.spent, *longest);
  ChartAxis up = {bare.gained, 0, NiceAbove(most), false, {}};
  for (int i = 0; i <= 5; ++i) up.ticks.push_back(up.high * i / 5);
  if (bare.truth > 0) {
    const auto truth = static_cast<double>(bare.truth);
    lines.push_back({fmt::format("the truth, {}", bare.truth),
                     kReferenceKind,
                     {{across.low, truth}, {across.high, truth}},
                     false,
                     false,
                     {}});
  }
  return Figure(fmt::format("What a budget buys: {}", Words(bare.attack)),
                fmt::format("{} against {}", Words(bare.gained), Words(bare.spent)),
                LineChart(fmt::format("{} against {}: {}", bare.gained, bare.spent, said), across, up, lines),
                ChartLegend(lines));
}

}  // namespace

std::vector<const MembershipFigure*> BareFigures(const AttackedModel& model, bool blind) {
  std::vector<const MembershipFigure*> figures;
  for (const MembershipFigure& figure : model.membership)
    if (figure.scored && figure.defense.empty() && figure.blind == blind) figures.push_back(&figure);
  std::ranges::stable_sort(
      figures, [](const MembershipFigure* a, const MembershipFigure* b) { return a->auroc.value > b->auroc.value; });
  return figures;
}

std::string AttackPictures(const AttackedModel& model) {
  const std::vector<std::string> defenses = DefensesOf(model);
  std::string pictures =
      RocPicture(model) + AreaPicture(model, defenses) + GrowthPicture(model) + SuccessPicture(model, defenses);
  for (const TakenFigure& figure : model.taken)
    if (figure.defense.empty()) pictures += TakenPicture(model, figure, defenses);
  return pictures.empty() ? "" : fmt::format("<div class=\"plots\">{}</div>", pictures);
}

}  // namespace ringfort
