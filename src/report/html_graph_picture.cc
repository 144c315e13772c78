#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/html_graph_picture_internal.h"
#include "report/html_text_internal.h"
#include "report/reasoning_words_internal.h"

namespace ringfort {
namespace {

constexpr std::size_t kAssetLetters = 23;
constexpr std::size_t kStateLetters = 20;

// In the direction in which information flows along the tie.
std::string_view TieWords(Relation relation) {
  switch (relation) {
    case Relation::kTrainedOn: return "trains";
    case Relation::kServes: return "answers through";
    case Relation::kDependsOn: return "is used by";
    case Relation::kLogsTo: return "is logged to";
  }
  return "";
}

// The beginning of a text that fits, by characters of its printable form.
std::string Fit(std::string_view text, std::size_t letters) {
  const std::string printable = Printable(text);
  std::size_t seen = 0;
  for (std::size_t i = 0; i < printable.size(); ++i) {
    if ((static_cast<unsigned char>(printable[i]) & 0xC0) == 0x80) continue;
    if (seen++ == letters) return Escape(printable.substr(0, i)) + "\xe2\x80\xa6";
  }
  return Escape(printable);
}

std::string FitWords(std::string_view text, std::size_t letters) {
  std::string words(text);
  std::replace(words.begin(), words.end(), '_', ' ');
  return Fit(words, letters);
}

std::string Percent(double value) {
  if (!std::isfinite(value)) return "?";
  if (value > 0 && value < 0.005) return "&lt;0.01";
  return fmt::format("{:.2f}", value);
}

// The shape of a ground around a middle.
std::string MarkAt(std::string_view ground, int x, int y, std::string_view style) {
  if (ground == "measured") return fmt::format("<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"5\"/>", style, x, y);
  if (ground == "published")
    return fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"9\" height=\"9\"/>", style, x - 4.5, y - 4.5);
  if (ground == "assumed")
    return fmt::format("<path class=\"{}\" d=\"M{} {}l5.5 5.5l-5.5 5.5l-5.5 -5.5z\"/>", style, x, y - 5.5);
  return fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"11\" height=\"3\"/>", style, x - 5.5, y - 1.5);
}

class Picture {
 public:
  Picture(const Assessment& assessment, const Reasoning& reasoning, const ReasoningIndex& index,
          const GraphLayout& layout, std::string_view name)
      : assessment_(assessment), reasoning_(reasoning), index_(index), layout_(layout), name_(name) {}

  std::string Write() {
    svg_ = fmt::format(
        "<svg class=\"attack {0}\" viewBox=\"0 0 {1} {2}\" width=\"{1}\" height=\"{2}\" data-width=\"{1}\" "
        "data-height=\"{2}\" role=\"group\" "
        "aria-label=\"The target's assets on the loop between data and models, and the states an attacker can bring "
        "about in them\"><defs>",
        name_, layout_.width, layout_.height);
    for (int i = 0; i < 5; ++i)
      svg_ += fmt::format(
          "<marker id=\"{0}-p{1}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
          "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"f{1}\" d=\"M0 0L8 4L0 8z\"/></marker>",
          name_, i);
    svg_ += fmt::format(
        "<marker id=\"{}-tie\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\" markerWidth=\"20\" markerHeight=\"20\" "
        "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"tie-tip\" d=\"M0 0L8 4L0 8z\"/></marker></defs>",
        name_);
    for (const GraphLayout::Band& band : layout_.bands) AddTie(band);
    for (const GraphLayout::Curve& curve : layout_.curves) AddCurve(curve);
    for (std::size_t i = 0; i < layout_.boxes.size(); ++i) AddBox(layout_.boxes[i]);
    for (const GraphLayout::Band& band : layout_.bands) svg_ += TieName(band);
    return svg_ + "</svg>";
  }

 private:
  void AddTie(const GraphLayout::Band& band) {
    const Tie& tie = assessment_.ties[band.tie];
    svg_ += fmt::format("<path class=\"tie\" d=\"{}\" marker-end=\"url(#{}-tie)\"><title>{} {} {}</title></path>",
                        band.path, name_, Escape(tie.from, 200), Words(Name(tie.relation)), Escape(tie.to, 200));
  }

  // A narrow picture has no room beside the line: the name of its source says which it is.
  std::string TieName(const GraphLayout::Band& band) const {
    if (!band.named) return "";
    const Tie& tie = assessment_.ties[band.tie];
    std::string words(TieWords(tie.relation));
    if (layout_.narrow)
      words = Fit(tie.relation == Relation::kLogsTo ? tie.from : tie.to, kAssetLetters - 8) + " " + words;
    return fmt::format("<text class=\"tie-name\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>", band.label_x,
                       band.label_y + 4, layout_.narrow ? "start" : "middle", words);
  }

  void AddCurve(const GraphLayout::Curve& curve) {
    const ReasonedStep& step = reasoning_.steps[curve.steps[0]];
    const int color = ProbabilityClass(Chance(step));
    std::string steps;
    bool loop = false;
    for (const std::size_t one : curve.steps) {
      steps += (steps.empty() ? "" : " ") + std::to_string(one);
      loop = loop || reasoning_.steps[one].loop_share > 0;
    }
    svg_ += fmt::format(
        "<path class=\"edge s{} {}{}{}\" d=\"{}\" marker-end=\"url(#{}-p{})\" data-from=\"{}\" data-to=\"{}\" "
        "data-steps=\"{}\" data-ground=\"{}\"/>",
        color, GroundOf(step), curve.best ? " best" : "", loop ? " loop-edge" : "", curve.path, name_, color,
        curve.from, curve.to, steps, GroundOf(step));
  }

  void AddBox(const GraphLayout::Box& box) {
    const Asset* asset = box.index < assessment_.assets.size() ? &assessment_.assets[box.index] : nullptr;
    const std::string_view kind = asset ? Name(asset->kind) : "not declared";
    svg_ += fmt::format(
        "<g class=\"box\" data-box=\"{}\"><rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
        "rx=\"12\"/><g class=\"head\"><title>{}</title><text class=\"name\" x=\"{}\" y=\"{}\">{}</text>"
        "<text class=\"kind\" x=\"{}\" y=\"{}\">{}{}</text></g>",
        box.index == ReasoningIndex::kNone ? std::string("none") : std::to_string(box.index), box.x, box.y,
        GraphLayout::kBoxWidth, box.height, Escape(box.asset), box.x + 14, box.y + 22, Fit(box.asset, kAssetLetters),
        box.x + 14, box.y + 38, kind,
        asset && !asset->artifacts.empty() ? fmt::format(", {}", Name(asset->verdict)) : "");
    if (box.rows.empty())
      svg_ += fmt::format("<text class=\"kind\" x=\"{}\" y=\"{}\">no step of the catalog leads here</text>", box.x + 14,
                          box.y + GraphLayout::kHeader + 16);
    for (const GraphLayout::Row& row : box.rows) AddRow(box, row);
    if (box.left_out > 0)
      svg_ += fmt::format("<text class=\"kind\" x=\"{}\" y=\"{}\">and {} more, less probable</text>", box.x + 14,
                          box.rows.back().y + GraphLayout::kRow + 4, box.left_out);
    svg_ += "</g>";
  }

  void AddRow(const GraphLayout::Box& box, const GraphLayout::Row& row) {
    const ReachedState& state = reasoning_.states[row.state];
    const double value = state.probability.value;
    const std::string_view ground = Name(state.probability.ground);
    const int color = ProbabilityClass(value);
    const int top = row.y - GraphLayout::kRow / 2;
    svg_ += fmt::format(
        "<g class=\"state{}{}\" data-state=\"{}\" data-ground=\"{}\"><title>{}, probability {}, {}{}{}</title>"
        "<rect class=\"hit\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>",
        state.observed ? " found" : "", index_.on_loop[row.state] ? " on-loop" : "", row.state, ground,
        Escape(StateName(reasoning_, row.state), 300), Percent(value), ground, state.observed ? ", found here" : "",
        row.open_to_all ? ", open to anybody" : "", box.x + 4, top, GraphLayout::kBoxWidth - 8, GraphLayout::kRow - 1);
    if (row.open_to_all) svg_ += fmt::format("<path class=\"entry\" d=\"M{} {}l8 5l-8 5z\"/>", box.x - 4, row.y - 5);
    svg_ += MarkAt(ground, box.x + 18, row.y, fmt::format("mark f{}", color));
    svg_ += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>", box.x + 32, row.y + 4,
                        FitWords(state.capability, kStateLetters));
    if (state.observed) {
      svg_ += fmt::format(
          "<rect class=\"pill\" x=\"{}\" y=\"{}\" width=\"80\" height=\"17\" rx=\"8.5\"/>"
          "<text class=\"pill\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">found here</text>",
          box.x + 176, row.y - 8.5, box.x + 216, row.y + 4);
    } else {
      const double share = std::isfinite(value) ? std::clamp(value, 0.0, 1.0) : 0;
      svg_ += fmt::format(
          "<rect class=\"rail\" x=\"{0}\" y=\"{1}\" width=\"34\" height=\"6\" rx=\"3\"/>"
          "<rect class=\"f{2}\" x=\"{0}\" y=\"{1}\" width=\"{3:.1f}\" height=\"6\" rx=\"3\"/>"
          "<text class=\"number\" x=\"{4}\" y=\"{5}\" text-anchor=\"end\">{6}</text>",
          box.x + 182, row.y - 3, color, std::max(share > 0 ? 3.0 : 0.0, 34 * share), box.x + 258, row.y + 4,
          Percent(value));
    }
    svg_ += "</g>";
  }

  const Assessment& assessment_;
  const Reasoning& reasoning_;
  const ReasoningIndex& index_;
  const GraphLayout& layout_;
  const std::string_view name_;
  std::string svg_;
};

}  // namespace

int ProbabilityClass(double probability) {
  constexpr std::array kFrom = {0.05, 0.25, 0.5, 0.75};
  int color = 0;
  for (const double bound : kFrom) color += probability >= bound ? 1 : 0;
  return color;
}

std::string GroundMark(std::string_view ground) {
  return "<svg class=\"ground-mark\" viewBox=\"0 0 12 12\" aria-hidden=\"true\">" + MarkAt(ground, 6, 6, "mark") +
         "</svg>";
}

std::string GroundTag(std::string_view ground) {
  return fmt::format("<span class=\"ground\">{}{}</span>", GroundMark(ground), ground);
}

std::string LevelBar(double value, std::string_view style) {
  const double share = std::isfinite(value) ? std::clamp(value, 0.0, 1.0) : 0;
  return fmt::format(
      "<svg class=\"level\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect "
      "class=\"rail\" width=\"100\" height=\"8\"/><rect class=\"{}\" width=\"{:.1f}\" height=\"8\"/></svg>",
      style, 100 * share);
}

std::string ProbabilityBar(double value) { return LevelBar(value, fmt::format("f{}", ProbabilityClass(value))); }

std::string GraphPicture(const Assessment& assessment, const Reasoning& reasoning, const ReasoningIndex& index,
                         const GraphLayout& layout, std::string_view name) {
  return Picture(assessment, reasoning, index, layout, name).Write();
}

}  // namespace ringfort
