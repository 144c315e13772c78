#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "statistics/interval.h"

namespace ringfort {

// So many of so many, with Wilson's interval at 95 % once it is finished.
struct CountedShare {
  std::uint64_t hits = 0;
  std::uint64_t tries = 0;
  statistics::Interval interval{0, 1};

  void Count(bool hit) { ++tries, hits += hit ? 1 : 0; }
  Status Finish();
};

std::string ShareText(const CountedShare& share);             // `0.562 [0.393, 0.718]`, of one width; of no try `-`
nlohmann::ordered_json ShareJson(const CountedShare& share);  // {"hits", "tries", "interval"}

}  // namespace ringfort
