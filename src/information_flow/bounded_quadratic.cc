#include <algorithm>
#include <cmath>

#include "information_flow/bounded_quadratic_internal.h"

namespace ringfort::information_flow {
namespace {

constexpr std::size_t kTile = 4;
constexpr std::size_t kStrip = 512;  // outputs at a time: two panels stay in the first cache
constexpr double kMostWork = 4e8;    // multiplications, in factoring
constexpr double kFlat = 1e-14;      // a slope that is none
constexpr double kMixture = 1e-6;    // the share of a row that may be no mixture of others
constexpr double kRidge = 1e-11;     // keeps the factors of nearly equal rows apart

// Four rows side by side, so that one load brings the same output of each.
void Pack(const std::vector<const double*>& rows, std::size_t first, std::size_t from, std::size_t length,
          const double* factor, double* panel) {
  for (std::size_t r = 0; r < kTile; ++r) {
    const double* const row = rows[std::min(first + r, rows.size() - 1)] + from;
    for (std::size_t y = 0; y < length; ++y) panel[y * kTile + r] = row[y] * factor[from + y];
  }
}

void AddTile(const double* left, const double* right, std::size_t length, double* sums) {
  double held[kTile * kTile];
  for (std::size_t i = 0; i < kTile * kTile; ++i) held[i] = sums[i];
  for (std::size_t y = 0; y < length; ++y, left += kTile, right += kTile)
    for (std::size_t i = 0; i < kTile; ++i)
      for (std::size_t j = 0; j < kTile; ++j) held[i * kTile + j] += left[i] * right[j];
  for (std::size_t i = 0; i < kTile * kTile; ++i) sums[i] = held[i];
}

double Dot(const double* a, const double* b, std::size_t n) {
  double sums[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (std::size_t j = 0; j < 8; ++j) sums[j] += a[i + j] * b[i + j];
  double sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  for (; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

// The d of A d = g on the places in `free`, elsewhere d as it stands. False if the
// matrix does not factor.
bool SolveOn(const std::vector<std::size_t>& free, const std::vector<double>& a, std::span<const double> g,
             std::vector<double>& d) {
  const std::size_t k = g.size(), n = free.size();
  std::vector<double> factor(n * n);
  std::vector<double> right(n);
  std::vector<bool> is_free(k, false);
  for (const std::size_t i : free) is_free[i] = true;
  std::vector<std::size_t> fixed;
  for (std::size_t i = 0; i < k; ++i)
    if (!is_free[i] && d[i] != 0) fixed.push_back(i);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t row = free[i];
    right[i] = g[row];
    for (const std::size_t j : fixed) right[i] -= a[row * k + j] * d[j];
    for (std::size_t j = 0; j <= i; ++j) factor[i * n + j] = a[row * k + free[j]];
    factor[i * n + i] *= 1 + kRidge;
  }
  for (std::size_t i = 0; i < n; ++i) {
    double* const row = &factor[i * n];
    for (std::size_t j = 0; j < i; ++j) row[j] = (row[j] - Dot(row, &factor[j * n], j)) / factor[j * n + j];
    const double pivot = row[i] - Dot(row, row, i);
    if (!(pivot > 0)) return false;
    row[i] = std::sqrt(pivot);
    right[i] = (right[i] - Dot(row, right.data(), i)) / row[i];
  }
  for (std::size_t i = n; i-- > 0;) {
    right[i] /= factor[i * n + i];
    for (std::size_t j = 0; j < i; ++j) right[j] -= factor[i * n + j] * right[i];
  }
  for (std::size_t i = 0; i < n; ++i) d[free[i]] = right[i];
  return std::all_of(right.begin(), right.end(), [](double value) { return std::isfinite(value); });
}

// Rows of a k x k matrix of which all others are mixtures but for a small rest (pivoted
// Cholesky), or none if these are more than a quarter.
std::vector<std::size_t> Independent(const std::vector<double>& a, std::size_t k) {
  const std::size_t most = k / 4;
  std::vector<std::size_t> pivots;
  std::vector<double> rest(k);
  for (std::size_t i = 0; i < k; ++i) rest[i] = a[i * k + i];
  const std::vector<double> whole = rest;
  std::vector<double> rows(k * most);  // row i: its coefficients on the pivots so far
  while (pivots.size() < most) {
    std::size_t pivot = 0;
    for (std::size_t i = 0; i < k; ++i)
      if (rest[i] / whole[i] > rest[pivot] / whole[pivot]) pivot = i;
    if (rest[pivot] <= kMixture * whole[pivot]) return pivots;
    const std::size_t r = pivots.size();
    const double root = std::sqrt(rest[pivot]);
    for (std::size_t i = 0; i < k; ++i) {
      const double part = (a[i * k + pivot] - Dot(&rows[i * most], &rows[pivot * most], r)) / root;
      rows[i * most + r] = part;
      rest[i] -= part * part;
    }
    rest[pivot] = 0;
    pivots.push_back(pivot);
  }
  return {};
}

}  // namespace

std::vector<double> ScaledProducts(const std::vector<const double*>& rows, std::span<const double> scale) {
  const std::size_t k = rows.size(), m = scale.size();
  const std::size_t tiles = (k + kTile - 1) / kTile;
  std::vector<double> factor(m);
  for (std::size_t y = 0; y < m; ++y) factor[y] = 1 / std::sqrt(scale[y]);
  std::vector<double> sums(tiles * (tiles + 1) / 2 * kTile * kTile, 0.0);
  std::vector<double> panels(tiles * kStrip * kTile);
  for (std::size_t from = 0; from < m; from += kStrip) {
    const std::size_t length = std::min(kStrip, m - from);
    for (std::size_t t = 0; t < tiles; ++t)
      Pack(rows, t * kTile, from, length, factor.data(), &panels[t * kStrip * kTile]);
    double* tile = sums.data();
    for (std::size_t i = 0; i < tiles; ++i)
      for (std::size_t j = 0; j <= i; ++j, tile += kTile * kTile)
        AddTile(&panels[i * kStrip * kTile], &panels[j * kStrip * kTile], length, tile);
  }
  std::vector<double> a(k * k, 0.0);
  const double* tile = sums.data();
  for (std::size_t i = 0; i < tiles; ++i)
    for (std::size_t j = 0; j <= i; ++j, tile += kTile * kTile)
      for (std::size_t r = 0; r < kTile && i * kTile + r < k; ++r)
        for (std::size_t c = 0; c < kTile && j * kTile + c < k; ++c)
          if (i * kTile + r >= j * kTile + c) a[(i * kTile + r) * k + j * kTile + c] = tile[r * kTile + c];
  return a;
}

std::vector<double> MaximizeBounded(std::vector<double> a, std::span<const double> g, std::span<const double> least) {
  const std::size_t k = g.size();
  for (std::size_t i = 0; i < k; ++i)
    for (std::size_t j = 0; j < i; ++j) a[j * k + i] = a[i * k + j];
  std::vector<double> d(k, 0.0);
  std::vector<double> slope(g.begin(), g.end());  // g - A d
  const auto sweep = [&] {
    double moved = 0;
    for (std::size_t i = 0; i < k; ++i) {
      const double to = std::max(least[i], d[i] + slope[i] / a[i * k + i]);
      const double by = to - d[i];
      if (by == 0) continue;
      d[i] = to;
      moved = std::max(moved, std::abs(by));
      const double* const row = &a[i * k];
      for (std::size_t j = 0; j < k; ++j) slope[j] -= by * row[j];
    }
    return moved;
  };
  const auto refresh = [&] {
    for (std::size_t i = 0; i < k; ++i) slope[i] = g[i] - Dot(&a[i * k], d.data(), k);
  };
  const auto worth = [&] {  // g.d - d.A.d/2 = (g + slope).d/2
    double sum = 0;
    for (std::size_t i = 0; i < k; ++i) sum += (g[i] + slope[i]) * d[i] / 2;
    return sum;
  };

  // Sweeps guess which bounds hold. Then active sets after C. Lawson and R. Hanson
  // (1974): solve without bounds for the free ones; if that leaves the bounds, take it
  // clipped as long as this gains, else walk towards it up to the first bound, which
  // then holds; if it does not, free the one that pulls hardest. Never a loss.
  for (int i = 0; i < 10; ++i)
    if (sweep() == 0) break;
  const std::vector<double> swept = d;
  const double swept_worth = worth();
  std::vector<bool> free(k);
  if (const std::vector<std::size_t> apart = Independent(a, k); !apart.empty()) {
    // Most rows are mixtures of a few. To drop the others one by one from a warm start
    // would take a factorization each; so begin with the few, and all others at their bounds.
    d.assign(least.begin(), least.end());
    for (const std::size_t i : apart) free[i] = true;
    refresh();
  } else {
    for (std::size_t i = 0; i < k; ++i) free[i] = d[i] > least[i];
  }
  std::vector<bool> futile(k, false);
  std::size_t freed = k;
  double now = worth();
  double work = 0;
  while (work < kMostWork) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < k; ++i)
      if (free[i]) places.push_back(i);
    const double n = static_cast<double>(places.size());
    work += n * n * n / 6 + static_cast<double>(k) * static_cast<double>(k);
    const std::vector<double> from = d;
    if (!SolveOn(places, a, g, d)) {
      d = from;
      break;
    }
    double reach = 1;
    std::size_t first = k;
    for (const std::size_t i : places)
      if (d[i] < least[i])
        if (const double part = (from[i] - least[i]) / (from[i] - d[i]); part < reach || first == k)
          reach = part, first = i;
    if (first == k) {
      refresh();
      if (const double solved = worth(); solved > now)
        now = solved;
      else
        d = from, refresh();
      std::size_t pulls = k;
      for (std::size_t i = 0; i < k; ++i)
        if (!free[i] && !futile[i] && slope[i] > kFlat && (pulls == k || slope[i] > slope[pulls])) pulls = i;
      if (pulls == k) break;
      free[pulls] = true;
      freed = pulls;
      continue;
    }
    const std::vector<double> to = d;
    for (const std::size_t i : places) d[i] = std::max(least[i], to[i]);
    refresh();
    if (const double clipped = worth(); clipped > now) {
      now = clipped;
      for (const std::size_t i : places) free[i] = d[i] > least[i];
      continue;
    }
    for (const std::size_t i : places) d[i] = std::max(least[i], from[i] + reach * (to[i] - from[i]));
    d[first] = least[first];
    free[first] = false;
    if (first == freed) futile[first] = true;  // rounding alone pulled it
    refresh();
    now = worth();
  }
  return now > swept_worth ? d : swept;
}

}  // namespace ringfort::information_flow
