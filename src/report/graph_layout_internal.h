#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/assessment.h"
#include "report/reasoning_index_internal.h"

// Where everything stands in the picture of an attack graph: assets as boxes on the loop
// between data and models, data to the left, models to the right, what connects them
// between; each box lists the asset's states. Lengths are pixels of the picture. The
// same input gives the same picture.

namespace ringfort {

enum class GraphShape : std::uint8_t {
  kLoop,  // boxes side by side
  kTall,  // boxes below each other, for a narrow window
};

struct GraphLayout {
  struct Row {
    std::size_t state = 0;     // index into Reasoning::states
    int y = 0;                 // of its middle
    bool open_to_all = false;  // a step that needs nothing yields it
  };
  struct Box {
    std::string asset{};
    std::size_t index = ReasoningIndex::kNone;  // into Assessment::assets; kNone: a state names it, no asset does
    int x = 0, y = 0, height = 0;
    std::vector<Row> rows{};
    std::size_t left_out = 0;  // states beyond kMostRows
  };
  struct Band {
    std::size_t tie = 0;  // index into Assessment::ties
    std::string path{};   // of an SVG path; from where information comes to where it goes
    bool named = false;   // there is room for its name, at
    int label_x = 0, label_y = 0;
  };
  struct Curve {
    std::size_t from = 0, to = 0;      // indices into Reasoning::states
    std::vector<std::size_t> steps{};  // in the order of ReasoningIndex::into
    bool best = false;                 // one of them is the last step of the most probable derivation of `to`
    std::string path{};
  };

  static constexpr int kBoxWidth = 268, kHeader = 48, kRow = 23;
  static constexpr std::size_t kMostBoxes = 40, kMostRows = 24, kMostCurves = 500, kMostBands = 120;

  bool narrow = false;  // of GraphShape::kTall
  int width = 0, height = 0;
  std::vector<Box> boxes{};
  std::vector<Band> bands{};
  std::vector<Curve> curves{};
  std::size_t boxes_left_out = 0, states_left_out = 0, curves_left_out = 0, bands_left_out = 0;
};

GraphLayout LayOutGraph(const Assessment& assessment, const Reasoning& reasoning, const ReasoningIndex& index,
                        GraphShape shape);

}  // namespace ringfort
