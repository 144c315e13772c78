#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html_chart_internal.h"
#include "report/html_text_internal.h"

namespace ringfort {
namespace {

// The place of the lines in a picture, in its own units.
constexpr double kLeft = 58, kTop = 12, kWidth = 390, kHeight = 300;
constexpr double kNames = 178, kRows = 222, kRow = 24, kInset = 14;

std::string Number(double value) { return fmt::format("{:.4g}", value); }

double X(const ChartAxis& axis, double value) { return kLeft + kWidth * axis.Place(value); }
double Y(const ChartAxis& axis, double value) { return kTop + kHeight * (1 - axis.Place(value)); }

std::string Grid(const ChartAxis& across, const ChartAxis& up) {
  std::string svg;
  for (const double tick : across.ticks)
    svg += fmt::format(
        "<path class=\"grid\" d=\"M{0:.1f} {1}V{2}\"/><text x=\"{0:.1f}\" y=\"{3}\" "
        "text-anchor=\"middle\">{4}</text>",
        X(across, tick), kTop, kTop + kHeight, kTop + kHeight + 18, Number(tick));
  for (const double tick : up.ticks)
    svg += fmt::format(
        "<path class=\"grid\" d=\"M{0} {1:.1f}H{2}\"/><text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>",
        kLeft, Y(up, tick), kLeft + kWidth, kLeft - 8, Y(up, tick) + 4, Number(tick));
  svg += fmt::format("<text class=\"title\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>",
                     kLeft + kWidth / 2, kTop + kHeight + 40, Escape(across.title, 80));
  svg += fmt::format(
      "<text class=\"title\" transform=\"translate(14 {:.0f}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
      kTop + kHeight / 2, Escape(up.title, 80));
  return svg;
}

std::string Line(const ChartAxis& across, const ChartAxis& up, const ChartLine& line) {
  std::string svg;
  for (std::size_t i = 0; i < line.spans.size() && i < line.points.size(); ++i)
    svg += fmt::format("<path class=\"spread k{}\" d=\"M{:.1f} {:.1f}V{:.1f}\"/>", line.kind,
                       X(across, line.points[i].across), Y(up, line.spans[i].low), Y(up, line.spans[i].high));
  std::string path;
  for (const FigurePoint& point : line.points) {
    const double x = X(across, point.across), y = Y(up, point.up);
    if (path.empty())
      path = fmt::format("M{:.1f} {:.1f}", x, y);
    else
      path += line.stairs ? fmt::format("H{:.1f}V{:.1f}", x, y) : fmt::format("L{:.1f} {:.1f}", x, y);
  }
  svg += fmt::format("<path class=\"line k{}\" d=\"{}\"/>", line.kind, path);
  if (line.dots)
    for (const FigurePoint& point : line.points)
      svg += fmt::format("<circle class=\"dot k{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/>", line.kind,
                         X(across, point.across), Y(up, point.up));
  return svg;
}

}  // namespace

double ChartAxis::Place(double value) const {
  if (std::isnan(value) || !(value > low)) return 0;
  if (value >= high) return 1;
  return logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
}

ChartAxis DecadeAxis(std::string title, double low) {
  const int decades = std::clamp(static_cast<int>(std::ceil(-std::log10(low) - 1e-9)), 1, 6);
  ChartAxis axis = {std::move(title), std::pow(10.0, -decades), 1, true, {}};
  for (int decade = decades; decade >= 0; --decade) axis.ticks.push_back(std::pow(10.0, -decade));
  return axis;
}

ChartAxis ShareAxis(std::string title) { return {std::move(title), 0, 1, false, {0, 0.2, 0.4, 0.6, 0.8, 1}}; }

std::string LineChart(const std::string& label, const ChartAxis& across, const ChartAxis& up,
                      std::span<const ChartLine> lines) {
  std::string svg =
      fmt::format("<svg class=\"chart\" viewBox=\"0 0 466 360\" role=\"img\" aria-label=\"{}\">", Escape(label));
  svg += Grid(across, up);
  // The first on top.
  for (std::size_t i = lines.size(); i-- > 0;)
    if (!lines[i].points.empty()) svg += Line(across, up, lines[i]);
  return svg + "</svg>";
}

std::string ChartLegend(std::span<const ChartLine> lines) {
  std::string html = "<ul class=\"keys\">";
  for (const ChartLine& line : lines)
    html += fmt::format(
        "<li><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\"><path class=\"line k{}\" d=\"M1 5H29\"/></svg>{}</li>",
        line.kind, Escape(line.name, 120));
  return html + "</ul>";
}

std::string WhiskerChart(const std::string& label, const ChartAxis& across, std::span<const ChartRow> rows,
                         std::optional<double> mark) {
  const double bottom = kTop + kRow * static_cast<double>(rows.size());
  const auto x = [&](double value) { return kNames + kRows * across.Place(value); };
  std::string svg = fmt::format("<svg class=\"chart\" viewBox=\"0 0 466 {:.0f}\" role=\"img\" aria-label=\"{}\">",
                                bottom + 48, Escape(label));
  for (const double tick : across.ticks)
    svg += fmt::format(
        "<path class=\"grid\" d=\"M{0:.1f} {1}V{2:.0f}\"/><text x=\"{0:.1f}\" y=\"{3:.0f}\" "
        "text-anchor=\"middle\">{4}</text>",
        x(tick), kTop, bottom, bottom + 18, Number(tick));
  if (mark)
    svg += fmt::format("<path class=\"line k{}\" d=\"M{:.1f} {}V{:.0f}\"/>", kReferenceKind, x(*mark), kTop, bottom);
  double y = kTop + kRow / 2;
  for (const ChartRow& row : rows) {
    svg += fmt::format("<text class=\"{}\" x=\"{:.0f}\" y=\"{:.1f}\">{}</text>", row.inner ? "inner" : "name",
                       row.inner ? kInset : 0.0, y + 4, Escape(row.name, row.heading ? 60 : 26));
    if (row.value)
      svg += fmt::format(
          "<path class=\"spread k{0}\" d=\"M{1:.1f} {2:.1f}H{3:.1f}M{1:.1f} {4:.1f}v8M{3:.1f} {4:.1f}v8\"/>"
          "<circle class=\"dot k{0}\" cx=\"{5:.1f}\" cy=\"{2:.1f}\" r=\"4.5\"/>"
          "<text class=\"value\" x=\"{6:.0f}\" y=\"{7:.1f}\">{8}</text>",
          row.kind, x(row.value->low), y, x(row.value->high), y - 4, x(row.value->value), kNames + kRows + 12, y + 4,
          row.aside.empty() ? fmt::format("{:.3f}", row.value->value) : Escape(row.aside, 20));
    else if (!row.heading)
      svg +=
          fmt::format("<text class=\"inner\" x=\"{:.0f}\" y=\"{:.1f}\">not shown</text>", kNames + kRows + 12, y + 4);
    y += kRow;
  }
  svg += fmt::format("<text class=\"title\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>",
                     kNames + kRows / 2, bottom + 38, Escape(across.title, 80));
  return svg + "</svg>";
}

const std::string_view kChartStyle = R"css(
:root{--k0:#2457c5;--k1:#c2500c;--k2:#0b7a6b;--k3:#7a3fc0;--k4:#b4172d;--k5:#7d6500;--k6:#6a7686;--k7:#97a3b2;--gridline:#e3e8ee}
@media (prefers-color-scheme:dark){:root{--k0:#7aa2ff;--k1:#f3914f;--k2:#46c2ae;--k3:#b99af0;--k4:#f0616f;--k5:#d6bb4c;--k6:#93a0b0;--k7:#6b7888;--gridline:#26303c}}
.models h3{margin:0 0 2px;font-size:16px;overflow-wrap:anywhere}.models h3 small{color:var(--soft);font-weight:400;font-size:13px;margin-left:8px}
.models h4{margin:22px 0 6px;font-size:14.5px}.models .card{margin:0 0 16px}
.models .say{margin:0 0 4px}.models .note{font-size:13.5px;margin:6px 0}
.models .scroll table{font-size:13.5px}.models .scroll th,.models .scroll td{padding:7px 10px}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:10px 26px;align-items:start}
.plots figure{margin:8px 0;min-width:0}.plots figcaption{font-size:13.5px;font-weight:600;margin:0 0 6px}
.plots figcaption small{display:block;color:var(--soft);font-weight:400}
.chart{width:100%;max-width:660px;height:auto}
.chart text{font-size:12.5px;fill:var(--soft)}.chart .name{fill:var(--ink);font-weight:600}.chart .value{fill:var(--ink);font-variant-numeric:tabular-nums}
.chart .title{font-size:13px}
.chart .grid{stroke:var(--gridline);stroke-width:1;fill:none}
.chart .line,.keys .line{fill:none;stroke-width:2.2;stroke-linejoin:round}.chart .spread{fill:none;stroke-width:1.8}.chart .dot{stroke:var(--card);stroke-width:1.2}
.k0{stroke:var(--k0)}.k1{stroke:var(--k1)}.k2{stroke:var(--k2)}.k3{stroke:var(--k3)}.k4{stroke:var(--k4)}.k5{stroke:var(--k5)}.k6{stroke:var(--k6)}.k7{stroke:var(--k7)}
.dot.k0{fill:var(--k0)}.dot.k1{fill:var(--k1)}.dot.k2{fill:var(--k2)}.dot.k3{fill:var(--k3)}.dot.k4{fill:var(--k4)}.dot.k5{fill:var(--k5)}.dot.k6{fill:var(--k6)}.dot.k7{fill:var(--k7)}
.line.k1{stroke-dasharray:11 3}.line.k2{stroke-dasharray:7 4}.line.k3{stroke-dasharray:9 3 2 3}.line.k4{stroke-dasharray:4 3}.line.k5{stroke-dasharray:12 3 2 3 2 3}
.line.k6{stroke-dasharray:6 4}.line.k7{stroke-dasharray:1.5 4;stroke-width:1.8}
.keys{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:4px 0 0;padding:0;font-size:13px}
.keys li{display:inline-flex;align-items:center;gap:7px}.keys svg{width:30px;height:10px;flex:none}
.models details{margin:8px 0 0}.models summary{cursor:pointer;color:var(--accent);font-size:13.5px}
)css";

}  // namespace ringfort
