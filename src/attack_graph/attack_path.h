#pragma once

#include <vector>

#include "attack_graph/attack_graph.h"

namespace ringfort::attack_graph {

// One way to a goal: steps that suffice, each after those that yield its premises.
struct AttackPath {
  std::vector<Step> steps{};  // each once
  double probability = 1;     // that all of them succeed
  double cost = 0;            // the sum of theirs
};

// The `count` most probable ways to `goal`, best first; fewer if there are no more.
// No way leans on itself, no two use the same steps. Steps of probability 0 are not used.
//
// Where no step has more than one premise a way is a path, and the order is exact.
// Otherwise a way is a tree that may need one step in several branches; ways are
// found in the order of the tree's probability, which counts such a step as often as
// it stands (to count it once is NP-hard, as in Steiner trees), and then sorted by
// their own.
//
// Sources: D. Knuth, "A generalization of Dijkstra's algorithm" (1977) for the best
// tree; L. Nielsen, K. Andersen, D. Pretolani, "Finding the K shortest hyperpaths"
// (2005) for the next ones. One search costs O(premises log facts); paths: see
// graphs/shortest_paths.h, on a neighborhood of both ends where that suffices; trees: O(count x steps of a tree)
// searches.
std::vector<AttackPath> FindAttackPaths(const AttackGraph& graph, Fact goal, std::size_t count);

// The last step of the most probable tree to each fact, found for all facts at once.
struct LastSteps {
  std::vector<Step> step{};   // by fact; kNone if nothing leads there
  std::vector<Fact> order{};  // those that can be attained, each after what its step needs
};
// O(premises log facts).
LastSteps FindLastSteps(const AttackGraph& graph);

}  // namespace ringfort::attack_graph
