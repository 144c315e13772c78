#pragma once

#include <cstddef>
#include <span>
#include <vector>

// The inner problem of the Newton step in capacity.cc.

namespace ringfort::information_flow {

// The lower triangle, row by row, of the k x k matrix of sum_y a_y b_y / scale_y over
// all pairs of `rows` (each of scale.size() entries). O(k^2 outputs), in tiles that
// stay in the registers.
std::vector<double> ScaledProducts(const std::vector<const double*>& rows, std::span<const double> scale);

// Approximately the d that makes g.d - d.A.d/2 largest among those with d >= least,
// where least <= 0. A (k x k, the lower triangle is read) is positive semidefinite
// with a positive diagonal. Never worse than d = 0.
std::vector<double> MaximizeBounded(std::vector<double> a, std::span<const double> g, std::span<const double> least);

}  // namespace ringfort::information_flow
