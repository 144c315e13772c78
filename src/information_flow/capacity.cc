#include "information_flow/capacity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "information_flow/bounded_quadratic_internal.h"

// Why the simplex drops out of the Newton step. On unnormalized p >= 0 let
// f(p) = sum_x p_x h_x - sum_y q_y ln q_y with q = W^T p and h_x = sum_y W_xy ln W_xy.
// Its slope by p_x is D(W_x || q) - 1. Along a ray c p with p of sum 1,
// f = c I(p) - c ln c, which is largest at ln c = I(p) - 1 and is then e^(I(p) - 1): so
// the best p of f, divided by its sum, is the best p of I, and p >= 0 is the only
// constraint. At that c the slope is D(W_x || q) - I(p) for the normalized q, the
// second derivative is -A / c with A = W diag(1/q) W^T.

namespace ringfort::information_flow {
namespace {

constexpr double kLeastOutput = 1e-300;    // stands for 0 under a logarithm; any q bounds C
constexpr std::size_t kMostNewton = 3000;  // inputs in a Newton step: the matrix is 72 MB

double Dot(const double* a, const double* b, std::size_t n) {
  double sums[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (std::size_t j = 0; j < 8; ++j) sums[j] += a[i + j] * b[i + j];
  double sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  for (; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

class Search {
 public:
  Search(const Channel& channel, const CapacityOptions& options)
      : channel_(channel),
        options_(options),
        n_(channel.inputs()),
        m_(channel.outputs()),
        own_(n_, 0.0),
        divergence_(n_, 0.0),
        output_(m_, 0.0),
        log_output_(m_, 0.0) {
    for (std::size_t x = 0; x < n_; ++x)
      for (const double w : channel.Row(x))
        if (w > 0) own_[x] += w * std::log(w);
  }

  Capacity Run() {
    input_ = UniformDistribution(n_);
    Measure(input_);
    Keep();
    std::size_t until = 24;
    while (!Ended()) {
      ClimbUntil(until);
      if (Ended()) break;
      if (options_.newton) Newton();
      until = capacity_.iterations + std::max<std::size_t>(24, capacity_.iterations);
    }
    return Finish();
  }

 private:
  bool Ended() const {
    return upper_ - lower_ + 2 * rounding_ <= options_.tolerance * std::numbers::ln2 ||
           capacity_.iterations + capacity_.newton_iterations >= options_.iterations;
  }

  // The outputs' distribution under `p`.
  void Mix(const std::vector<double>& p) {
    std::fill(output_.begin(), output_.end(), 0.0);
    double* const q = output_.data();
    std::size_t rows[4];
    std::size_t held = 0;
    const auto flush = [&] {
      for (std::size_t r = held; r < 4; ++r) rows[r] = rows[0];
      const double p0 = p[rows[0]], p1 = held > 1 ? p[rows[1]] : 0, p2 = held > 2 ? p[rows[2]] : 0,
                   p3 = held > 3 ? p[rows[3]] : 0;
      const double* const w0 = channel_.Row(rows[0]).data();
      const double* const w1 = channel_.Row(rows[1]).data();
      const double* const w2 = channel_.Row(rows[2]).data();
      const double* const w3 = channel_.Row(rows[3]).data();
      for (std::size_t y = 0; y < m_; ++y) q[y] += (p0 * w0[y] + p1 * w1[y]) + (p2 * w2[y] + p3 * w3[y]);
      held = 0;
    };
    for (std::size_t x = 0; x < n_; ++x) {
      if (p[x] == 0) continue;
      rows[held++] = x;
      if (held == 4) flush();
    }
    if (held > 0) flush();
    for (std::size_t y = 0; y < m_; ++y) log_output_[y] = std::log(std::max(output_[y], kLeastOutput));
  }

  // Mutual information at `p` alone; leaves the outputs' distribution behind.
  double Information(const std::vector<double>& p) {
    Mix(p);
    return Dot(p.data(), own_.data(), n_) - Dot(output_.data(), log_output_.data(), m_);
  }

  // Both ends at `p`, and what every input would tell.
  void Measure(const std::vector<double>& p) {
    Mix(p);
    double largest = 1;
    top_ = 0;
    for (std::size_t x = 0; x < n_; ++x) {
      const double cross = Dot(channel_.Row(x).data(), log_output_.data(), m_);
      divergence_[x] = own_[x] - cross;
      top_ = std::max(top_, divergence_[x]);
      largest = std::max(largest, std::max(-own_[x], -cross));
    }
    information_ = Dot(p.data(), divergence_.data(), n_);
    // Worst case of the sums above: each addition adds half a last bit.
    rounding_ =
        std::numeric_limits<double>::epsilon() / 2 * static_cast<double>(n_ + m_ + 16) * std::min(largest, 50.0);
  }

  // Takes what Measure found for `input_` into the ends.
  void Keep() {
    if (information_ > lower_ || capacity_.input.empty()) {
      lower_ = std::max(lower_, information_);
      capacity_.input = input_;
    }
    upper_ = std::min(upper_, top_);
  }

  // Blahut-Arimoto steps whose exponent grows while they gain and falls back to 1,
  // where a gain is certain, when one does not.
  void ClimbUntil(std::size_t until) {
    // A channel that tells little moves p by little: begin where the best input gains a factor e.
    double exponent = options_.newton && top_ > 0 ? std::max(1.0, 1 / top_) : 1;
    std::vector<double> next(n_);
    std::vector<double> gain(n_);
    while (capacity_.iterations < until && !Ended()) {
      gain = divergence_;
      const double before = information_;
      double sum = 0;
      for (std::size_t x = 0; x < n_; ++x) {
        next[x] = input_[x] * std::exp(exponent * (gain[x] - top_));
        sum += next[x];
      }
      for (double& p : next) p /= sum;
      Measure(next);
      ++capacity_.iterations;
      if (information_ < before && exponent > 1) {
        exponent = std::max(1.0, exponent / 4);
        Measure(input_);
        continue;
      }
      input_.swap(next);
      Keep();
      if (options_.newton) exponent *= 1.5;
    }
  }

  // Projected Newton steps on the inputs that count, until they end the search or
  // stop to help. Inputs at 0 come back when they would tell more than the mean.
  void Newton() {
    const std::vector<double> entry = input_;
    const double entry_information = information_;
    const double least = 1e-3 / static_cast<double>(n_);
    double sum = 0;
    for (std::size_t x = 0; x < n_; ++x) {
      if (input_[x] < least && divergence_[x] < information_) input_[x] = 0;
      sum += input_[x];
    }
    for (double& p : input_) p /= sum;
    Measure(input_);
    Keep();
    double gap = upper_ - lower_;
    int idle = 0;
    while (!Ended() && idle < 4) {
      if (!NewtonStep()) break;
      Measure(input_);
      Keep();
      idle = upper_ - lower_ < 0.7 * gap ? 0 : idle + 1;
      gap = std::min(gap, upper_ - lower_);
    }
    if (Ended()) return;
    // An input at 0 would stay there for ever in a Blahut-Arimoto step.
    if (information_ < entry_information) input_ = entry;
    for (double& p : input_) p = 0.999 * p + 0.001 / static_cast<double>(n_);
    Measure(input_);
  }

  bool NewtonStep() {
    std::vector<std::size_t> active;
    std::vector<const double*> rows;
    std::vector<double> slope, least;
    for (std::size_t x = 0; x < n_; ++x) {
      if (input_[x] == 0 && divergence_[x] <= information_) continue;
      active.push_back(x);
      rows.push_back(channel_.Row(x).data());
      slope.push_back(divergence_[x] - information_);
      least.push_back(-input_[x]);
    }
    if (active.size() > kMostNewton) return false;
    ++capacity_.newton_iterations;
    std::vector<double> scale = output_;
    for (double& q : scale) q = std::max(q, 1e-30);
    const std::vector<double> direction = MaximizeBounded(ScaledProducts(rows, scale), slope, least);
    const double before = information_;
    std::vector<double> next(n_);
    for (double length = 1; length > 1e-3; length /= 2) {
      std::fill(next.begin(), next.end(), 0.0);
      double sum = 0;
      for (std::size_t i = 0; i < active.size(); ++i)
        sum += next[active[i]] = std::max(0.0, input_[active[i]] + length * direction[i]);
      if (!(sum > 0)) continue;
      for (double& p : next) p /= sum;
      if (Information(next) >= before - rounding_) {
        input_.swap(next);
        return true;
      }
    }
    return false;
  }

  Capacity Finish() {
    constexpr double kBit = 1 / std::numbers::ln2;
    capacity_.lower = std::max(0.0, (lower_ - rounding_) * kBit);
    capacity_.upper = std::max(0.0, (upper_ + rounding_) * kBit);
    capacity_.converged = capacity_.upper - capacity_.lower <= options_.tolerance;
    return std::move(capacity_);
  }

  const Channel& channel_;
  const CapacityOptions& options_;
  const std::size_t n_, m_;
  std::vector<double> own_;         // by input: sum w ln w
  std::vector<double> input_{};     // where the search stands
  std::vector<double> divergence_;  // by input: D(W_x || q)
  std::vector<double> output_, log_output_;
  double information_ = 0, top_ = 0;  // at the point measured last, nats
  double rounding_ = 0;
  double lower_ = 0, upper_ = std::numeric_limits<double>::infinity();  // the best of all points
  Capacity capacity_{};
};

}  // namespace

Capacity FindCapacity(const Channel& channel, const CapacityOptions& options) { return Search(channel, options).Run(); }

}  // namespace ringfort::information_flow
