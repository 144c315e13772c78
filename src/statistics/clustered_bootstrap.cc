#include "statistics/clustered_bootstrap.h"

#include <fmt/format.h>

#include <vector>

#include "statistics/proportion_interval.h"

namespace ringfort::statistics {
namespace {

constexpr std::uint64_t kFewClusters = 20;

}  // namespace

Result<ClusteredRate> EstimateClusteredRate(std::span<const ClusterCounts> clusters, const BootstrapOptions& options) {
  std::vector<ClusterCounts> tried;
  ClusteredRate answer;
  for (const ClusterCounts& cluster : clusters) {
    if (cluster.successes > cluster.tries)
      return Error{Fault::kInvalidInput,
                   fmt::format("{} successes of {} tries cannot be", cluster.successes, cluster.tries)};
    if (cluster.tries == 0) continue;
    tried.push_back(cluster);
    answer.successes += cluster.successes;
    answer.tries += cluster.tries;
  }
  if (tried.empty()) return Error{Fault::kInvalidInput, "nothing was tried"};
  answer.clusters = tried.size();
  answer.few = answer.clusters < kFewClusters;
  const double tries = static_cast<double>(answer.tries);
  answer.rate = static_cast<double>(answer.successes) / tries;
  if (answer.successes == 0 || answer.successes == answer.tries) {
    TRY(interval,
        ClopperPearsonInterval(answer.successes == 0 ? 0 : answer.clusters, answer.clusters, options.confidence));
    answer.interval = interval;
    return answer;
  }
  TRY(interval, BootstrapInterval(
                    tried.size(),
                    [&](std::span<const std::uint32_t> drawn) {
                      std::uint64_t successes = 0, total = 0;
                      for (const std::uint32_t index : drawn) {
                        successes += tried[index].successes;
                        total += tried[index].tries;
                      }
                      return static_cast<double>(successes) / static_cast<double>(total);
                    },
                    options));
  answer.interval = interval;
  if (tried.size() > 1) {
    double squares = 0;
    for (const ClusterCounts& cluster : tried) {
      const double residual = static_cast<double>(cluster.successes) - answer.rate * static_cast<double>(cluster.tries);
      squares += residual * residual;
    }
    const double k = static_cast<double>(tried.size());
    answer.design_effect = k / (k - 1) * squares / tries / (answer.rate * (1 - answer.rate));
  }
  return answer;
}

}  // namespace ringfort::statistics
