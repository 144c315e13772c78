#pragma once

#include <span>
#include <string>
#include <vector>

#include "knowledge/query/gaps.h"
#include "knowledge/query/graph_statistics.h"
#include "knowledge/query/search.h"
#include "knowledge/query/walk.h"
#include "knowledge/threat_graph/threat_graph.h"

// Answers from the threat graph, as tables for a person and as JSON
// (`"schema": "ringfort.graph_answer/1"`) for a program.

namespace ringfort {

enum class AnswerFormat { kTable, kJson };

std::string WriteStatistics(const knowledge::GraphStatistics& statistics, AnswerFormat format);
// A node with all that is said of it, its sources and its edges.
std::string WriteNode(const knowledge::ThreatGraph& graph, knowledge::NodeIndex node, AnswerFormat format);
std::string WriteNodes(const knowledge::ThreatGraph& graph, std::span<const knowledge::NodeIndex> nodes,
                       AnswerFormat format);
std::string WriteNeighbors(const knowledge::ThreatGraph& graph, std::span<const knowledge::Neighbor> neighbors,
                           AnswerFormat format);
std::string WriteWalks(const knowledge::ThreatGraph& graph, std::span<const knowledge::Walk> walks,
                       AnswerFormat format);
std::string WriteGaps(const knowledge::ThreatGraph& graph, const knowledge::Gaps& gaps, AnswerFormat format);

}  // namespace ringfort
