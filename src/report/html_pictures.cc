#include <fmt/format.h>

#include <algorithm>

#include "domain/axis.h"
#include "report/html_pictures_internal.h"

namespace ringfort {
namespace {

constexpr std::array kWorstFirst = {Verdict::kMalicious, Verdict::kSuspicious, Verdict::kIncomplete, Verdict::kClean};

struct AxisPicture {
  Axis axis;
  const char* path;
  int x, y;  // of the count
  int label_x, label_y;
  const char* anchor;
  const char* title;
  const char* examples;
};

// Data to the left, models to the right; each arrow ends at the box it yields.
constexpr std::array<AxisPicture, 4> kAxes = {{
    {Axis::kDataToModel, "M 262 102 C 320 44, 456 44, 514 95", 388, 59, 388, 20, "middle", "Data to model",
     "poisoning, backdoors, injection, jailbreaks"},
    {Axis::kModelToData, "M 518 198 C 456 256, 320 256, 266 205", 388, 241, 388, 284, "middle", "Model to data",
     "membership inference, inversion, leaks"},
    {Axis::kDataToData, "M 188 124 C 110 76, 110 224, 181 180", 129, 150, 100, 148, "end", "Data to data",
     "decryption, unmarking"},
    {Axis::kModelToModel, "M 592 124 C 670 76, 670 224, 599 180", 651, 150, 680, 148, "start", "Model to model",
     "tampering, extraction"},
}};

}  // namespace

std::string VerdictRing(const ScanSummary& summary) {
  std::string svg =
      "<svg class=\"ring\" viewBox=\"0 0 120 120\" role=\"img\" aria-label=\"Artifacts by verdict\">"
      "<circle class=\"track\" cx=\"60\" cy=\"60\" r=\"48\"/>";
  double at = 0;
  for (const Verdict verdict : kWorstFirst) {
    const std::uint64_t count = summary.verdicts[static_cast<std::size_t>(verdict)];
    if (count == 0) continue;
    const double share = 100.0 * static_cast<double>(count) / static_cast<double>(summary.artifacts);
    svg += fmt::format(
        "<circle class=\"arc {}\" cx=\"60\" cy=\"60\" r=\"48\" pathLength=\"100\" stroke-dasharray=\"{:.3f} {:.3f}\" "
        "stroke-dashoffset=\"{:.3f}\" transform=\"rotate(-90 60 60)\"/>",
        Name(verdict), share, 100 - share, -at);
    at += share;
  }
  svg += fmt::format(
      "<text class=\"big\" x=\"60\" y=\"62\" text-anchor=\"middle\">{}</text>"
      "<text class=\"small\" x=\"60\" y=\"79\" text-anchor=\"middle\">file{}</text></svg>",
      summary.artifacts, summary.artifacts == 1 ? "" : "s");
  return svg;
}

std::string SeverityBars(const ScanSummary& summary) {
  const std::uint64_t most =
      std::max<std::uint64_t>(1, *std::max_element(summary.severities.begin(), summary.severities.end()));
  std::string svg = "<svg class=\"bars\" viewBox=\"0 0 300 120\" role=\"img\" aria-label=\"Findings by severity\">";
  int y = 6;
  for (std::size_t i = kSeverityNames.size(); i-- > 0; y += 29) {
    const std::uint64_t count = summary.severities[i];
    // A count that is not zero stays visible beside one that is a thousand times as large.
    const double length =
        count == 0 ? 0 : std::max(4.0, 180.0 * static_cast<double>(count) / static_cast<double>(most));
    svg += fmt::format(
        "<text class=\"label\" x=\"58\" y=\"{0}\" text-anchor=\"end\">{1}</text>"
        "<rect class=\"track\" x=\"68\" y=\"{2}\" width=\"180\" height=\"14\" rx=\"4\"/>"
        "<rect class=\"bar {1}\" x=\"68\" y=\"{2}\" width=\"{3:.1f}\" height=\"14\" rx=\"4\"/>"
        "<text class=\"value\" x=\"258\" y=\"{0}\">{4}</text>",
        y + 12, kSeverityNames[i], y + 1, length, count);
  }
  return svg + "</svg>";
}

std::string LoopPicture(const std::array<std::uint64_t, 4>& counts) {
  std::string svg =
      "<svg class=\"loop\" viewBox=\"-40 0 860 300\" role=\"img\" aria-label=\"Findings on the loop between data and "
      "models\">"
      "<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"8\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" "
      "orient=\"auto-start-reverse\"><path class=\"tip\" d=\"M 0 0 L 10 5 L 0 10 z\"/></marker>"
      "<marker id=\"hot\" viewBox=\"0 0 10 10\" refX=\"8\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" "
      "orient=\"auto-start-reverse\"><path class=\"tip hot\" d=\"M 0 0 L 10 5 L 0 10 z\"/></marker></defs>";
  for (const AxisPicture& one : kAxes) {
    const std::uint64_t count = counts[static_cast<std::size_t>(one.axis)];
    const char* heat = count > 0 ? " hot" : "";
    svg += fmt::format("<path class=\"arrow{}\" d=\"{}\" marker-end=\"url(#{})\"/>", heat, one.path,
                       count > 0 ? "hot" : "tip");
    svg += fmt::format(
        "<rect class=\"count{}\" x=\"{}\" y=\"{}\" width=\"40\" height=\"26\" rx=\"13\"/>"
        "<text class=\"count{}\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
        heat, one.x - 20, one.y - 13, heat, one.x, one.y + 5, count);
    svg += fmt::format(
        "<text class=\"axis\" x=\"{0}\" y=\"{1}\" text-anchor=\"{2}\">{3}</text>"
        "<text class=\"hint\" x=\"{0}\" y=\"{4}\" text-anchor=\"{2}\">{5}</text>",
        one.label_x, one.label_y - 4, one.anchor, one.title, one.label_y + 12, one.examples);
  }
  svg +=
      "<rect class=\"node\" x=\"190\" y=\"104\" width=\"130\" height=\"92\" rx=\"14\"/>"
      "<text class=\"node\" x=\"255\" y=\"156\" text-anchor=\"middle\">DATA</text>"
      "<rect class=\"node\" x=\"460\" y=\"104\" width=\"130\" height=\"92\" rx=\"14\"/>"
      "<text class=\"node\" x=\"525\" y=\"156\" text-anchor=\"middle\">MODEL</text></svg>";
  return svg;
}

}  // namespace ringfort
