#include "application/counted_share.h"

#include <fmt/format.h>

#include "base/json.h"
#include "statistics/proportion_interval.h"

namespace ringfort {

Status CountedShare::Finish() {
  TRY(found, statistics::WilsonInterval(hits, tries));
  interval = found;
  return Done{};
}

std::string ShareText(const CountedShare& share) {
  if (share.tries == 0) return fmt::format("{:>6} {:<16}", "-", "");
  return fmt::format("{:>6.3f} {:<16}", static_cast<double>(share.hits) / static_cast<double>(share.tries),
                     fmt::format("[{:.3f}, {:.3f}]", share.interval.lower, share.interval.upper));
}

nlohmann::ordered_json ShareJson(const CountedShare& share) {
  return {{"hits", share.hits}, {"tries", share.tries}, {"interval", {share.interval.lower, share.interval.upper}}};
}

}  // namespace ringfort
