#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"

namespace ringfort::formats {

// What the facts of every graph format have in common. Lists that a file could make
// long without bound are cut at kLongest entries.
struct GraphFacts {
  static constexpr std::size_t kLongest = 100'000;

  bool cut = false;             // a list was
  std::optional<Error> damage;  // the first; what stood before it is kept

  template <class T>
  void Keep(std::vector<T>& list, T item) {
    if (list.size() < kLongest)
      list.push_back(std::move(item));
    else
      cut = true;
  }
};

}  // namespace ringfort::formats
