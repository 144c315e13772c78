#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/model_attacks.h"
#include "domain/provenance.h"

namespace ringfort {

// Charts as inline SVG, colored by classes of kChartStyle: light and dark, in print, and
// told apart without color by dashes. All texts are escaped here. A chart says in words
// what it shows (`label`, read aloud in its stead); its numbers stand in a table beside it.
extern const std::string_view kChartStyle;

struct ChartAxis {
  std::string title{};
  double low = 0;  // < high; above 0 if logarithmic
  double high = 1;
  bool logarithmic = false;
  std::vector<double> ticks{};

  // 0 at low, 1 at high; what lies outside, or is no number, at the nearer end (at low).
  double Place(double value) const;
};

// From a power of ten at or below `low` to 1, with a tick at each.
ChartAxis DecadeAxis(std::string title, double low);
// 0 to 1 in fifths.
ChartAxis ShareAxis(std::string title);

struct ChartLine {
  std::string name{};    // for the legend
  std::size_t kind = 0;  // color and dashes; see kMostKinds
  std::vector<FigurePoint> points{};
  bool stairs = false;  // from point to point first across, then up
  bool dots = false;
  std::vector<Quantity> spans{};  // with dots: a whisker each; empty: none
};
inline constexpr std::size_t kMostKinds = 6;      // 0 to 5
inline constexpr std::size_t kBaselineKind = 6;   // grey, dashed: what the others must beat
inline constexpr std::size_t kReferenceKind = 7;  // grey, dotted: chance, or the truth

std::string LineChart(const std::string& label, const ChartAxis& across, const ChartAxis& up,
                      std::span<const ChartLine> lines);

// The names of lines, each beside a piece of it.
std::string ChartLegend(std::span<const ChartLine> lines);

// A dot with whiskers a row.
struct ChartRow {
  std::string name{};
  bool heading = false;  // of the rows below it; has no value and takes the whole width
  bool inner = false;    // belongs to the row above
  std::size_t kind = 0;
  std::optional<Quantity> value{};  // none: nothing was measured
  std::string aside{};              // behind the row; empty: the value
};
// `mark`: where a line goes down through all rows (chance); none outside the axis.
std::string WhiskerChart(const std::string& label, const ChartAxis& across, std::span<const ChartRow> rows,
                         std::optional<double> mark);

}  // namespace ringfort
