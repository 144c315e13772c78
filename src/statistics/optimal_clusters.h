#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

// Values on a line, divided into clusters so that the squared distances from each
// value to the mean of its cluster add up to the least that there is: the optimum
// itself, the same whatever the order of the values. On a line the best clusters are
// stretches, so dynamic programming over the sorted values finds it.
//
// Source: H. Wang, M. Song, "Ckmeans.1d.dp: Optimal k-means Clustering in One Dimension
// by Dynamic Programming", The R Journal 3/2 (2011). The rule of FewestClusters for
// the number of clusters is ours.
//
// Limits: finite values up to 1e100 in size. With d distinct values time is that of
// sorting and of k d log d, memory 4 k d bytes. Any thread.

namespace ringfort::statistics {

struct Cluster {
  double center = 0;  // mean
  double spread = 0;  // root of the mean squared distance from the center
  double low = 0;     // least value
  double high = 0;    // greatest
  std::size_t count = 0;
};

struct Clustering {
  std::vector<Cluster> clusters{};          // by center; none is empty
  std::vector<std::uint32_t> cluster_of{};  // of each value, in the order given
  double within = 0;                        // squared distances from the centers, summed
  double total = 0;                         // the same with one cluster
};

// The best division into `count` clusters, or into as many as there are distinct
// values if those are fewer; equal values stand together. Errors: no value, a value
// that is not finite or too large, no cluster.
Result<Clustering> OptimalClusters(std::span<const double> values, std::size_t count);

// The best division into the fewest clusters that leave at most `unexplained` of the
// total (a share in [0, 1]) within them, but no more than `most`. Errors: as above; a
// share outside [0, 1].
Result<Clustering> FewestClusters(std::span<const double> values, double unexplained, std::size_t most);

}  // namespace ringfort::statistics
