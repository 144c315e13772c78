#pragma once

#include <queue>
#include <vector>

#include "attack_graph/attack_graph.h"

// Of a graph whose steps have one premise at most: the facts near the attacker's
// beginning and near a goal (which is always among them), by the surprise (-log
// probability) of the way there. Grown from both ends, two balls meet long before one of
// them holds all of a large graph. Source: I. Pohl, "Bi-directional search" (1971).

namespace ringfort::attack_graph {

// Of a step, in nats; infinity if it never succeeds.
double Surprise(const AttackGraph& graph, Step step);

class Neighborhood {
 public:
  Neighborhood(const AttackGraph& graph, Fact goal);

  // Grows until both balls together hold at least `facts`, or nothing is left to add.
  void GrowTo(std::size_t facts);
  // Grows until reach() is at least `surprise`, or nothing is left to add.
  void GrowAround(double surprise);

  // Every path whose surprise is at most this stays within facts(): where it is not
  // near the beginning any more, it is near the goal. Infinite if all was added.
  double reach() const { return ahead_.radius + behind_.radius; }
  // Those of either ball, in no order.
  const std::vector<Fact>& facts() const { return facts_; }

 private:
  struct Ball {
    using Entry = std::pair<double, Fact>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue{};
    std::vector<double> surprise{};  // by fact
    double radius = 0;               // all facts that are nearer than this are in
  };

  void Offer(Ball& ball, Fact fact, double surprise);
  void AddNext(Ball& ball, bool forward);
  void AddNext();
  bool exhausted() const { return ahead_.queue.empty() && behind_.queue.empty(); }

  const AttackGraph& graph_;
  Ball ahead_{};
  Ball behind_{};
  std::vector<bool> added_{};
  std::vector<Fact> facts_{};
};

}  // namespace ringfort::attack_graph
