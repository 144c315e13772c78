#include "application/run_id.h"

#include <fmt/format.h>

#include <random>

namespace ringfort {

std::string NewRunId(const std::string& started_at) {
  std::string id;
  for (const char c : started_at)
    if (c != '-' && c != ':' && c != 'Z') id += c;
  std::random_device entropy;
  return fmt::format("{}-{:06x}", id, entropy() & 0xFFFFFF);
}

}  // namespace ringfort
