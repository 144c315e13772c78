#include <algorithm>
#include <map>
#include <queue>
#include <unordered_map>
#include <utility>

#include "games/attacker_answer_internal.h"

namespace ringfort::games {
namespace {

using attack_graph::kNone;

// A tree that is best for every portfolio closes a fact at once; equal up to rounding.
constexpr double kRounding = 1e-14;
// After a better way was found, so many partial trees more may find a better one still.
constexpr std::uint64_t kPatience = 2'000;
constexpr std::size_t kMostWays = 4;

// The yields of a label are kept for each portfolio, times the portfolio's probability.
struct Label {
  double bound = 0;
  std::uint32_t parent = kNone;
  std::uint32_t step = kNone;  // that closed a fact of the parent's
  std::uint32_t first_open = 0;
  std::uint32_t open_count = 0;
  bool dominated = false;
};

struct OpenFacts {
  std::vector<std::uint32_t> facts{};
  bool operator==(const OpenFacts&) const = default;
};

struct HashOpenFacts {
  std::size_t operator()(const OpenFacts& open) const {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const std::uint32_t fact : open.facts) hash = (hash ^ fact) * 0x100000001B3;
    return static_cast<std::size_t>(hash);
  }
};

class MixtureSearch {
 public:
  MixtureSearch(const AttackCore& core, const std::vector<MixedPortfolio>& mixture)
      : core_(core), mixture_(mixture), portfolios_(mixture.size()) {
    weights_.resize(core.step_count() * portfolios_);
    best_.resize(core.fact_count() * portfolios_);
    for (std::size_t k = 0; k < portfolios_; ++k) {
      for (std::size_t step = 0; step < core.step_count(); ++step)
        weights_[step * portfolios_ + k] = (*mixture[k].weights)[step];
      for (std::size_t fact = 0; fact < core.fact_count(); ++fact)
        best_[fact * portfolios_ + k] = mixture[k].trees->best[fact];
    }
    FindUnanimous();
  }

  AttackerAnswer Find(double threshold, double slack, std::uint64_t most_labels);

 private:
  // For facts that one tree is best for in every portfolio: the step that begins it.
  void FindUnanimous();
  // What the tree that is best for portfolio `k` yields in each; kept once computed.
  const double* Completion(std::uint32_t fact, std::size_t k);
  void Complete(std::uint32_t label);
  void Offer(std::uint32_t label, std::size_t by, double payoff);
  void Expand(std::uint32_t label);
  bool Dominated(std::uint32_t label);
  StepTimes StepsOf(std::uint32_t label, std::size_t by) const;
  void AddTree(std::uint32_t fact, std::size_t by, StepTimes& steps) const;

  double* Yields(std::uint32_t label) { return yields_.data() + label * portfolios_; }

  const AttackCore& core_;
  const std::vector<MixedPortfolio>& mixture_;
  std::size_t portfolios_;
  std::vector<double> weights_{};  // by step, then portfolio
  std::vector<double> best_{};     // by fact, then portfolio
  std::vector<std::uint32_t> unanimous_{};

  std::vector<Label> labels_{};
  std::vector<double> yields_{};
  std::vector<std::uint32_t> open_{};
  std::unordered_map<OpenFacts, std::vector<std::uint32_t>, HashOpenFacts> with_open_{};
  std::unordered_map<std::uint64_t, std::size_t> completion_at_{};
  std::vector<double> completions_{};
  std::priority_queue<std::pair<double, std::uint32_t>> queue_{};

  struct Found {
    double payoff;
    std::uint32_t label;
    std::size_t by;
  };
  std::vector<Found> found_{};  // best last
  double threshold_ = 0;
  double known_ = 0;
  double pruned_ = 0;  // the largest bound of what was left out
  double slack_ = 0;
};

void MixtureSearch::FindUnanimous() {
  unanimous_.assign(core_.fact_count(), kNone);
  std::vector<double> product(portfolios_);
  // In the order of one portfolio's settling each fact comes after those that its best tree needs.
  for (const std::uint32_t fact : mixture_.front().trees->settled) {
    for (const std::uint32_t step : core_.StepsTo(fact)) {
      const auto premises = core_.Premises(step);
      if (!std::all_of(premises.begin(), premises.end(), [&](std::uint32_t p) { return unanimous_[p] != kNone; }))
        continue;
      bool best = true;
      for (std::size_t k = 0; k < portfolios_ && best; ++k) {
        double yield = weights_[step * portfolios_ + k];
        for (const std::uint32_t premise : premises) yield *= best_[premise * portfolios_ + k];
        best = yield >= best_[fact * portfolios_ + k] * (1 - kRounding);
      }
      if (best) {
        unanimous_[fact] = step;
        break;
      }
    }
  }
}

const double* MixtureSearch::Completion(std::uint32_t fact, std::size_t k) {
  const auto key = [&](std::uint32_t of) { return static_cast<std::uint64_t>(of) * portfolios_ + k; };
  const auto known = completion_at_.find(key(fact));
  if (known != completion_at_.end()) return completions_.data() + known->second;
  const BestTrees& trees = *mixture_[k].trees;
  std::vector<std::uint32_t> stack{fact};
  while (!stack.empty()) {
    const std::uint32_t top = stack.back();
    if (completion_at_.contains(key(top))) {
      stack.pop_back();
      continue;
    }
    const std::uint32_t step = trees.choice[top];
    bool ready = true;
    for (const std::uint32_t premise : core_.Premises(step))
      if (!completion_at_.contains(key(premise))) {
        stack.push_back(premise);
        ready = false;
      }
    if (!ready) continue;
    const std::size_t at = completions_.size();
    completions_.insert(completions_.end(), weights_.begin() + static_cast<std::ptrdiff_t>(step * portfolios_),
                        weights_.begin() + static_cast<std::ptrdiff_t>((step + 1) * portfolios_));
    for (const std::uint32_t premise : core_.Premises(step)) {
      const std::size_t below = completion_at_[key(premise)];
      for (std::size_t j = 0; j < portfolios_; ++j) completions_[at + j] *= completions_[below + j];
    }
    completion_at_[key(top)] = at;
    stack.pop_back();
  }
  return completions_.data() + completion_at_[key(fact)];
}

void MixtureSearch::Offer(std::uint32_t label, std::size_t by, double payoff) {
  if (!(payoff > known_)) return;
  known_ = payoff;
  if (payoff > threshold_ + slack_) found_.push_back({payoff, label, by});
}

// Closes what is open with the tree that is best where the label's bound is largest.
void MixtureSearch::Complete(std::uint32_t label) {
  const Label& at = labels_[label];
  if (at.open_count == 0) return Offer(label, 0, at.bound);
  std::vector<double> bounds(Yields(label), Yields(label) + portfolios_);
  for (std::uint32_t i = 0; i < at.open_count; ++i)
    for (std::size_t k = 0; k < portfolios_; ++k) bounds[k] *= best_[open_[at.first_open + i] * portfolios_ + k];
  const auto by = static_cast<std::size_t>(std::max_element(bounds.begin(), bounds.end()) - bounds.begin());
  if (!(bounds[by] > 0)) return;
  std::vector<double> yields(Yields(label), Yields(label) + portfolios_);
  for (std::uint32_t i = 0; i < at.open_count; ++i) {
    const double* completion = Completion(open_[at.first_open + i], by);
    for (std::size_t k = 0; k < portfolios_; ++k) yields[k] *= completion[k];
  }
  double payoff = 0;
  for (const double yield : yields) payoff += yield;
  Offer(label, by, payoff);
}

// Whether an earlier label, or one that this descends from, leaves no less in any portfolio and no
// more to be done; if not, it joins those with its open facts.
bool MixtureSearch::Dominated(std::uint32_t label) {
  const Label& at = labels_[label];
  OpenFacts open;
  open.facts.assign(open_.begin() + at.first_open, open_.begin() + at.first_open + at.open_count);
  const double* yields = Yields(label);
  const auto covers = [&](const double* one, const double* other) {
    for (std::size_t k = 0; k < portfolios_; ++k)
      if (one[k] < other[k]) return false;
    return true;
  };
  if (at.open_count > 1)
    for (std::uint32_t above = at.parent; above != kNone; above = labels_[above].parent) {
      const Label& ancestor = labels_[above];
      const auto first = open_.begin() + ancestor.first_open;
      if (ancestor.open_count <= at.open_count &&
          std::includes(open.facts.begin(), open.facts.end(), first, first + ancestor.open_count) &&
          covers(Yields(above), yields))
        return true;
    }
  std::vector<std::uint32_t>& others = with_open_[open];
  for (const std::uint32_t other : others)
    if (covers(Yields(other), yields)) return true;
  std::erase_if(others, [&](std::uint32_t other) {
    if (!covers(yields, Yields(other))) return false;
    labels_[other].dominated = true;
    return true;
  });
  others.push_back(label);
  return false;
}

void MixtureSearch::Expand(std::uint32_t parent) {
  const Label from = labels_[parent];
  const std::uint32_t closed = open_[from.first_open + from.open_count - 1];
  std::vector<std::uint32_t> open;
  std::vector<double> yields(portfolios_);
  for (const std::uint32_t step : core_.StepsTo(closed)) {
    open.assign(open_.begin() + from.first_open, open_.begin() + from.first_open + from.open_count - 1);
    for (std::size_t k = 0; k < portfolios_; ++k)
      yields[k] = yields_[parent * portfolios_ + k] * weights_[step * portfolios_ + k];
    for (const std::uint32_t premise : core_.Premises(step)) {
      if (unanimous_[premise] == kNone)
        open.push_back(premise);
      else
        for (std::size_t k = 0; k < portfolios_; ++k) yields[k] *= best_[premise * portfolios_ + k];
    }
    double bound = 0;
    for (std::size_t k = 0; k < portfolios_; ++k) {
      double most = yields[k];
      for (const std::uint32_t fact : open) most *= best_[fact * portfolios_ + k];
      bound += most;
    }
    if (!(bound > known_ + slack_)) {
      pruned_ = std::max(pruned_, bound);
      continue;
    }
    std::sort(open.begin(), open.end());
    const auto label = static_cast<std::uint32_t>(labels_.size());
    labels_.push_back({bound, parent, step, static_cast<std::uint32_t>(open_.size()),
                       static_cast<std::uint32_t>(open.size()), false});
    open_.insert(open_.end(), open.begin(), open.end());
    yields_.insert(yields_.end(), yields.begin(), yields.end());
    Complete(label);
    if (!open.empty() && !Dominated(label)) queue_.push({bound, label});
  }
}

void MixtureSearch::AddTree(std::uint32_t fact, std::size_t by, StepTimes& steps) const {
  // Facts after those that need them, so that each is opened once, as often as it is needed.
  const bool one = by < portfolios_;
  const std::vector<std::uint32_t>& settled = mixture_[one ? by : 0].trees->settled;
  std::vector<std::uint32_t> rank(core_.fact_count(), 0);
  for (std::uint32_t i = 0; i < settled.size(); ++i) rank[settled[i]] = i;
  std::map<std::uint32_t, double> open{{rank[fact], 1}};
  while (!open.empty()) {
    const auto [last, times] = *open.rbegin();
    open.erase(last);
    const std::uint32_t step = one ? mixture_[by].trees->choice[settled[last]] : unanimous_[settled[last]];
    steps.push_back({step, times});
    for (const std::uint32_t premise : core_.Premises(step)) open[rank[premise]] += times;
  }
}

StepTimes MixtureSearch::StepsOf(std::uint32_t label, std::size_t by) const {
  StepTimes steps;
  const Label& at = labels_[label];
  for (std::uint32_t i = 0; i < at.open_count; ++i) AddTree(open_[at.first_open + i], by, steps);
  for (std::uint32_t up = label; labels_[up].step != kNone; up = labels_[up].parent) {
    steps.push_back({labels_[up].step, 1});
    for (const std::uint32_t premise : core_.Premises(labels_[up].step))
      if (unanimous_[premise] != kNone) AddTree(premise, portfolios_, steps);
  }
  std::sort(steps.begin(), steps.end());
  StepTimes merged;
  for (const auto& [step, times] : steps) {
    if (merged.empty() || merged.back().first != step) merged.push_back({step, 0});
    merged.back().second += times;
  }
  return merged;
}

AttackerAnswer MixtureSearch::Find(double threshold, double slack, std::uint64_t most_labels) {
  threshold_ = known_ = pruned_ = threshold;
  slack_ = slack;
  double bound = 0;
  for (std::size_t k = 0; k < portfolios_; ++k) {
    yields_.push_back(mixture_[k].probability * core_.scale());
    bound += yields_.back() * best_[core_.target() * portfolios_ + k];
  }
  labels_.push_back({bound, kNone, kNone, 0, 1, false});
  open_.push_back(core_.target());
  Complete(0);
  queue_.push({bound, 0});
  std::uint64_t enough = most_labels;
  while (!queue_.empty() && queue_.top().first > known_ + slack_ && labels_.size() < enough) {
    const std::uint32_t label = queue_.top().second;
    queue_.pop();
    if (labels_[label].dominated) continue;
    Expand(label);
    if (enough == most_labels && !found_.empty()) enough = std::min(most_labels, labels_.size() + kPatience);
  }
  AttackerAnswer answer;
  answer.payoff = known_;
  answer.labels = labels_.size();
  answer.upper = std::max(known_, pruned_);
  if (!queue_.empty()) answer.upper = std::max(answer.upper, queue_.top().first);
  for (auto way = found_.rbegin(); way != found_.rend() && answer.ways.size() < kMostWays; ++way)
    answer.ways.push_back(StepsOf(way->label, way->by));
  return answer;
}

}  // namespace

AttackerAnswer AnswerMixture(const AttackCore& core, const std::vector<MixedPortfolio>& mixture, double threshold,
                             double slack, std::uint64_t labels) {
  return MixtureSearch(core, mixture).Find(threshold, slack, labels);
}

}  // namespace ringfort::games
