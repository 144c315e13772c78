#pragma once

#include <string>

#include "knowledge/view/view.h"
#include "report/threat_graph_report.h"

namespace ringfort {

// What a view of the threat graph holds by kind of node and of edge, beside what is
// published of that shape, and why the two differ.
std::string WriteViewCounts(const knowledge::View& view, knowledge::Shape shape, AnswerFormat format);

}  // namespace ringfort
