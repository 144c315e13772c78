#pragma once

#include <string>
#include <string_view>

#include "report/graph_layout_internal.h"

namespace ringfort {

// Which of five classes, `p0` (under 5 %) to `p4` (75 % and more), colors a probability.
int ProbabilityClass(double probability);

// A mark whose shape says the ground: a disc for measured, a square for published, a
// diamond for assumed, a bar for what holds by definition. An <svg> of its own.
std::string GroundMark(std::string_view ground);

// The mark and the word.
std::string GroundTag(std::string_view ground);

// A level bar of `value` between 0 and 1, of a class that fills it.
std::string LevelBar(double value, std::string_view style = "plain-level");

// The same of a probability, colored by it.
std::string ProbabilityBar(double value);

// The attack graph as inline SVG, complete without script. For the script, states carry
// data-state and boxes data-box; curves data-from, data-to, data-steps and data-ground,
// and class `best` on the most probable derivations. `name` is the class of the
// picture and the beginning of its ids. Every name is escaped.
std::string GraphPicture(const Assessment& assessment, const Reasoning& reasoning, const ReasoningIndex& index,
                         const GraphLayout& layout, std::string_view name);

}  // namespace ringfort
