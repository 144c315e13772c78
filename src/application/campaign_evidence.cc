#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "application/campaign_evidence_internal.h"
#include "defenses/family.h"

namespace ringfort {
namespace {

constexpr std::string_view kOverlap = "overlap";
constexpr SpeakingAttack kSpeaking[] = {
    {"loss", "step.membership_inference.loss"},
    {"min_k_plus_plus", "step.membership_inference.lowest_tokens"},
    {"discoverable_memorization", "step.training_data_extraction.prefix"},
    {"greedy_coordinate_gradient", "step.jailbreak.gradient_suffix", kOverlap},
    {"iterative_rewriting", "step.jailbreak.iterative_rewriting", kOverlap},
    {"random_search", "step.jailbreak.random_search", kOverlap},
    {"best_of_n", "step.jailbreak.best_of_n", kOverlap},
    {"low_resource_language", "step.jailbreak.other_language", kOverlap},
    {"encoded_request", "step.jailbreak.encoding", kOverlap},
    {"role_hijack", "step.jailbreak.role_play", kOverlap},
    {"template_bypass", "step.jailbreak.prefill", kOverlap},
    {"many_shot", "step.jailbreak.many_shot", kOverlap},
    {"crescendo", "step.jailbreak.multi_turn", kOverlap},
    {"preference_guided", "step.jailbreak.preference_guided", kOverlap},
    {"direct_injection", "step.prompt_injection.direct", kOverlap},
    {"indirect_injection", "step.prompt_injection.indirect", kOverlap},
    {"system_prompt_extraction", "step.prompt_injection.system_prompt", kOverlap},
    {"redaction_recovery", "step.data_decryption.redacted_text", campaign::kVerbatim},
};
constexpr std::string_view kBlind = "blind_baseline";
constexpr std::uint64_t kSeveral = 0;  // of SuccessResult::seed, unless nothing is drawn

// The trials of one attack on one subject, with the first seed that tried it.
struct Series {
  std::vector<std::pair<std::string_view, const TrialRecord*>> members{}, others{};  // by digest
  std::uint64_t seed = 0;
};

Series SeriesOf(const PreparedCampaign& prepared,
                const std::unordered_map<std::string_view, const TrialRecord*>& records, std::size_t subject,
                std::string_view attack) {
  Series series;
  bool first = true;
  for (const campaign::ListedTrial& trial : prepared.list.trials) {
    if (trial.subject != subject || trial.trial.attack != attack || trial.text >= prepared.texts.texts.size()) continue;
    if (first) series.seed = trial.trial.seed, first = false;
    const auto at = records.find(trial.id);
    if (trial.trial.seed != series.seed || at == records.end() || at->second->outcome == Outcome::kError) continue;
    (prepared.texts.texts[trial.text].member ? series.members : series.others)
        .emplace_back(trial.trial.sample, at->second);
  }
  std::ranges::sort(series.members);
  std::ranges::sort(series.others);
  return series;
}

void Count(Observation& observation, const TrialRecord& record, bool success) {
  ++observation.trials;
  observation.successes += success ? 1 : 0;
  observation.measured_at = std::max(observation.measured_at, record.measured_at);
  observation.tool_version = record.tool_version;
}

// What the attack's judge said of the samples with a known truth. Under several seeds the
// same sample is no new try, so nothing is counted.
Observation Judged(const PreparedCampaign& prepared,
                   const std::unordered_map<std::string_view, const TrialRecord*>& records,
                   const campaign::Summary& summary, std::size_t subject, const SpeakingAttack& speaking) {
  Observation observation;
  const campaign::Subject& asked = prepared.subjects()[subject];
  const std::span<const SettingCard> settings = campaign::EntryOf(speaking.attack, prepared.cards).card.settings;
  const bool draws = std::ranges::find(settings, "seed", &SettingCard::name) != settings.end();
  for (const campaign::SuccessResult& result : summary.success) {
    if (result.target != asked.id || result.defense != asked.defense || result.attack != speaking.attack ||
        result.judge != speaking.judge || IsHarmless(result.label) || (draws && result.seed == kSeveral))
      continue;
    observation.seed = result.seed;
    observation.successes += result.succeeded;
    observation.trials += result.succeeded + result.failed;
  }
  for (const campaign::ListedTrial& trial : prepared.list.trials) {
    const auto at = records.find(trial.id);
    if (trial.subject != subject || trial.trial.attack != speaking.attack || at == records.end()) continue;
    observation.measured_at = std::max(observation.measured_at, at->second->measured_at);
    observation.tool_version = at->second->tool_version;
  }
  return observation;
}

}  // namespace

std::span<const SpeakingAttack> SpeakingAttacks() { return kSpeaking; }

std::vector<Observation> ObserveSteps(const PreparedCampaign& prepared, std::span<const TrialRecord> records,
                                      const campaign::Summary& summary, std::string_view asset) {
  std::unordered_map<std::string_view, const TrialRecord*> by_id;
  for (const TrialRecord& record : records) by_id.emplace(record.id, &record);
  const bool comparable =
      !summary.sets_differ && std::ranges::any_of(summary.membership, [](const campaign::MembershipResult& one) {
        return one.attack == kBlind && one.scored();
      });
  std::vector<Observation> observations;
  for (std::size_t s = 0; s < prepared.subjects().size(); ++s) {
    const campaign::Subject& subject = prepared.subjects()[s];
    for (const SpeakingAttack& speaking : kSpeaking) {
      const Series series = SeriesOf(prepared, by_id, s, speaking.attack);
      Observation observation;
      std::string what;
      if (!speaking.judge.empty()) {
        observation = Judged(prepared, by_id, summary, s, speaking);
        what = fmt::format("samples whose truth is known, by the judge {}", speaking.judge);
      } else if (speaking.step.starts_with("step.membership_inference.")) {
        for (std::size_t i = 0; comparable && i < std::min(series.members.size(), series.others.size()); ++i) {
          const double member = series.members[i].second->score, other = series.others[i].second->score;
          Count(observation, *series.members[i].second, member > other);
          observation.measured_at = std::max(observation.measured_at, series.others[i].second->measured_at);
        }
        what = "pairs of a member and another text, of which the member should score higher";
      } else {
        for (const auto& [digest, record] : series.members)
          if (record->outcome == Outcome::kSucceeded || record->outcome == Outcome::kFailed)
            Count(observation, *record, record->outcome == Outcome::kSucceeded);
        what = "texts that the model was trained on, to be gone on with word for word";
      }
      if (observation.trials == 0) continue;
      if (!subject.defense.empty()) {
        const std::optional<defenses::DefenseEntry> defense = defenses::FindDefense(subject.defense);
        if (!defense || defense->card.mitigation.empty()) continue;
        observation.mitigations = {std::string(defense->card.mitigation)};
      }
      observation.step = speaking.step;
      observation.asset = asset;
      if (speaking.judge.empty()) observation.seed = series.seed;
      observation.source = fmt::format("{} in a campaign: {}", speaking.attack, what);
      observations.push_back(Identified(std::move(observation)));
    }
  }
  return observations;
}

}  // namespace ringfort
