#include "campaign/comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>

#include "statistics/auroc_interval.h"
#include "statistics/bootstrap.h"
#include "statistics/clustered_bootstrap.h"
#include "statistics/false_discovery.h"
#include "statistics/normal_distribution.h"
#include "statistics/paired_comparison.h"
#include "statistics/proportion_interval.h"

namespace ringfort::campaign {
namespace {

constexpr double kSignificant = 0.05;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// Measure, target, defense, attack, seed, label, judge.
using Key = std::tuple<Measure, std::string, std::string, std::string, std::uint64_t, std::string, std::string>;

// What came of one text or sample, all its tries together.
struct Tried {
  bool member = false;
  double sum = 0;  // of scores, or successes
  std::uint64_t tries = 0;

  double mean() const { return sum / static_cast<double>(tries); }
};

struct Line {
  std::map<std::string, Tried> texts{};  // by digest, tried at least once
  bool uncalibrated = false;
};
using Lines = std::map<Key, Line>;

// What two lines share, and what of it.
struct Pair {
  const Tried* before;
  const Tried* after;
};

class Reader {
 public:
  explicit Reader(const LoggedCampaign& logged) : logged_(logged) {}

  Lines Read() {
    std::unordered_map<std::string_view, const TrialRecord*> by_id;
    for (const TrialRecord& record : logged_.records) by_id.emplace(record.id, &record);
    for (const ListedTrial& trial : logged_.list.trials) {
      const auto at = by_id.find(trial.id);
      Add(trial, at == by_id.end() ? nullptr : at->second);
    }
    return std::move(lines_);
  }

 private:
  void Add(const ListedTrial& trial, const TrialRecord* record) {
    const attacks::AttackEntry& entry = EntryOf(logged_.plan.attacks[trial.attack].name, logged_.cards);
    const Subject& subject = logged_.subjects[trial.subject];
    const bool asks = !entry.card.needs.empty();
    const bool speaks =
        entry.card.needs.Has(engines::Ability::kGenerate) || entry.card.needs.Has(engines::Ability::kChat);
    Key key{
        Measure::kArea, asks ? subject.id : "", asks ? subject.defense : "", entry.card.name, trial.trial.seed, "", ""};
    const bool area =
        !std::holds_alternative<attacks::MakeAttack>(entry.way) || entry.card.shows == attacks::Shows::kMembership;
    if (area) return AddScore(key, trial, record, logged_.texts.texts[trial.text].member);
    std::get<4>(key) = 0;
    std::get<5>(key) = LabelOf(logged_.plan, logged_.texts, trial);
    if (entry.card.shows == attacks::Shows::kNumber) {
      std::get<0>(key) = Measure::kNumber;
      return AddScore(key, trial, record, false);
    }
    std::get<0>(key) = Measure::kRate;
    const SeatedJudge verbatim = VerbatimJudge();
    for (const SeatedJudge& judge : speaks && !logged_.judges.empty() ? logged_.judges : std::span(&verbatim, 1)) {
      std::get<6>(key) = judge.name;
      Line& line = lines_[key];
      line.uncalibrated = judge.calibration() == Calibration::kUncalibrated;
      if (record == nullptr) continue;
      const Outcome outcome = OutcomeBy(judge, *record);
      if (outcome != Outcome::kSucceeded && outcome != Outcome::kFailed) continue;
      Tried& tried = line.texts[trial.trial.sample];
      ++tried.tries;
      tried.sum += outcome == Outcome::kSucceeded ? 1 : 0;
    }
  }

  void AddScore(const Key& key, const ListedTrial& trial, const TrialRecord* record, bool member) {
    Line& line = lines_[key];
    if (record == nullptr || record->outcome == Outcome::kError) return;
    Tried& tried = line.texts[trial.trial.sample];
    tried.member = member;
    ++tried.tries;
    tried.sum += record->score;
  }

  const LoggedCampaign& logged_;
  Lines lines_;
};

// Texts in both, with one truth.
std::vector<Pair> Shared(const Line& before, const Line& after) {
  std::vector<Pair> pairs;
  for (const auto& [digest, tried] : after.texts)
    if (const auto at = before.texts.find(digest); at != before.texts.end() && at->second.member == tried.member)
      pairs.push_back({&at->second, &tried});
  return pairs;
}

struct TwoKinds {
  std::vector<double> members{}, others{};
  bool enough() const { return members.size() >= 2 && others.size() >= 2; }
  void Add(const Tried& tried) { (tried.member ? members : others).push_back(tried.mean()); }
};

TwoKinds KindsOf(const Line& line) {
  TwoKinds kinds;
  for (const auto& [digest, tried] : line.texts) kinds.Add(tried);
  return kinds;
}

double SignProbability(std::span<const Pair> pairs) {
  std::uint64_t rose = 0, fell = 0;
  for (const Pair& pair : pairs) {
    rose += pair.after->mean() > pair.before->mean() ? 1 : 0;
    fell += pair.after->mean() < pair.before->mean() ? 1 : 0;
  }
  return statistics::TestPairedOutcomes(rose, fell).middle;
}

Status CompareAreas(const Line& before, const Line& after, ComparedLine& line) {
  TwoKinds first, second;
  for (const Pair& pair : Shared(before, after)) {
    first.Add(*pair.before);
    second.Add(*pair.after);
  }
  if (second.enough()) {
    TRY(difference, statistics::DeLongDifference({second.members, first.members, second.others, first.others}));
    line.paired = true;
    line.shared = second.members.size() + second.others.size();
    line.before = difference.second;
    line.after = difference.first;
    line.change = difference.difference;
    line.interval = difference.interval;
    line.probability = difference.probability;
    return Done{};
  }
  first = KindsOf(before);
  second = KindsOf(after);
  if (!first.enough() || !second.enough()) return Done{};
  TRY(earlier, statistics::DeLongAuroc(first.members, first.others));
  TRY(later, statistics::DeLongAuroc(second.members, second.others));
  line.before = earlier.area;
  line.after = later.area;
  line.change = later.area - earlier.area;
  const double deviation = std::sqrt(earlier.variance + later.variance);
  if (deviation == 0) {
    if (*line.change == 0) line.probability = 1;
    return Done{};
  }
  const double half = statistics::NormalHalfWidth(statistics::kUsualConfidence) * deviation;
  line.interval = {std::max(-1.0, *line.change - half), std::min(1.0, *line.change + half)};
  line.probability = statistics::TwoSidedProbability(*line.change / deviation);
  return Done{};
}

struct Counts {
  std::uint64_t successes = 0, tries = 0;
  double rate() const { return static_cast<double>(successes) / static_cast<double>(tries); }
};

Counts CountsOf(const Line& line) {
  Counts counts;
  for (const auto& [digest, tried] : line.texts) {
    counts.successes += static_cast<std::uint64_t>(std::llround(tried.sum));
    counts.tries += tried.tries;
  }
  return counts;
}

Status CompareRates(const Line& before, const Line& after, ComparedLine& line) {
  const std::vector<Pair> pairs = Shared(before, after);
  if (!pairs.empty()) {
    std::vector<statistics::PairedCluster> clusters;
    for (const Pair& pair : pairs)
      clusters.push_back({static_cast<std::uint64_t>(std::llround(pair.after->sum)), pair.after->tries,
                          static_cast<std::uint64_t>(std::llround(pair.before->sum)), pair.before->tries});
    TRY(difference, statistics::ComparePairedRates(clusters));
    line.paired = true;
    line.shared = pairs.size();
    line.before = difference.second;
    line.after = difference.first;
    line.change = difference.difference;
    if (!difference.no_spread) line.interval = difference.interval;
    line.probability = SignProbability(pairs);
    return Done{};
  }
  const Counts first = CountsOf(before), second = CountsOf(after);
  if (first.tries == 0 || second.tries == 0) return Done{};
  line.before = first.rate();
  line.after = second.rate();
  const double change = second.rate() - first.rate();
  line.change = change;
  // Of several tries a sample the intervals would be too narrow: then there is none.
  if (first.tries > before.texts.size() || second.tries > after.texts.size()) return Done{};
  TRY(earlier, statistics::WilsonInterval(first.successes, first.tries));
  TRY(later, statistics::WilsonInterval(second.successes, second.tries));
  line.interval = {change - std::hypot(second.rate() - later.lower, earlier.upper - first.rate()),
                   change + std::hypot(later.upper - second.rate(), first.rate() - earlier.lower)};
  const double pooled =
      static_cast<double>(first.successes + second.successes) / static_cast<double>(first.tries + second.tries);
  const double deviation =
      std::sqrt(pooled * (1 - pooled) * (1 / static_cast<double>(first.tries) + 1 / static_cast<double>(second.tries)));
  line.probability = deviation == 0 ? 1 : statistics::TwoSidedProbability(change / deviation);
  return Done{};
}

double MeanOf(const Line& line) {
  double mean = 0;
  for (const auto& [digest, tried] : line.texts) mean += tried.mean() / static_cast<double>(line.texts.size());
  return mean;
}

Status CompareNumbers(const Line& before, const Line& after, ComparedLine& line) {
  const std::vector<Pair> pairs = Shared(before, after);
  if (pairs.empty()) {
    if (!before.texts.empty()) line.before = MeanOf(before);
    if (!after.texts.empty()) line.after = MeanOf(after);
    if (line.before && line.after) line.change = *line.after - *line.before;
    return Done{};
  }
  line.paired = true;
  line.shared = pairs.size();
  std::vector<double> changes;
  double first = 0, second = 0;
  for (const Pair& pair : pairs) {
    changes.push_back(pair.after->mean() - pair.before->mean());
    first += pair.before->mean() / static_cast<double>(pairs.size());
    second += pair.after->mean() / static_cast<double>(pairs.size());
  }
  line.before = first;
  line.after = second;
  line.change = second - first;
  if (pairs.size() >= 2) line.probability = SignProbability(pairs);
  if (std::ranges::all_of(changes, [&](double change) { return change == changes.front(); })) return Done{};
  TRY(interval, statistics::BootstrapMeanInterval(changes));
  line.interval = interval;
  return Done{};
}

// What one campaign alone says.
std::optional<double> Alone(Measure measure, const Line& line) {
  if (measure == Measure::kRate) {
    const Counts counts = CountsOf(line);
    return counts.tries == 0 ? std::nullopt : std::optional(counts.rate());
  }
  if (measure == Measure::kNumber) return line.texts.empty() ? std::nullopt : std::optional(MeanOf(line));
  const TwoKinds kinds = KindsOf(line);
  if (!kinds.enough()) return std::nullopt;
  const auto area = statistics::DeLongAuroc(kinds.members, kinds.others);
  return area.ok() ? std::optional(area.value().area) : std::nullopt;
}

ComparedLine Named(const Key& key) {
  ComparedLine line;
  std::tie(line.measure, line.target, line.defense, line.attack, line.seed, line.label, line.judge) = key;
  line.probability = line.adjusted = kUnknown;
  return line;
}

}  // namespace

Result<std::vector<ComparedLine>> Compare(const LoggedCampaign& before, const LoggedCampaign& after) {
  const Lines first = Reader(before).Read(), second = Reader(after).Read();
  std::map<Key, ComparedLine> lines;
  for (const auto& [key, earlier] : first) {
    ComparedLine line = Named(key);
    line.uncalibrated = earlier.uncalibrated;
    line.texts_before = earlier.texts.size();
    const auto at = second.find(key);
    if (at == second.end()) {
      line.standing = Standing::kGone;
      line.before = Alone(line.measure, earlier);
    } else {
      const Line& later = at->second;
      line.uncalibrated |= later.uncalibrated;
      line.texts_after = later.texts.size();
      if (line.measure == Measure::kArea) TRY_STATUS(CompareAreas(earlier, later, line));
      if (line.measure == Measure::kRate) TRY_STATUS(CompareRates(earlier, later, line));
      if (line.measure == Measure::kNumber) TRY_STATUS(CompareNumbers(earlier, later, line));
      if (!line.change) {
        line.before = Alone(line.measure, earlier);
        line.after = Alone(line.measure, later);
      }
    }
    lines.emplace(key, std::move(line));
  }
  for (const auto& [key, later] : second) {
    if (first.contains(key)) continue;
    ComparedLine line = Named(key);
    line.uncalibrated = later.uncalibrated;
    line.texts_after = later.texts.size();
    line.standing = Standing::kNew;
    line.after = Alone(line.measure, later);
    lines.emplace(key, std::move(line));
  }
  std::vector<ComparedLine> answer;
  std::vector<double> probabilities;
  for (auto& [key, line] : lines) {
    probabilities.push_back(line.probability);
    answer.push_back(std::move(line));
  }
  TRY(adjusted, statistics::AdjustForFalseDiscovery(probabilities));
  for (std::size_t i = 0; i < answer.size(); ++i) answer[i].adjusted = adjusted[i];
  return answer;
}

std::string_view Reading(const ComparedLine& line) {
  if (line.standing != Standing::kBoth) return Name(line.standing);
  if (!line.change || std::isnan(line.adjusted)) return "too few";
  if (line.adjusted >= kSignificant || *line.change == 0) return "no change shown";
  return *line.change > 0 ? "rose" : "fell";
}

}  // namespace ringfort::campaign
