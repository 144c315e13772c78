#include <fmt/format.h>

#include <algorithm>

#include "report/html_attack_pictures_internal.h"
#include "report/html_attacks_internal.h"
#include "report/html_text_internal.h"
#include "report/reasoning_words_internal.h"

namespace ringfort {
namespace {

constexpr std::size_t kMostModels = 50;
constexpr std::size_t kMostRows = 60;

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
      "<h4>Tried on the model</h4><div "
      "class=\"scroll\"><table><thead><tr><th>Attack</th><th>Texts</th><th>Judge</th><th "
      "class=\"number\">Succeeded</th><th class=\"number\">Rate</th><th class=\"number\">By the defense</th><th "
      "class=\"number\">Unjudged</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < model.success.size() && i < kMostRows; ++i) {
    const SuccessFigure& figure = model.success[i];
    html += fmt::format(
        "<tr><td>{}{}</td><td>{}</td><td>{}{}</td><td class=\"number\">{} of {}</td><td class=\"number\">{}</td><td "
        "class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
        AttackName(figure.attack, figure.defense), Left(figure.errors, figure.missing), Words(figure.label),
        Words(figure.judge), figure.uncalibrated ? "<small>uncalibrated</small>" : "", figure.succeeded, figure.judged,
        figure.judged > 0 ? Interval(figure.rate) : "-", Change(figure.above_undefended), figure.unjudged);
  }
  html += "</tbody></table></div>" + More(model.success.size(), kMostRows);
  if (std::ranges::any_of(model.success, &SuccessFigure::uncalibrated))
    html +=
        "<p class=\"note\">Uncalibrated: how often that judge errs is not known, so neither is how far its rate lies "
        "from the true one.</p>";
  return html;
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

std::string FlowTable(const AttackedModel& model) {
  if (model.flows.empty()) return "";
  std::string html =
      "<h4>Worth in bits</h4><div class=\"scroll\"><table><thead><tr><th>Attack</th><th>Secret</th><th "
      "class=\"number\">Choices</th><th class=\"number\">Bits a try</th><th class=\"number\">Bits a question</th>"
      "<th>Reading</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < model.flows.size() && i < kMostRows; ++i) {
    const FlowFigure& figure = model.flows[i];
    html += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td "
        "class=\"number\">{}</td><td>{}</td></tr>",
        AttackName(figure.attack, figure.defense), figure.label.empty() ? "membership" : Words(figure.label),
        fmt::format("{:.0f}", figure.choices), Interval(figure.bits),
        figure.queries > 0 ? NumberText(figure.bits.value / figure.queries) : "-", ReadingBadge(figure.reading));
  }
  return html + "</tbody></table></div>" + More(model.flows.size(), kMostRows) +
         "<p class=\"note\">Each attack as a channel. Membership: the capacity of the decision at the median score. "
         "Secrets: what the answers tell at least (Fano). Times questions a second they are a rate.</p>";
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
  const auto figures = BareFigures(model, false), blind = BareFigures(model, true);
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
    if (figure.defense.empty() && figure.succeeded > 0 && ByDefinition(figure))
      text += fmt::format("By {} it gave away {} of {} ({}). ", Words(figure.attack), figure.succeeded, figure.judged,
                          Words(figure.label));
  return text;
}

std::string Model(const AttackedModel& model) {
  std::string html = fmt::format(
      "<div class=\"card\"><h3>{}<small>{}, {}</small></h3><p class=\"say\">{}</p><p class=\"note\">{} of {} trials, "
      "{} "
      "questions, {} tokens</p>",
      Escape(model.asset, 200), Escape(model.source, 200), Words(model.engine), Conclusion(model), model.made,
      model.listed, model.queries, model.tokens);
  for (const std::string& trouble : model.troubles)
    html += fmt::format("<p class=\"say\">{} {}</p>", Badge("incomplete", "not finished"), Escape(trouble, 500));
  html += AttackPictures(model);
  html += MembershipTable(model) + SuccessTable(model) + TakenTable(model) + FlowTable(model) + NumberTable(model) +
          CurveTable(model);
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
