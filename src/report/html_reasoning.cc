#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/graph_layout_internal.h"
#include "report/html_graph_picture_internal.h"
#include "report/html_reasoning_internal.h"
#include "report/html_text_internal.h"
#include "report/reasoning_words_internal.h"

namespace ringfort {
namespace {

constexpr std::size_t kMostWays = 12;
constexpr std::size_t kMostWaySteps = 30;
constexpr std::size_t kMostLoopSteps = 8;
constexpr std::size_t kMostLoopStates = 24;

constexpr std::array<std::string_view, 4> kGrounds = {"measured", "published", "assumed", "definition"};
constexpr std::array<std::string_view, 5> kClasses = {"under 0.05", "to 0.25", "to 0.5", "to 0.75", "above"};

std::string Lead(const Reasoning& reasoning) {
  if (reasoning.states.empty()) return "No step of the catalog leads to any asset of this target.";
  std::size_t found = 0;
  const ReachedState* next = nullptr;
  std::size_t number = 0;
  for (std::size_t i = 0; i < reasoning.states.size(); ++i) {
    const ReachedState& state = reasoning.states[i];
    if (state.observed)
      ++found;
    else if (next == nullptr || state.probability.value > next->probability.value) {
      next = &state;
      number = i;
    }
  }
  std::string text = fmt::format("An attacker can bring about {}", Plural(reasoning.states.size(), "state"));
  text += found > 0 ? fmt::format(", {} of them found here already.", found) : "; none was found here already.";
  if (next != nullptr)
    text += fmt::format(" The likeliest {}is {}: {} ({}).", found > 0 ? "to follow " : "", StateLink(reasoning, number),
                        NumberText(next->probability.value), Name(next->probability.ground));
  return text;
}

std::string Tools(const Reasoning& reasoning) {
  std::string html =
      "<div class=\"tools\" hidden><span class=\"group\"><button type=\"button\" data-zoom=\"in\" aria-label=\"Zoom "
      "in\">+</button><button type=\"button\" data-zoom=\"out\" aria-label=\"Zoom out\">&minus;</button>"
      "<button type=\"button\" data-zoom=\"fit\">Fit</button></span><span class=\"group\">";
  for (const std::string_view ground : kGrounds)
    html += fmt::format(
        "<button type=\"button\" class=\"toggle\" data-show-ground=\"{0}\" aria-pressed=\"true\">{1}{0}</button>",
        ground, GroundMark(ground));
  html += "</span><span class=\"group\">";
  if (!reasoning.loop.empty())
    html += "<button type=\"button\" class=\"toggle\" id=\"show-loop\" aria-pressed=\"false\">The loop</button>";
  html += "<button type=\"button\" class=\"toggle\" id=\"show-all\" aria-pressed=\"false\">Every step</button>";
  if (!reasoning.ways.empty()) {
    html += "<select id=\"way\" aria-label=\"Show a way on the graph\"><option value=\"\">Show a way</option>";
    for (std::size_t i = 0; i < reasoning.ways.size() && i < kMostWays; ++i)
      html += fmt::format("<option value=\"{}\">{}. {} ({})</option>", i, i + 1,
                          Escape(StateName(reasoning, reasoning.ways[i].goal), 60),
                          NumberText(reasoning.ways[i].probability));
    html += "</select>";
  }
  return html + "</span></div>";
}

std::string Legend() {
  std::string html = "<div class=\"legend\"><dl><dt>Probability</dt><dd class=\"swatches\">";
  for (std::size_t i = 0; i < kClasses.size(); ++i)
    html += fmt::format(
        "<span><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><rect class=\"f{}\" width=\"26\" height=\"10\" "
        "rx=\"3\"/></svg>{}</span>",
        i, kClasses[i]);
  html += "</dd><dt>Ground</dt><dd>";
  constexpr std::array<std::string_view, 4> kMeanings = {"here, by evidence or by reading the target",
                                                         "by the source that the catalog names", "our judgment",
                                                         "follows; nothing to measure"};
  for (std::size_t i = 0; i < kGrounds.size(); ++i)
    html += fmt::format(
        "<span>{}<svg class=\"line\" viewBox=\"0 0 34 10\" aria-hidden=\"true\"><path class=\"edge best s4 {}\" "
        "d=\"M1 5H33\"/></svg><b>{}</b> {}</span>",
        GroundMark(kGrounds[i]), kGrounds[i], kGrounds[i], kMeanings[i]);
  html +=
      "</dd><dt>Signs</dt><dd><span><svg class=\"line\" viewBox=\"0 0 34 12\" aria-hidden=\"true\"><path class=\"tie\" "
      "d=\"M1 6H33\"/></svg>how the assets are tied</span><span><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><path "
      "class=\"entry\" d=\"M2 1l8 5l-8 5z\"/></svg>open to anybody</span><span><svg class=\"line\" viewBox=\"0 0 34 "
      "12\" aria-hidden=\"true\"><path class=\"edge best loop-edge s4\" d=\"M1 6H33\"/></svg>carries the "
      "loop</span></dd></dl></div>";
  return html;
}

std::string LeftOut(const GraphLayout& layout) {
  std::string text;
  const auto add = [&](std::size_t count, std::string_view noun) {
    if (count > 0) text += (text.empty() ? "" : ", ") + Plural(count, noun);
  };
  add(layout.boxes_left_out, "asset");
  add(layout.states_left_out, "state");
  add(layout.curves_left_out, "edge");
  add(layout.bands_left_out, "tie");
  return text.empty() ? text : fmt::format("<p class=\"note\">Not drawn: {}. The JSON report holds all.</p>", text);
}

std::string Graph(const ReasoningPage& page) {
  const GraphLayout loop = LayOutGraph(page.assessment, page.reasoning, page.index, GraphShape::kLoop);
  const GraphLayout tall = LayOutGraph(page.assessment, page.reasoning, page.index, GraphShape::kTall);
  if (loop.boxes.empty()) return "";
  return fmt::format(
      "<div class=\"card reach\">{}<div class=\"stage\"><div class=\"canvas\">{}{}</div>"
      "<aside id=\"detail\" aria-live=\"polite\" hidden><p class=\"note\">Point at a state to see what leads to it and "
      "what follows; choose it, or an asset's name, to read about it here. Arrow keys walk from state to state, "
      "<kbd>+</kbd> <kbd>&minus;</kbd> <kbd>0</kbd> zoom, dragging moves, <kbd>Esc</kbd> lets go.</p></aside></div>{}{}"
      "</div>\n",
      Tools(page.reasoning), GraphPicture(page.assessment, page.reasoning, page.index, loop, "loop-graph"),
      GraphPicture(page.assessment, page.reasoning, page.index, tall, "tall-graph"), Legend(), LeftOut(loop));
}

std::string Ways(const Reasoning& reasoning) {
  if (reasoning.ways.empty()) return "";
  std::string html = "<h3>The likeliest ways to the worst states</h3><div class=\"ways\">";
  for (std::size_t i = 0; i < reasoning.ways.size() && i < kMostWays; ++i)
    html += WayCard(reasoning, reasoning.ways[i], i);
  html += "</div>";
  if (reasoning.ways.size() > kMostWays)
    html += fmt::format("<p class=\"note\">{} more are in the JSON report.</p>", reasoning.ways.size() - kMostWays);
  return html;
}

std::string LoopWords(double gain) {
  if (!std::isfinite(gain)) return "The loop gain could not be computed.";
  if (gain <= 0) return "No loop is closed: what an attacker gains never comes back as a new start.";
  if (gain < 1)
    return fmt::format(
        "Below 1: each round brings an attacker less than the one before, {:.0f} % of it on average. A success dies "
        "out by itself.",
        100 * gain);
  return "1 or more: one success breeds, on average, at least another. Defenses off the loop then only delay; weaken "
         "an edge that carries it.";
}

// From 0 to 2, with a line at 1.
std::string GainScale(double gain) {
  const double at = std::isfinite(gain) ? std::clamp(gain, 0.0, 2.0) * 100 : 0;
  return fmt::format(
      "<svg class=\"gain\" viewBox=\"-6 0 212 34\" role=\"img\" aria-label=\"Loop gain on a scale from 0 to 2\"><rect "
      "class=\"rail\" y=\"4\" width=\"200\" height=\"10\" rx=\"5\"/><rect class=\"{}\" y=\"4\" width=\"{:.1f}\" "
      "height=\"10\" rx=\"5\"/><path class=\"one\" d=\"M100 0V18\"/><text x=\"0\" y=\"31\">0</text><text x=\"100\" "
      "y=\"31\" text-anchor=\"middle\">1</text><text x=\"200\" y=\"31\" text-anchor=\"end\">2</text></svg>",
      gain >= 1 ? "f4" : "f2", at);
}

std::string LoopGain(const Reasoning& reasoning) {
  std::vector<std::size_t> carry;
  for (std::size_t i = 0; i < reasoning.steps.size(); ++i)
    if (reasoning.steps[i].loop_share > 0) carry.push_back(i);
  std::stable_sort(carry.begin(), carry.end(), [&](std::size_t a, std::size_t b) {
    return reasoning.steps[a].loop_share > reasoning.steps[b].loop_share;
  });
  std::string html = fmt::format(
      "<h3>Does a success feed the next?</h3><div class=\"card gain-card\"><div><p class=\"huge\">{}</p>{}<p "
      "class=\"note\">loop gain, {}</p></div><div><p>{}</p>",
      NumberText(reasoning.loop_gain), GainScale(reasoning.loop_gain), GroundTag(LoopGround(reasoning)),
      LoopWords(reasoning.loop_gain));
  if (!carry.empty()) {
    html +=
        "<h5>The edges that carry it<small>how much the gain grows with the step's chance</small></h5><ul "
        "class=\"carriers\">";
    const double most = reasoning.steps[carry[0]].loop_share;
    for (std::size_t i = 0; i < carry.size() && i < kMostLoopSteps; ++i) {
      const ReasonedStep& step = reasoning.steps[carry[i]];
      html += fmt::format("<li>{}<b>{}</b><span>{}<small>yields {}</small></span></li>",
                          LevelBar(std::isfinite(most) ? step.loop_share / most : 0), NumberText(step.loop_share),
                          StepLine(step), StateLink(reasoning, step.gains));
    }
    if (carry.size() > kMostLoopSteps)
      html += fmt::format("<li class=\"note\">and {} more</li>", carry.size() - kMostLoopSteps);
    html += "</ul>";
  }
  if (!reasoning.loop.empty()) {
    html += "<h5>The states on it</h5><p class=\"chips\">";
    for (std::size_t i = 0; i < reasoning.loop.size() && i < kMostLoopStates; ++i)
      html += fmt::format("<span class=\"chip\">{}</span>", StateLink(reasoning, reasoning.loop[i]));
    if (reasoning.loop.size() > kMostLoopStates)
      html += fmt::format("<span class=\"note\">and {} more</span>", reasoning.loop.size() - kMostLoopStates);
    html += "</p>";
  }
  return html + "</div></div>\n";
}

}  // namespace

std::string WayCard(const Reasoning& reasoning, const AttackWay& way, std::size_t number) {
  std::string steps;
  std::string list;
  for (std::size_t i = 0; i < way.steps.size() && i < kMostWaySteps; ++i) {
    if (way.steps[i] >= reasoning.steps.size()) continue;
    const ReasonedStep& step = reasoning.steps[way.steps[i]];
    steps += (steps.empty() ? "" : " ") + std::to_string(way.steps[i]);
    list += fmt::format("<li>{}<small>{}</small></li>", StepLine(step), StateLink(reasoning, step.gains));
  }
  if (way.steps.size() > kMostWaySteps)
    list += fmt::format("<li class=\"note\">and {} more steps</li>", way.steps.size() - kMostWaySteps);
  return fmt::format(
      "<article class=\"way\" data-way=\"{}\" data-goal=\"{}\" data-steps=\"{}\"><h4>{}</h4><p "
      "class=\"chance\">{}<b>{}</b>{}<span>cost {:g}, assumed</span></p><ol>{}</ol><button type=\"button\" hidden>Show "
      "on "
      "the graph</button></article>",
      number, way.goal < reasoning.states.size() ? std::to_string(way.goal) : std::string(), steps,
      StateLink(reasoning, way.goal), ProbabilityBar(way.probability), NumberText(way.probability),
      GroundTag(GroundOf(reasoning, way)), way.cost, list);
}

std::string ReasoningSection(const ReasoningPage& page) {
  const Reasoning& reasoning = page.reasoning;
  std::string html = fmt::format(
      "<section class=\"wide\" id=\"reach\"><h2>How far an attacker gets<small>by the catalog's steps, with this "
      "target's own assets</small></h2><p class=\"lead\">{}</p>",
      Lead(reasoning));
  html += fmt::format("<p class=\"lead note\">Most priors are assumed: read the order, not the digits.{}</p>\n",
                      reasoning.samples > 0 ? fmt::format(" Intervals are of the sampling alone ({} worlds, seed {}).",
                                                          reasoning.samples, reasoning.seed)
                                            : "");
  html += Graph(page);
  if (!reasoning.states.empty()) html += StateCards(page);
  html += Ways(reasoning);
  if (!reasoning.states.empty()) html += LoopGain(reasoning);
  html += LeakageTable(reasoning);
  html += DefenseParts(reasoning);
  return html + "</section>\n";
}

}  // namespace ringfort
