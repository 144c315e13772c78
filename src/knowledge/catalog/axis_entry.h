#pragma once

#include <string>

#include "domain/axis.h"

namespace ringfort::knowledge {

// One of the four ways round the loop between data and models (arXiv 2603.24857).
struct AxisEntry {
  Axis axis = Axis::kDataToData;  // `id` in the file
  std::string title{};
  std::string summary{};
};

}  // namespace ringfort::knowledge
