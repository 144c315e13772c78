#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "report/graph_layout_internal.h"

namespace ringfort {
namespace {

constexpr std::size_t kNone = ReasoningIndex::kNone;

struct Spacing {
  int margin;   // left and right of all boxes, where curves within a box swing out
  int between;  // columns
  int below;    // one box, above the next
  int top;      // above the boxes, where the tie from data to models passes
  int sink;     // how much lower the middle column begins
};
constexpr Spacing kLoopSpacing = {64, 122, 40, 26, 96};
constexpr Spacing kTallSpacing = {22, 0, 58, 48, 0};

// Data, what connects, models.
std::size_t ColumnOf(AssetKind kind) {
  switch (kind) {
    case AssetKind::kDataset: return 0;
    case AssetKind::kModel: return 2;
    default: return 1;
  }
}

class Layout {
 public:
  Layout(const Assessment& assessment, const Reasoning& reasoning, const ReasoningIndex& index, GraphShape shape)
      : assessment_(assessment),
        reasoning_(reasoning),
        index_(index),
        tall_(shape == GraphShape::kTall),
        spacing_(tall_ ? kTallSpacing : kLoopSpacing) {}

  GraphLayout Make() {
    layout_.narrow = tall_;
    CollectBoxes();
    PlaceBoxes();
    DrawBands();
    DrawCurves();
    return std::move(layout_);
  }

 private:
  struct Place {
    std::size_t box = kNone;
    int y = 0;
  };

  void CollectBoxes() {
    std::unordered_map<std::string_view, std::vector<std::size_t>> states;
    for (std::size_t i = 0; i < reasoning_.states.size(); ++i) states[reasoning_.states[i].asset].push_back(i);
    const auto add = [&](const std::string& asset, std::size_t index, std::size_t column) {
      std::vector<std::size_t> rows;
      if (const auto at = states.find(asset); at != states.end()) {
        rows = std::move(at->second);
        states.erase(at);
      }
      if (layout_.boxes.size() >= GraphLayout::kMostBoxes) {
        ++layout_.boxes_left_out;
        layout_.states_left_out += rows.size();
        return;
      }
      GraphLayout::Box box;
      box.asset = asset;
      box.index = index;
      for (const std::size_t state : rows) {
        if (box.rows.size() >= GraphLayout::kMostRows) {
          ++box.left_out;
          continue;
        }
        const auto& steps = index_.into[state];
        box.rows.push_back({state, 0, std::ranges::any_of(steps, [&](std::size_t step) {
                              return reasoning_.steps[step].needs.empty();
                            })});
      }
      layout_.states_left_out += box.left_out;
      const std::size_t lines = std::max<std::size_t>(1, box.rows.size() + (box.left_out > 0 ? 1 : 0));
      box.height = GraphLayout::kHeader + static_cast<int>(lines) * GraphLayout::kRow + 10;
      box_of_.emplace(box.asset, layout_.boxes.size());
      columns_[tall_ ? 0 : column].push_back(layout_.boxes.size());
      layout_.boxes.push_back(std::move(box));
    };
    for (std::size_t i = 0; i < assessment_.assets.size(); ++i)
      if (!box_of_.contains(assessment_.assets[i].id))
        add(assessment_.assets[i].id, i, ColumnOf(assessment_.assets[i].kind));
    for (const ReachedState& state : reasoning_.states)
      if (states.contains(state.asset)) add(state.asset, kNone, 1);
  }

  void PlaceBoxes() {
    std::array<int, 3> heights{};
    for (std::size_t c = 0; c < columns_.size(); ++c)
      for (const std::size_t box : columns_[c])
        heights[c] += layout_.boxes[box].height + (heights[c] > 0 ? spacing_.below : 0);
    const bool ends = heights[0] > 0 && heights[2] > 0;  // something passes above the middle
    heights[1] += heights[1] > 0 && ends ? spacing_.sink : 0;
    const int tallest = *std::max_element(heights.begin(), heights.end());
    const int top = spacing_.top + (ends && heights[1] > 0 ? 30 : 0);
    int x = spacing_.margin;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (columns_[c].empty()) continue;
      // The ends of the loop begin at one height; what connects them hangs in the middle.
      int y = top + (c == 1 ? (ends ? spacing_.sink : 0) + (tallest - heights[1]) / 3 : (tallest - heights[c]) / 6);
      for (const std::size_t number : columns_[c]) {
        GraphLayout::Box& box = layout_.boxes[number];
        box.x = x;
        box.y = y;
        column_of_[number] = c;
        for (std::size_t i = 0; i < box.rows.size(); ++i) {
          box.rows[i].y = y + GraphLayout::kHeader + static_cast<int>(i) * GraphLayout::kRow + GraphLayout::kRow / 2;
          places_[box.rows[i].state] = {number, box.rows[i].y};
        }
        y += box.height + spacing_.below;
        layout_.height = std::max(layout_.height, box.y + box.height + 26);
      }
      x += GraphLayout::kBoxWidth + spacing_.between;
    }
    layout_.width = std::max(x - spacing_.between, spacing_.margin + GraphLayout::kBoxWidth) + spacing_.margin;
    layout_.height = std::max(layout_.height, 2 * spacing_.top);
  }

  // Within a column a line swings out at the side away from the other columns; a tall
  // picture keeps the left side for the ties.
  bool SwingsLeft(std::size_t column, bool tie) const { return tall_ ? tie : column == 0; }

  struct Line {
    std::array<int, 4> x{}, y{};  // of the four points of a cubic curve

    std::string Path() const {
      return fmt::format("M{} {}C{} {} {} {} {} {}", x[0], y[0], x[1], y[1], x[2], y[2], x[3], y[3]);
    }
    static int At(const std::array<int, 4>& points, int percent) {
      const double t = percent / 100.0;
      const double u = 1 - t;
      return static_cast<int>(u * u * u * points[0] + 3 * u * u * t * points[1] + 3 * u * t * t * points[2] +
                              t * t * t * points[3]);
    }
  };

  // From a height at one box to a height at another: a cubic curve with level ends.
  Line Connect(std::size_t from, int from_y, std::size_t to, int to_y, bool tie) const {
    const GraphLayout::Box& a = layout_.boxes[from];
    const GraphLayout::Box& b = layout_.boxes[to];
    const std::size_t from_column = column_of_.at(from);
    const std::size_t to_column = column_of_.at(to);
    int x1, x2, c1, c2;
    int lift = 0;
    if (from_column == to_column) {
      const bool left = SwingsLeft(from_column, tie);
      const int reach = std::min(spacing_.margin + (tall_ ? 4 : 20), 18 + std::abs(to_y - from_y) / 4);
      x1 = left ? a.x : a.x + GraphLayout::kBoxWidth;
      x2 = left ? b.x : b.x + GraphLayout::kBoxWidth;
      c1 = left ? x1 - reach : x1 + reach;
      c2 = left ? x2 - reach : x2 + reach;
    } else {
      const bool right = from_column < to_column;
      x1 = right ? a.x + GraphLayout::kBoxWidth : a.x;
      x2 = right ? b.x : b.x + GraphLayout::kBoxWidth;
      const int reach = std::max(44, std::abs(x2 - x1) * 45 / 100);
      c1 = right ? x1 + reach : x1 - reach;
      c2 = right ? x2 - reach : x2 + reach;
      if (tie && !columns_[1].empty() && from_column + to_column == 2) lift = 50;  // above the middle column
    }
    return {{x1, c1, c2, x2}, {from_y, from_y - lift, to_y - lift, to_y}};
  }

  // Where the name of a tie stands on its line, as near to the middle as may be: on no
  // box and on no other name. If there is no such place it stands nowhere.
  void PlaceName(const Line& line, GraphLayout::Band& band) const {
    constexpr int kHalfWidth = 48;
    constexpr int kHalfHeight = 10;
    for (const int percent : {50, 42, 58, 34, 66, 26, 74, 18, 82}) {
      const int x = std::clamp(Line::At(line.x, percent), kHalfWidth, std::max(kHalfWidth, layout_.width - kHalfWidth));
      const int y = Line::At(line.y, percent);
      const bool on_box = std::ranges::any_of(layout_.boxes, [&](const GraphLayout::Box& box) {
        return x + kHalfWidth > box.x && x - kHalfWidth < box.x + GraphLayout::kBoxWidth && y + kHalfHeight > box.y &&
               y - kHalfHeight < box.y + box.height;
      });
      const bool on_name = std::ranges::any_of(layout_.bands, [&](const GraphLayout::Band& other) {
        return other.named && std::abs(other.label_x - x) < 2 * kHalfWidth &&
               std::abs(other.label_y - y) < 2 * kHalfHeight;
      });
      if (on_box || on_name) continue;
      band.label_x = x;
      band.label_y = y;
      band.named = true;
      return;
    }
  }

  void DrawBands() {
    std::unordered_map<std::size_t, int> ties_into;  // by box
    for (std::size_t i = 0; i < assessment_.ties.size(); ++i) {
      const Tie& tie = assessment_.ties[i];
      const auto left = box_of_.find(tie.from);
      const auto right = box_of_.find(tie.to);
      if (left == box_of_.end() || right == box_of_.end() || left == right) continue;
      if (layout_.bands.size() >= GraphLayout::kMostBands) {
        ++layout_.bands_left_out;
        continue;
      }
      // What a model is trained on, what an endpoint serves and what code depends on flows to it.
      const bool along = tie.relation == Relation::kLogsTo;
      const std::size_t from = along ? left->second : right->second;
      const std::size_t to = along ? right->second : left->second;
      const int down = GraphLayout::kHeader / 2;
      const Line line = Connect(from, layout_.boxes[from].y + down - 6, to, layout_.boxes[to].y + down + 6, true);
      GraphLayout::Band band;
      band.tie = i;
      band.path = line.Path();
      if (!tall_) {
        PlaceName(line, band);
      } else if (const int above = ties_into[to]++; above < 3) {  // in the gap above the box that it leads to
        band.label_x = spacing_.margin + 4;
        band.label_y = layout_.boxes[to].y - 12 - 15 * above;
        band.named = true;
      }
      layout_.bands.push_back(std::move(band));
    }
  }

  void DrawCurves() {
    std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> pairs;
    for (std::size_t to = 0; to < reasoning_.states.size(); ++to)
      for (const std::size_t step : index_.into[to])
        for (const std::size_t from : reasoning_.steps[step].needs)
          if (from != to) {
            auto& steps = pairs[{from, to}];
            if (steps.empty() || steps.back() != step) steps.push_back(step);
          }
    std::vector<GraphLayout::Curve> curves;
    for (auto& [ends, steps] : pairs) {
      if (!places_.contains(ends.first) || !places_.contains(ends.second)) {
        ++layout_.curves_left_out;
        continue;
      }
      GraphLayout::Curve curve;
      curve.from = ends.first;
      curve.to = ends.second;
      curve.best = std::ranges::count(steps, index_.best[curve.to]) > 0;
      curve.steps = std::move(steps);
      curves.push_back(std::move(curve));
    }
    std::stable_sort(curves.begin(), curves.end(), [&](const auto& a, const auto& b) {
      if (a.best != b.best) return a.best;
      return Chance(reasoning_.steps[a.steps[0]]) > Chance(reasoning_.steps[b.steps[0]]);
    });
    if (curves.size() > GraphLayout::kMostCurves) {
      layout_.curves_left_out += curves.size() - GraphLayout::kMostCurves;
      curves.resize(GraphLayout::kMostCurves);
    }
    for (GraphLayout::Curve& curve : curves) {
      const Place& from = places_.at(curve.from);
      const Place& to = places_.at(curve.to);
      curve.path = Connect(from.box, from.y, to.box, to.y, false).Path();
      layout_.curves.push_back(std::move(curve));
    }
  }

  const Assessment& assessment_;
  const Reasoning& reasoning_;
  const ReasoningIndex& index_;
  const bool tall_;
  const Spacing spacing_;
  GraphLayout layout_{};
  std::array<std::vector<std::size_t>, 3> columns_{};
  std::unordered_map<std::string, std::size_t> box_of_{};
  std::unordered_map<std::size_t, std::size_t> column_of_{};  // by box
  std::unordered_map<std::size_t, Place> places_{};           // by state
};

}  // namespace

GraphLayout LayOutGraph(const Assessment& assessment, const Reasoning& reasoning, const ReasoningIndex& index,
                        GraphShape shape) {
  return Layout(assessment, reasoning, index, shape).Make();
}

}  // namespace ringfort
