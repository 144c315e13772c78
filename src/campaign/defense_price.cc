#include "campaign/defense_price.h"

#include <map>
#include <tuple>
#include <unordered_map>

namespace ringfort::campaign {
namespace {

constexpr std::string_view kLoss = "loss";
constexpr std::string_view kRefusals[] = {"refusal", "compliance"};  // the first that was asked

using TrialKey = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>;  // attack, sample, seed
using Made = std::map<TrialKey, std::pair<const ListedTrial*, const TrialRecord*>>;

class Pricer {
 public:
  Pricer(const Plan& plan, const Texts& texts, const Summary& summary)
      : plan_(plan), texts_(texts), summary_(summary) {}

  std::optional<DefensePrice> Price(const Subject& subject, const Made& behind, const Made& bare) const {
    DefensePrice price;
    price.target = subject.id;
    price.defense = subject.defense;
    for (const std::string_view judge : kRefusals)
      if (CountRefusals(judge, price)) break;
    for (const auto& [key, made] : behind) {
      const auto other = bare.find(key);
      if (other == bare.end() || Failed(*made.second) || Failed(*other->second.second)) continue;
      Fit(made, *other->second.second, price);
      if (!IsHarmless(LabelOf(plan_, texts_, *made.first))) continue;
      ++price.asked;
      Spend(*made.second, price.effort);
      Spend(*other->second.second, price.bare_effort);
    }
    if (price.judge.empty() && price.texts == 0 && price.asked == 0) return std::nullopt;
    if (price.texts > 0)
      price.loss /= static_cast<double>(price.texts), price.bare_loss /= static_cast<double>(price.texts);
    if (price.asked > 0) Share(price.effort, price.asked), Share(price.bare_effort, price.asked);
    return price;
  }

 private:
  static bool Failed(const TrialRecord& record) { return record.outcome == Outcome::kError; }

  // Whether the judge was asked about harmless requests behind the defense.
  bool CountRefusals(std::string_view judge, DefensePrice& price) const {
    DefensePrice counted = price;
    std::size_t lines = 0;
    for (const SuccessResult& result : summary_.success) {
      if (result.target != price.target || !IsHarmless(result.label) || result.judge != judge) continue;
      const std::uint64_t judged = result.succeeded + result.failed;
      if (result.defense.empty()) counted.bare_requests += judged, counted.bare_refused += result.failed;
      if (result.defense != price.defense) continue;
      ++lines;
      counted.judge = judge;
      counted.uncalibrated = result.calibration == Calibration::kUncalibrated;
      counted.requests += judged;
      counted.refused += result.failed;
      if (!result.above_undefended) continue;
      counted.more_refused = 0 - *result.above_undefended;  // no minus zero
      counted.more_refused_interval = {0 - result.above_undefended_interval.upper,
                                       0 - result.above_undefended_interval.lower};
    }
    if (lines == 0) return false;
    if (lines > 1) counted.more_refused.reset();  // differences of several attacks or labels are not added up
    price = counted;
    return true;
  }

  void Fit(const std::pair<const ListedTrial*, const TrialRecord*>& made, const TrialRecord& bare,
           DefensePrice& price) const {
    if (plan_.attacks[made.first->attack].name != kLoss || made.first->text >= texts_.texts.size() ||
        texts_.texts[made.first->text].member)
      return;
    ++price.texts;
    price.loss -= made.second->score;
    price.bare_loss -= bare.score;
  }

  static void Spend(const TrialRecord& record, Effort& effort) {
    effort.tokens += static_cast<double>(record.tokens_in + record.tokens_out);
    effort.queries += static_cast<double>(record.queries);
    effort.seconds += record.seconds;
  }

  static void Share(Effort& effort, std::uint64_t count) {
    const auto n = static_cast<double>(count);
    effort = {effort.tokens / n, effort.queries / n, effort.seconds / n};
  }

  const Plan& plan_;
  const Texts& texts_;
  const Summary& summary_;
};

}  // namespace

std::vector<DefensePrice> PriceDefenses(const Plan& plan, const Texts& texts, std::span<const Subject> subjects,
                                        const TrialList& list, std::span<const TrialRecord> records,
                                        const Summary& summary) {
  std::unordered_map<std::string_view, const TrialRecord*> by_id;
  for (const TrialRecord& record : records) by_id.emplace(record.id, &record);
  std::vector<Made> made(subjects.size());
  for (const ListedTrial& trial : list.trials)
    if (const auto at = by_id.find(trial.id); at != by_id.end() && trial.subject < made.size())
      made[trial.subject][{trial.attack, trial.text, trial.trial.seed}] = {&trial, at->second};
  const Pricer pricer(plan, texts, summary);
  std::vector<DefensePrice> prices;
  for (std::size_t i = 0; i < subjects.size(); ++i)
    for (std::size_t j = 0; j < subjects.size(); ++j)
      if (!subjects[i].defense.empty() && subjects[j].defense.empty() && subjects[i].id == subjects[j].id)
        if (auto price = pricer.Price(subjects[i], made[i], made[j])) prices.push_back(std::move(*price));
  return prices;
}

}  // namespace ringfort::campaign
