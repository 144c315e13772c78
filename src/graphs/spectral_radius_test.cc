#include "graphs/spectral_radius.h"

#include <gtest/gtest.h>

#include <cmath>

#include "graphs/random_graph_internal.h"

namespace ringfort::graphs {
namespace {

double RadiusOf(std::size_t n, const std::vector<Arc>& arcs, const std::vector<double>& weights) {
  return FindSpectralRadius(DirectedGraph(n, arcs), weights).value;
}

TEST(SpectralRadius, OfARingIsTheRootOfTheProduct) {
  // Period 3: plain power iteration would never settle.
  EXPECT_NEAR(RadiusOf(3, {{0, 1}, {1, 2}, {2, 0}}, {0.5, 4, 4}), 2.0, 1e-10);
}

TEST(SpectralRadius, OfALoopIsItsWeightAndWithoutCyclesZero) {
  EXPECT_NEAR(RadiusOf(2, {{0, 0}, {0, 1}}, {0.75, 9}), 0.75, 1e-12);
  EXPECT_EQ(RadiusOf(3, {{0, 1}, {1, 2}, {0, 2}}, {5, 5, 5}), 0);
  EXPECT_EQ(RadiusOf(2, {{0, 1}, {1, 0}}, {5, 0}), 0) << "a weight of 0 cuts the cycle";
  EXPECT_EQ(RadiusOf(0, {}, {}), 0);
}

TEST(SpectralRadius, OfTwoByTwoIsTheClosedForm) {
  // [a b; c d] has (a + d + sqrt((a - d)^2 + 4 b c)) / 2.
  const double a = 0.3, b = 0.2, c = 0.7, d = 0.6;
  EXPECT_NEAR(RadiusOf(2, {{0, 0}, {1, 0}, {0, 1}, {1, 1}}, {a, b, c, d}),
              (a + d + std::sqrt((a - d) * (a - d) + 4 * b * c)) / 2, 1e-11);
}

TEST(SpectralRadius, ParallelEdgesAdd) { EXPECT_NEAR(RadiusOf(1, {{0, 0}, {0, 0}}, {0.5, 0.25}), 0.75, 1e-12); }

TEST(SpectralRadius, TheStrongestComponentDecides) {
  const std::vector<Arc> arcs = {{0, 1}, {1, 0}, {1, 2}, {2, 3}, {3, 2}};
  const SpectralRadius radius = FindSpectralRadius(DirectedGraph(4, arcs), std::vector<double>{1, 1, 100, 2, 2});
  EXPECT_NEAR(radius.value, 2, 1e-10);
  EXPECT_EQ(radius.cycle_component, (std::vector<Node>{2, 3}));
  EXPECT_EQ(radius.sensitivity[2], 0) << "a bridge is on no cycle";
  EXPECT_EQ(radius.sensitivity[0], 0);
}

TEST(SpectralRadius, SensitivitiesAreTheDerivatives) {
  Random random(3);
  for (int trial = 0; trial < 20; ++trial) {
    const std::size_t n = 3 + random.Below(5);
    std::vector<Arc> arcs = RandomArcs(n, 3 * n, random);
    for (Node i = 0; i < n; ++i) arcs.push_back({i, static_cast<Node>((i + 1) % n)});  // one component
    std::vector<double> weights;
    for (std::size_t i = 0; i < arcs.size(); ++i) weights.push_back(0.1 + random.Uniform());
    const SpectralRadius radius = FindSpectralRadius(DirectedGraph(n, arcs), weights);
    EXPECT_LE(radius.error, 1e-9);
    for (std::size_t i = 0; i < arcs.size(); ++i) {
      const double h = 1e-5;
      std::vector<double> more = weights;
      std::vector<double> less = weights;
      more[i] += h;
      less[i] -= h;
      EXPECT_NEAR(radius.sensitivity[i], (RadiusOf(n, arcs, more) - RadiusOf(n, arcs, less)) / (2 * h), 1e-5);
    }
  }
}

}  // namespace
}  // namespace ringfort::graphs
