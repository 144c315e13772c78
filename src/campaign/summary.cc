#include "campaign/summary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_map>

#include "base/json.h"
#include "statistics/auroc_interval.h"
#include "statistics/false_discovery.h"
#include "statistics/normal_distribution.h"

namespace ringfort::campaign {
namespace {

constexpr std::string_view kBlind = "blind_baseline";
constexpr double kUsualPower = 0.8;
constexpr double kSignificant = 0.05;
constexpr std::uint64_t kFirstGrowth = 4;  // of each kind

// The trials of one attack on one target with one seed.
struct Group {
  std::vector<std::pair<const ListedTrial*, const TrialRecord*>> trials{};  // record: none if not made
};
using GroupKey = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>;  // subject, attack, seed
using Scores = std::map<std::uint32_t, double>;                            // by text

bool HasScore(const TrialRecord* record) { return record != nullptr && record->outcome != Outcome::kError; }

double NullDeviation(std::uint64_t positives, std::uint64_t negatives) {
  const auto n = static_cast<double>(positives), m = static_cast<double>(negatives);
  return n * m == 0 ? 0 : std::sqrt((n + m + 1) / (12 * n * m));
}

class Summarizer {
 public:
  Summarizer(const Plan& plan, const Texts& texts, std::span<const Subject> subjects,
             std::span<const attacks::AttackEntry> cards, std::span<const SeatedJudge> judges)
      : plan_(plan), texts_(texts), subjects_(subjects), cards_(cards), judges_(judges) {}

  Result<Summary> Make(const TrialList& list, std::span<const TrialRecord> records) {
    summary_.name = plan_.name;
    summary_.listed = list.trials.size();
    summary_.skips = list.skips;
    std::unordered_map<std::string_view, const TrialRecord*> by_id;
    for (const TrialRecord& record : records) by_id.emplace(record.id, &record);
    std::map<GroupKey, Group> groups;
    for (const ListedTrial& trial : list.trials) {
      const auto at = by_id.find(trial.id);
      const TrialRecord* record = at == by_id.end() ? nullptr : at->second;
      groups[{trial.subject, trial.attack, trial.trial.seed}].trials.emplace_back(&trial, record);
      if (record != nullptr) Count(*record);
    }
    std::uint64_t members = 0;
    for (const LabeledText& text : texts_.texts) members += text.member ? 1 : 0;
    summary_.detectable_auroc = DetectableAuroc(members, texts_.texts.size() - members);
    TRY_STATUS(CompareLengths());
    const Scores blind = Blind(groups);
    for (const auto& [key, group] : groups) {
      const auto& entry = EntryOf(plan_.attacks[std::get<1>(key)].name, cards_);
      if (entry.card.asks_model_alone()) {
        AddTaken(key, entry, group);
      } else if (!std::holds_alternative<attacks::MakeAttack>(entry.way) ||
                 entry.card.shows == attacks::Shows::kMembership) {
        TRY_STATUS(AddMembership(key, group, entry.card.needs.empty(), blind, Undefended(key, groups)));
      }
    }
    TRY_STATUS(AddAnswers(groups));
    TRY_STATUS(Adjust());
    return std::move(summary_);
  }

 private:
  Status CompareLengths() {
    if (texts_.texts.empty()) return Done{};
    std::vector<double> members, held_out;
    for (const LabeledText& text : texts_.texts)
      (text.member ? members : held_out).push_back(static_cast<double>(text.text.size()));
    TRY(curve, statistics::ReceiverOperatingCurve::FromScores(members, held_out));
    summary_.length_auroc = curve.Area();
    summary_.length_probability =
        statistics::TwoSidedProbability((summary_.length_auroc - 0.5) / NullDeviation(members.size(), held_out.size()));
    summary_.sets_differ = summary_.length_probability < kSignificant;
    return Done{};
  }

  void Count(const TrialRecord& record) {
    ++summary_.made;
    summary_.queries += record.queries;
    summary_.tokens += record.tokens_in + record.tokens_out;
  }

  static Scores ScoresOf(const Group& group) {
    Scores scores;
    for (const auto& [trial, record] : group.trials)
      if (HasScore(record)) scores[trial->text] = record->score;
    return scores;
  }

  // The same attack on the same target without a defense; nothing if this is it.
  Scores Undefended(const GroupKey& key, const std::map<GroupKey, Group>& groups) const {
    const Subject& subject = subjects_[std::get<0>(key)];
    if (subject.defense.empty()) return {};
    for (const auto& [other, group] : groups) {
      const Subject& bare = subjects_[std::get<0>(other)];
      if (bare.id == subject.id && bare.defense.empty() && std::get<1>(other) == std::get<1>(key) &&
          std::get<2>(other) == std::get<2>(key))
        return ScoresOf(group);
    }
    return {};
  }

  // AUROC of `scores` minus that of `others`, on the texts that have both.
  Result<std::optional<statistics::AurocDifference>> Difference(const Scores& scores, const Scores& others) const {
    std::vector<double> positives, negatives, other_positives, other_negatives;
    for (const auto& [text, score] : scores) {
      const auto at = others.find(text);
      if (at == others.end()) continue;
      const bool member = texts_.texts[text].member;
      (member ? positives : negatives).push_back(score);
      (member ? other_positives : other_negatives).push_back(at->second);
    }
    if (positives.size() < 2 || negatives.size() < 2) return std::optional<statistics::AurocDifference>{};
    TRY(difference, statistics::DeLongDifference({positives, other_positives, negatives, other_negatives}));
    return std::optional(difference);
  }

  // With several seeds the first: the folds differ, the texts do not.
  Scores Blind(const std::map<GroupKey, Group>& groups) const {
    for (const auto& [key, group] : groups)
      if (plan_.attacks[std::get<1>(key)].name == kBlind) return ScoresOf(group);
    return {};
  }

  Status AddMembership(const GroupKey& key, const Group& group, bool asks_nothing, const Scores& blind,
                       const Scores& undefended) {
    MembershipResult result;
    if (!asks_nothing) result.target = subjects_[std::get<0>(key)].id;
    if (!asks_nothing) result.defense = subjects_[std::get<0>(key)].defense;
    result.attack = plan_.attacks[std::get<1>(key)].name;
    result.seed = std::get<2>(key);
    std::vector<double> positives, negatives;
    for (const auto& [trial, record] : group.trials) {
      if (record == nullptr) ++result.missing;
      if (record != nullptr && record->outcome == Outcome::kError) ++result.errors;
      if (!HasScore(record)) continue;
      (texts_.texts[trial->text].member ? positives : negatives).push_back(record->score);
    }
    result.members = positives.size();
    result.held_out = negatives.size();
    if (result.scored()) {
      TRY_STATUS(Grow(group, result));
      TRY(area, statistics::DeLongAuroc(positives, negatives));
      TRY(curve, statistics::ReceiverOperatingCurve::FromScores(positives, negatives));
      TRY(percent, curve.AtFalsePositiveRate(0.01));
      TRY(permille, curve.AtFalsePositiveRate(0.001));
      result.auroc = area.area;
      result.interval = area.interval;
      result.at_one_percent = percent;
      result.at_one_permille = permille;
      result.curve = curve.LogarithmicPoints();
      result.probability =
          statistics::TwoSidedProbability((area.area - 0.5) / NullDeviation(positives.size(), negatives.size()));
    }
    if (!asks_nothing) {
      TRY(flow, MembershipFlow(positives, negatives));
      if (flow) AddFlow(result, std::move(*flow));
    }
    const Scores own = ScoresOf(group);
    if (result.attack != kBlind) {
      TRY(above_blind, Difference(own, blind));
      if (above_blind)
        result.above_blind = above_blind->difference, result.above_blind_interval = above_blind->interval;
    }
    TRY(change, Difference(own, undefended));
    if (change) result.above_undefended = change->difference, result.above_undefended_interval = change->interval;
    summary_.membership.push_back(std::move(result));
    return Done{};
  }

  template <class Named>
  void AddFlow(const Named& result, AttackFlow flow) {
    flow.target = result.target;
    flow.defense = result.defense;
    flow.attack = result.attack;
    flow.seed = result.seed;
    summary_.flows.push_back(std::move(flow));
  }

  Status Grow(const Group& group, MembershipResult& result) const {
    std::vector<std::pair<std::string_view, double>> members, held_out;
    for (const auto& [trial, record] : group.trials)
      if (HasScore(record))
        (texts_.texts[trial->text].member ? members : held_out).emplace_back(trial->trial.sample, record->score);
    std::ranges::sort(members);
    std::ranges::sort(held_out);
    const std::uint64_t all = std::max(members.size(), held_out.size());
    for (std::uint64_t each = std::min(kFirstGrowth, all);; each = std::min(2 * each, all)) {
      std::vector<double> positives, negatives;
      for (std::size_t i = 0; i < std::min<std::size_t>(each, members.size()); ++i)
        positives.push_back(members[i].second);
      for (std::size_t i = 0; i < std::min<std::size_t>(each, held_out.size()); ++i)
        negatives.push_back(held_out[i].second);
      TRY(area, statistics::DeLongAuroc(positives, negatives));
      result.growth.push_back({positives.size() + negatives.size(), area.area, area.interval});
      if (each == all) return Done{};
    }
  }

  void AddTaken(const GroupKey& key, const attacks::AttackEntry& entry, const Group& group) {
    const Subject& subject = subjects_[std::get<0>(key)];
    TakenResult result;
    result.target = subject.id;
    result.defense = subject.defense;
    result.attack = entry.card.name;
    result.seed = std::get<2>(key);
    if (entry.card.sought != nullptr) result.truth = subject.model->Facts().*entry.card.sought;
    const TrialRecord* record = group.trials.front().second;
    result.missing = record == nullptr;
    if (record != nullptr) {
      result.outcome = record->outcome;
      result.found = record->score;
      result.queries = record->queries;
      result.tokens = record->tokens_in + record->tokens_out;
      if (record->outcome == Outcome::kError) result.error = record->observed;
      if (record->outcome != Outcome::kError) ReadCurve(record->observed, result);
    }
    summary_.taken.push_back(std::move(result));
  }

  // Of a log that another program changed the curve is left out.
  static void ReadCurve(const std::string& observed, TakenResult& result) {
    const auto json = ParseJson(observed);
    if (!json.ok() || !json.value().is_object() || !json.value().contains("curve")) return;
    const Json& curve = json.value()["curve"];
    if (!curve.is_object() || !curve.contains("points") || !curve["points"].is_array()) return;
    result.spent = TextMember(curve, "spent");
    result.gained = TextMember(curve, "gained");
    for (const Json& point : curve["points"])
      if (point.is_array() && point.size() == 2 && point[0].is_number() && point[1].is_number())
        result.curve.push_back({point[0].get<double>(), point[1].get<double>()});
  }

  // All seeds together: a sample stands and falls as one.
  Status AddAnswers(const std::map<GroupKey, Group>& groups) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<TriedSample>> tried;
    for (const auto& [key, group] : groups) {
      const auto& entry = EntryOf(plan_.attacks[std::get<1>(key)].name, cards_);
      if (!std::holds_alternative<attacks::MakeAttack>(entry.way) || entry.card.asks_model_alone()) continue;
      if (entry.card.shows == attacks::Shows::kMembership) continue;
      auto& all = tried[{std::get<0>(key), std::get<1>(key)}];
      all.insert(all.end(), group.trials.begin(), group.trials.end());
    }
    for (const auto& [key, trials] : tried) {
      const Subject& subject = subjects_[key.first];
      const attacks::AttackCard& card = EntryOf(plan_.attacks[key.second].name, cards_).card;
      if (card.shows == attacks::Shows::kNumber) {
        TRY(numbers, MeanNumbers(plan_, texts_, card, trials));
        for (NumberResult& number : numbers) {
          number.target = subject.id;
          number.defense = subject.defense;
          summary_.numbers.push_back(std::move(number));
        }
        continue;
      }
      std::vector<TriedSample> undefended;
      for (const auto& [other, bare] : tried)
        if (!subject.defense.empty() && other.second == key.second && subjects_[other.first].id == subject.id &&
            subjects_[other.first].defense.empty())
          undefended = bare;
      TRY(results, CountSuccesses(plan_, texts_, card, trials, undefended, judges_));
      for (SuccessResult& result : results) {
        result.target = subject.id;
        result.defense = subject.defense;
        std::vector<TriedSample> of_label;
        for (const TriedSample& one : trials)
          if (LabelOf(plan_, texts_, *one.first) == result.label) of_label.push_back(one);
        TRY(flow, SecretFlow(plan_, texts_, card, of_label, result));
        if (flow) AddFlow(result, std::move(*flow));
        summary_.success.push_back(std::move(result));
      }
    }
    return Done{};
  }

  Status Adjust() {
    std::vector<double> probabilities;
    for (const MembershipResult& result : summary_.membership)
      probabilities.push_back(result.scored() ? result.probability : std::nan(""));
    TRY(adjusted, statistics::AdjustForFalseDiscovery(probabilities));
    for (std::size_t i = 0; i < adjusted.size(); ++i)
      if (!std::isnan(adjusted[i])) summary_.membership[i].adjusted = adjusted[i];
    for (const MembershipResult& result : summary_.membership)
      if (result.attack == kBlind && result.adjusted < kSignificant) summary_.sets_differ = true;
    return Done{};
  }

  const Plan& plan_;
  const Texts& texts_;
  std::span<const Subject> subjects_;
  std::span<const attacks::AttackEntry> cards_;
  std::span<const SeatedJudge> judges_;
  Summary summary_;
};

}  // namespace

Result<Summary> Summarize(const Plan& plan, const Texts& texts, std::span<const Subject> subjects,
                          std::span<const attacks::AttackEntry> cards, const TrialList& list,
                          std::span<const TrialRecord> records, std::span<const SeatedJudge> judges) {
  return Summarizer(plan, texts, subjects, cards, judges).Make(list, records);
}

std::string_view Reading(const MembershipResult& result, const Summary& summary) {
  if (!result.scored()) return "not shown";
  if (result.target.empty()) return result.adjusted < kSignificant ? "sets differ" : "sets look alike";
  if (result.adjusted >= kSignificant) return "no leak shown";
  if (!result.above_blind) return "no baseline";
  if (summary.sets_differ) return "sets differ";
  return result.above_blind_interval.lower > 0 ? "leaks" : "no more than blind";
}

std::string_view Reading(const AttackFlow& flow, const Summary& summary) {
  if (flow.label.empty())
    for (const MembershipResult& result : summary.membership)
      if (result.target == flow.target && result.defense == flow.defense && result.attack == flow.attack &&
          result.seed == flow.seed)
        return Reading(result, summary);
  return flow.leak_shown() ? "leaks" : "no leak shown";
}

double DetectableAuroc(std::uint64_t positives, std::uint64_t negatives) {
  const double deviation = NullDeviation(positives, negatives);
  if (deviation == 0) return 1;
  const double z = statistics::NormalHalfWidth(statistics::kUsualConfidence) + statistics::NormalQuantile(kUsualPower);
  return std::min(1.0, 0.5 + z * deviation);
}

}  // namespace ringfort::campaign
