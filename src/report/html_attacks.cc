#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "report/html_attacks_internal.h"
#include "report/html_chart_internal.h"
#include "report/html_text_internal.h"
#include "report/reasoning_words_internal.h"

namespace ringfort {
namespace {

constexpr std::size_t kMostModels = 50;
constexpr std::size_t kMostRows = 60;
constexpr std::size_t kMostCurves = 5;  // beside the blind baseline
constexpr std::size_t kMostTicks = 7;

std::string Interval(const Quantity& quantity) {
  return fmt::format("{} <small>{} to {}</small>", NumberText(quantity.value), NumberText(quantity.low),
                     NumberText(quantity.high));
}

std::string Interval(const std::optional<Quantity>& quantity, std::string_view otherwise) {
  return quantity ? Interval(*quantity) : std::string(otherwise);
}

// With a sign: a difference.
std::string Change(const std::optional<Quantity>& quantity) {
  if (!quantity) return "";
  return fmt::format("{:+.3f} <small>{:+.3f} to {:+.3f}</small>", quantity->value, quantity->low, quantity->high);
}

std::string AttackName(const std::string& attack, const std::string& defense) {
  return defense.empty() ? Words(attack) : fmt::format("{}<small>behind {}</small>", Words(attack), Words(defense));
}

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

// Those without a defense that have a score, the widest area first.
std::vector<const MembershipFigure*> Bare(const AttackedModel& model, bool blind) {
  std::vector<const MembershipFigure*> figures;
  for (const MembershipFigure& figure : model.membership)
    if (figure.scored && figure.defense.empty() && figure.blind == blind) figures.push_back(&figure);
  std::ranges::stable_sort(
      figures, [](const MembershipFigure* a, const MembershipFigure* b) { return a->auroc.value > b->auroc.value; });
  return figures;
}

std::string Figure(std::string_view caption, std::string_view aside, const std::string& chart,
                   const std::string& legend) {
  return fmt::format("<figure><figcaption>{}<small>{}</small></figcaption>{}{}</figure>", caption, aside, chart,
                     legend);
}

std::string RocPicture(const AttackedModel& model) {
  const auto figures = Bare(model, false), blind = Bare(model, true);
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
    for (const MembershipFigure* bare : Bare(model, blind)) {
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
  // Each attack and kind of texts, bare and behind the defenses.
  std::set<std::pair<std::string, std::string>> seen;
  for (const SuccessFigure& first : model.success) {
    if (!seen.emplace(first.attack, first.label).second || rows.size() >= kMostRows) continue;
    ChartRow heading;
    heading.name = fmt::format("{}: {}", Plain(first.attack), Plain(first.label));
    heading.heading = true;
    rows.push_back(std::move(heading));
    for (const SuccessFigure& figure : model.success)
      if (figure.attack == first.attack && figure.label == first.label && rows.size() < kMostRows) add(figure);
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
  const auto figures = Bare(model, false), blind = Bare(model, true);
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

std::string ReadingBadge(const std::string& reading) {
  return Badge(reading == "leaks"                                           ? "high"
               : reading == "no leak shown" || reading == "sets look alike" ? "clean"
                                                                            : "plain",
               Escape(reading, 40));
}

std::string More(std::size_t count, std::size_t shown) {
  return count > shown ? fmt::format("<p class=\"note\">{} more are in the JSON report.</p>", count - shown) : "";
}

std::string Left(std::uint64_t errors, std::uint64_t missing) {
  std::string text;
  if (errors > 0) text += fmt::format("<small>{} in error</small>", errors);
  if (missing > 0) text += fmt::format("<small>{} not tried</small>", missing);
  return text;
}

std::string MembershipTable(const AttackedModel& model) {
  if (model.membership.empty()) return "";
  std::string html =
      "<h4>Membership: is a text known to the model?</h4><div class=\"scroll\"><table><thead><tr><th>Attack</th>"
      "<th class=\"number\">AUROC</th><th class=\"number\">TPR at 1 % FPR</th><th class=\"number\">at 0.1 %</th>"
      "<th class=\"number\">Above blind</th><th class=\"number\">By the defense</th><th class=\"number\">Adjusted "
      "p</th>"
      "<th>Reading</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < model.membership.size() && i < kMostRows; ++i) {
    const MembershipFigure& figure = model.membership[i];
    html += fmt::format(
        "<tr><td>{}{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td "
        "class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>",
        AttackName(figure.attack, figure.defense), Left(figure.errors, figure.missing),
        figure.scored ? Interval(figure.auroc) : "-",
        figure.scored ? Interval(figure.at_one_percent, "too few texts") : "-",
        figure.scored ? Interval(figure.at_one_permille, "too few texts") : "-", Change(figure.above_blind),
        Change(figure.above_undefended), figure.scored ? NumberText(figure.adjusted) : "-",
        ReadingBadge(figure.reading));
  }
  html += "</tbody></table></div>" + More(model.membership.size(), kMostRows);
  html += fmt::format(
      "<p class=\"note\">An area of {} or more would be shown four times in five by so many texts. Adjusted p: of such "
      "an "
      "area if nothing leaks, over all lines of this model (Benjamini-Hochberg). The blind baseline never saw the "
      "model.</p>",
      NumberText(model.detectable_auroc));
  if (model.sets_differ)
    html += fmt::format(
        "<p class=\"note\">The two sets can be told apart without the model (by length alone: AUROC {}), so no score "
        "shows "
        "what it remembers. Draw members and held-out texts from one source.</p>",
        NumberText(model.length_auroc));
  return html;
}

std::string SuccessTable(const AttackedModel& model) {
  if (model.success.empty()) return "";
  std::string html =
      "<h4>Tried on the model</h4><div class=\"scroll\"><table><thead><tr><th>Attack</th><th>Texts</th><th "
      "class=\"number\">Succeeded</th><th class=\"number\">Rate</th><th class=\"number\">By the defense</th><th "
      "class=\"number\">Unjudged</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < model.success.size() && i < kMostRows; ++i) {
    const SuccessFigure& figure = model.success[i];
    html += fmt::format(
        "<tr><td>{}{}</td><td>{}</td><td class=\"number\">{} of {}</td><td class=\"number\">{}</td><td "
        "class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
        AttackName(figure.attack, figure.defense), Left(figure.errors, figure.missing), Words(figure.label),
        figure.succeeded, figure.judged, figure.judged > 0 ? Interval(figure.rate) : "-",
        Change(figure.above_undefended), figure.unjudged);
  }
  return html + "</tbody></table></div>" + More(model.success.size(), kMostRows);
}

std::string NumberTable(const AttackedModel& model) {
  if (model.numbers.empty()) return "";
  std::string html =
      "<h4>Numbers that attacks brought home</h4><div "
      "class=\"scroll\"><table><thead><tr><th>Attack</th><th>Texts</th><th "
      "class=\"number\">Samples</th><th class=\"number\">Mean</th><th class=\"number\">Least</th><th "
      "class=\"number\">Most</th><th>Unit</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < model.numbers.size() && i < kMostRows; ++i) {
    const NumberFigure& figure = model.numbers[i];
    const bool told = figure.samples > 0;
    html += fmt::format(
        "<tr><td>{}{}</td><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td "
        "class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td>{}</td></tr>",
        AttackName(figure.attack, figure.defense), Left(figure.errors, figure.missing), Words(figure.label),
        figure.samples, told ? Interval(figure.mean) : "-", told ? NumberText(figure.least) : "-",
        told ? NumberText(figure.most) : "-", Words(figure.unit));
  }
  return html + "</tbody></table></div>" + More(model.numbers.size(), kMostRows);
}

std::string TakenWords(const TakenFigure& figure) {
  if (figure.missing) return Badge("plain", "not tried");
  if (figure.outcome == Outcome::kError) return "no answer: " + Escape(figure.error, 200);
  const std::string found = fmt::format("<b>{:g}</b>", figure.found);
  if (figure.outcome == Outcome::kUnjudged) return found + ", and what is true is not known";
  return figure.outcome == Outcome::kSucceeded ? found + ", which is right"
                                               : fmt::format("{}, and it is {}", found, figure.truth);
}

std::string TakenTable(const AttackedModel& model) {
  if (model.taken.empty()) return "";
  std::string html =
      "<h4>Taken from the model itself</h4><div class=\"scroll\"><table><thead><tr><th>Attack</th><th>Found</th><th "
      "class=\"number\">Questions</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < model.taken.size() && i < kMostRows; ++i)
    html += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>",
                        AttackName(model.taken[i].attack, model.taken[i].defense), TakenWords(model.taken[i]),
                        model.taken[i].queries);
  return html + "</tbody></table></div>" + More(model.taken.size(), kMostRows);
}

// The numbers of the lines that no other table holds.
std::string CurveTable(const AttackedModel& model) {
  std::string rows;
  const auto figures = Bare(model, false), blind = Bare(model, true);
  for (const auto& chosen : {figures, blind})
    if (!chosen.empty())
      for (const MembershipFigure::Growth& step : chosen.front()->growth)
        rows +=
            fmt::format("<tr><td>AUROC of {}</td><td class=\"number\">{} texts</td><td class=\"number\">{}</td></tr>",
                        Words(chosen.front()->attack), step.texts, Interval(step.auroc));
  for (const TakenFigure& figure : model.taken)
    for (const FigurePoint& point : figure.curve)
      rows += fmt::format("<tr><td>{}: {}</td><td class=\"number\">{:g} {}</td><td class=\"number\">{:g}</td></tr>",
                          AttackName(figure.attack, figure.defense), Words(figure.gained), point.across,
                          Words(figure.spent), point.up);
  for (std::size_t i = 0; i < figures.size() + blind.size(); ++i) {
    if (i >= kMostCurves && i < figures.size()) continue;
    const MembershipFigure& figure = i < figures.size() ? *figures[i] : *blind[i - figures.size()];
    for (const FigurePoint& point : figure.curve)
      rows += fmt::format("<tr><td>ROC of {}</td><td class=\"number\">FPR {}</td><td class=\"number\">TPR {}</td></tr>",
                          Words(figure.attack), NumberText(point.across), NumberText(point.up));
  }
  if (rows.empty()) return "";
  return fmt::format(
      "<details><summary>The numbers of the lines</summary><div class=\"scroll\"><table><thead><tr><th>Line</th><th "
      "class=\"number\">After</th><th "
      "class=\"number\">Value</th></tr></thead><tbody>{}</tbody></table></div></details>",
      rows);
}

std::string Conclusion(const AttackedModel& model) {
  std::size_t leaks = 0, tried = 0;
  for (const MembershipFigure& figure : model.membership) {
    if (!figure.defense.empty() || figure.blind || !figure.scored) continue;
    ++tried;
    leaks += figure.reading == "leaks" ? 1 : 0;
  }
  std::string text;
  for (const TakenFigure& figure : model.taken)
    if (figure.defense.empty() && !figure.missing && figure.outcome == Outcome::kSucceeded)
      text += fmt::format("The {} was recovered exactly: {:g}. ", Words(figure.attack), figure.found);
  if (tried > 0 && leaks > 0)
    text += fmt::format(
        "{} of {} tell what it was trained on from what it was not, better than a baseline that never saw it: it "
        "leaks. ",
        leaks, Plural(tried, "membership attack"));
  else if (tried > 0 && !model.sets_differ)
    text += fmt::format("None of {} shows what it was trained on. ", Plural(tried, "membership attack"));
  else if (tried > 0)
    text += "The two sets of texts differ by themselves, so no score can show what it was trained on. ";
  for (const SuccessFigure& figure : model.success)
    if (figure.defense.empty() && figure.succeeded > 0)
      text += fmt::format("By {} it gave away {} of {} ({}). ", Words(figure.attack), figure.succeeded, figure.judged,
                          Words(figure.label));
  return text;
}

std::string Model(const AttackedModel& model) {
  const std::vector<std::string> defenses = DefensesOf(model);
  std::string html = fmt::format(
      "<div class=\"card\"><h3>{}<small>{}, {}</small></h3><p class=\"say\">{}</p><p class=\"note\">{} of {} trials, "
      "{} "
      "questions, {} tokens</p>",
      Escape(model.asset, 200), Escape(model.source, 200), Words(model.engine), Conclusion(model), model.made,
      model.listed, model.queries, model.tokens);
  for (const std::string& trouble : model.troubles)
    html += fmt::format("<p class=\"say\">{} {}</p>", Badge("incomplete", "not finished"), Escape(trouble, 500));
  std::string pictures =
      RocPicture(model) + AreaPicture(model, defenses) + GrowthPicture(model) + SuccessPicture(model, defenses);
  for (const TakenFigure& figure : model.taken)
    if (figure.defense.empty()) pictures += TakenPicture(model, figure, defenses);
  if (!pictures.empty()) html += fmt::format("<div class=\"plots\">{}</div>", pictures);
  html += MembershipTable(model) + SuccessTable(model) + TakenTable(model) + NumberTable(model) + CurveTable(model);
  if (!model.skipped.empty()) {
    html += "<h4>Not tried</h4><ul class=\"note\">";
    for (std::size_t i = 0; i < model.skipped.size() && i < kMostRows; ++i)
      html += fmt::format("<li>{}: {}</li>", Words(model.skipped[i].what), Escape(model.skipped[i].reason, 500));
    html += "</ul>" + More(model.skipped.size(), kMostRows);
  }
  return html + "</div>\n";
}

}  // namespace

std::string AttacksSection(const ModelAttacks& attacks) {
  std::string html = fmt::format(
      "<section class=\"models\" id=\"attacked\"><h2>What attacks on the models showed<small>{}</small></h2>",
      attacks.models.empty() ? "none was run" : Plural(attacks.models.size(), "model"));
  for (std::size_t i = 0; i < attacks.models.size() && i < kMostModels; ++i) html += Model(attacks.models[i]);
  html += More(attacks.models.size(), kMostModels);
  if (!attacks.left_out.empty()) {
    html +=
        "<div class=\"card tight\"><div class=\"scroll\"><table><thead><tr><th>Not "
        "run</th><th>What</th><th>Why</th></tr>"
        "</thead><tbody>";
    for (std::size_t i = 0; i < attacks.left_out.size() && i < kMostRows; ++i) {
      const NotAttacked& one = attacks.left_out[i];
      html +=
          fmt::format("<tr><td><b>{}</b></td><td class=\"mono\">{}</td><td>{} {}</td></tr>", Escape(one.asset, 200),
                      Escape(one.source, 200), one.failed ? Badge("incomplete", "failed") : Badge("plain", "left out"),
                      Escape(one.reason, 500));
    }
    html += "</tbody></table></div>" + More(attacks.left_out.size(), kMostRows) + "</div>\n";
  }
  return html + "</section>\n";
}

}  // namespace ringfort
