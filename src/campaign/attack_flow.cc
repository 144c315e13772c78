#include "campaign/attack_flow.h"

#include <algorithm>
#include <vector>

#include "information_flow/attack_channel.h"

namespace ringfort::campaign {
namespace {

using engines::Ability;

constexpr std::string_view kOverlap = "overlap";

double Median(std::vector<double> scores) {
  const auto middle = scores.begin() + static_cast<std::ptrdiff_t>((scores.size() - 1) / 2);
  std::ranges::nth_element(scores, middle);
  return *middle;
}

// Among how many secrets a sample's hides; 0: it does not say.
double ChoicesOf(const attacks::AttackCard& card, const attacks::Sample& sample) {
  if (sample.space > 0) return sample.space;
  // Who lets the target speak is told candidates for other ends.
  const bool speaks = card.needs.Has(Ability::kGenerate) || card.needs.Has(Ability::kChat);
  return speaks || sample.candidates.empty() ? 0 : static_cast<double>(sample.candidates.size()) + 1;
}

}  // namespace

Result<std::optional<AttackFlow>> MembershipFlow(std::span<const double> members, std::span<const double> others) {
  if (members.size() < 2 || others.size() < 2) return std::optional<AttackFlow>();
  std::vector<double> all(members.begin(), members.end());
  all.insert(all.end(), others.begin(), others.end());
  const double median = Median(std::move(all));
  const auto above = [&](std::span<const double> scores) {
    return static_cast<std::uint64_t>(std::ranges::count_if(scores, [&](double score) { return score > median; }));
  };
  const std::uint64_t hits = above(members), alarms = above(others);
  TRY(flow, information_flow::MeasureDecisions({hits, members.size() - hits, alarms, others.size() - alarms}));
  AttackFlow told;
  told.tries = members.size() + others.size();
  told.bits = flow.capacity;
  told.interval = flow.interval;
  return std::optional(told);
}

Result<std::optional<AttackFlow>> SecretFlow(const Plan& plan, const Texts& texts, const attacks::AttackCard& card,
                                             std::span<const TriedSample> tried, const SuccessResult& result) {
  const std::uint64_t judged = result.succeeded + result.failed;
  const bool compared = result.judge == kVerbatim || result.judge == kOverlap;
  if (!compared || result.clustered || judged == 0) return std::optional<AttackFlow>();
  double choices = 0, queries = 0;
  std::uint64_t asked = 0;
  for (const auto& [trial, record] : tried) {
    if (record == nullptr || record->outcome == Outcome::kError) continue;
    const double among = ChoicesOf(card, SampleOf(plan, texts, *trial));
    if (among < 2) return std::optional<AttackFlow>();
    choices = asked == 0 ? among : std::min(choices, among);
    queries += static_cast<double>(record->queries);
    ++asked;
  }
  if (asked == 0) return std::optional<AttackFlow>();
  TRY(flow, information_flow::MeasureChoices(result.succeeded, judged, choices));
  AttackFlow told;
  told.label = result.label;
  told.judge = result.judge;
  told.tries = judged;
  told.choices = choices;
  told.bits = flow.bits_per_query;
  told.interval = flow.interval;
  told.queries = queries / static_cast<double>(asked);
  return std::optional(told);
}

}  // namespace ringfort::campaign
