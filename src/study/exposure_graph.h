#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "study/occurrence.h"

namespace ringfort::study {

// The graph of repositories, weaknesses and components: a node for each of them, an
// edge for each distinct pair (repository, weakness) and (weakness, component).
// Arrows play no part.
struct GraphSize {
  std::uint64_t nodes = 0;
  std::uint64_t edges = 0;
  std::uint64_t components = 0;  // connected
  std::uint64_t giant = 0;       // nodes of the largest of them
};

// What belongs together more closely than chance would have it.
struct ExposureCommunity {
  std::uint64_t nodes = 0;
  std::uint64_t repositories = 0;
  std::uint64_t components = 0;
  std::uint64_t weaknesses = 0;
  std::uint64_t critical = 0;  // weaknesses of critical severity
  std::uint64_t issues = 0;    // distinct, of its weaknesses
  std::string hub{};           // its node with most edges that is a component or a repository
};

struct ExposureCommunities {
  std::vector<ExposureCommunity> communities{};  // the largest first
  double modularity = 0;
  std::uint64_t seed = 0;  // of the order in which nodes were looked at
};

enum class Placeholder { kCounted, kLeftOut };

// With kLeftOut the node kNoComponent and its edges are not there.
GraphSize MeasureExposureGraph(std::span<const Occurrence> occurrences, Placeholder placeholder);

// Louvain communities (graphs/communities.h) of the graph without the placeholder,
// which would tie together what has nothing in common.
ExposureCommunities FindExposureCommunities(std::span<const Occurrence> occurrences, std::uint64_t seed);

}  // namespace ringfort::study
