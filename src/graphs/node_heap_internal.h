#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "graphs/directed_graph.h"

// A heap of nodes by cost, four children a place: half as deep as a binary heap,
// and the four lie in one or two cache lines. A node may stand in it more than
// once; who pops it knows whether the cost is still its own.

namespace ringfort::graphs {

class NodeHeap {
 public:
  struct Entry {
    double cost;
    Node node;
  };

  bool empty() const { return entries_.empty(); }
  void clear() { entries_.clear(); }

  void Push(double cost, Node node) {
    std::size_t place = entries_.size();
    entries_.push_back({cost, node});
    while (place > 0) {
      const std::size_t parent = (place - 1) / 4;
      if (entries_[parent].cost <= cost) break;
      entries_[place] = entries_[parent];
      place = parent;
    }
    entries_[place] = {cost, node};
  }

  Entry Pop() {
    const Entry least = entries_.front();
    const Entry moved = entries_.back();
    entries_.pop_back();
    const std::size_t size = entries_.size();
    if (size == 0) return least;
    std::size_t place = 0;
    for (;;) {
      const std::size_t first = 4 * place + 1;
      if (first >= size) break;
      std::size_t child = first;
      const std::size_t end = first + 4 < size ? first + 4 : size;
      for (std::size_t other = first + 1; other < end; ++other)
        if (entries_[other].cost < entries_[child].cost) child = other;
      if (moved.cost <= entries_[child].cost) break;
      entries_[place] = entries_[child];
      place = child;
    }
    entries_[place] = moved;
    return least;
  }

 private:
  std::vector<Entry> entries_{};
};

}  // namespace ringfort::graphs
