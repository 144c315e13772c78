#include "campaign/trial_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "base/digest.h"
#include "base/random.h"
#include "base/text.h"

namespace ringfort::campaign {
namespace {

using attacks::AttackEntry;
using attacks::ViewNeeds;

constexpr std::string_view kSeed = "seed";

// The first `most` of a shuffle, in the order of the file.
std::vector<datasets::TextSample> Draw(std::vector<datasets::TextSample> samples, std::uint64_t most,
                                       std::uint64_t seed) {
  if (samples.size() <= most) return samples;
  std::vector<std::size_t> order(samples.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  Random random(seed);
  for (std::size_t i = 0; i < most; ++i) std::swap(order[i], order[i + random.Below(order.size() - i)]);
  order.resize(most);
  std::ranges::sort(order);
  std::vector<datasets::TextSample> drawn;
  for (const std::size_t i : order) drawn.push_back(std::move(samples[i]));
  return drawn;
}

Status Add(std::vector<LabeledText>& texts, const Plan& plan, const std::string& path, bool member) {
  TRY(set, datasets::ReadTextSet(path, plan.unit));
  std::unordered_set<std::string> seen;
  std::vector<datasets::TextSample> different;
  for (datasets::TextSample& sample : set.samples)
    if (seen.insert(sample.digest).second) different.push_back(std::move(sample));
  if (different.size() < 2) return Error{Fault::kInvalidInput, fmt::format("{} holds fewer than two texts", path)};
  // The two sets must not be drawn alike, or equal files would give equal places.
  for (datasets::TextSample& sample : Draw(std::move(different), plan.most_texts, plan.seeds.front() * 2 + member))
    texts.push_back({std::move(sample.id), std::move(sample.text), std::move(sample.digest), member});
  return Done{};
}

// Members and others, and a digest over them and their labels.
Result<std::string> AddBoth(std::vector<LabeledText>& texts, const Plan& plan, const std::string& members,
                            const std::string& held_out) {
  TRY_STATUS(Add(texts, plan, members, true));
  const std::size_t known = texts.size();
  TRY_STATUS(Add(texts, plan, held_out, false));
  std::set<std::string_view> digests;
  std::string all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const LabeledText& text = texts[i];
    if (i < known) digests.insert(text.digest);
    if (i >= known && digests.contains(text.digest))
      return Error{Fault::kInvalidInput,
                   fmt::format("the text {} of {} is a member, too; held-out texts must be others",
                               Printable(text.id, 80), held_out)};
    AppendField(all, text.digest);
    AppendField(all, text.member ? kMember : kHeldOut);
  }
  return Sha256Hex(AsBytes(all));
}

void ReadShadows(Texts& texts, const Plan& plan) {
  for (const PlannedShadow& planned : plan.shadows) {
    ShadowTexts& shadow = texts.shadows.emplace_back();
    shadow.id = fmt::format("shadow {} ({})", texts.shadows.size(), Printable(planned.source, 200));
    auto digest = AddBoth(shadow.texts, plan, planned.members, planned.held_out);
    if (digest.ok()) shadow.digest = std::move(digest).value();
    if (!digest.ok() && texts.no_shadows.empty())
      texts.no_shadows = fmt::format("{}: {}", shadow.id, digest.error().what);
  }
}

// Why these shadows teach nothing of this target; empty: they may.
std::string ShadowLack(const Texts& texts, const Subject& subject) {
  if (texts.shadows.empty()) return "needs shadow models, and the plan names none";
  if (!texts.no_shadows.empty()) return texts.no_shadows;
  for (std::size_t s = 0; s < subject.shadows.size(); ++s) {
    const engines::Model& shadow = *subject.shadows[s];
    if (!shadow.Gives().Has(engines::Ability::kScores))
      return fmt::format("{} does not give scores", texts.shadows[s].id);
    if (TargetName(shadow.Facts()) == TargetName(subject.model->Facts()))
      return fmt::format("{} is the target itself: its labels are what is asked for", texts.shadows[s].id);
  }
  return "";
}

// What an attack needs of views, and whether it asks the target at all.
struct Demand {
  ViewNeeds views{};
  bool asks = true;
  bool draws = false;
};

Demand DemandOf(const AttackEntry& entry) {
  const bool has_seed = std::ranges::find(entry.card.settings, kSeed, &SettingCard::name) != entry.card.settings.end();
  if (const auto* reader = std::get_if<attacks::TextReader>(&entry.way))
    return {reader->views, true, has_seed || reader->views.neighbors};
  if (const auto* reader = std::get_if<attacks::SetReader>(&entry.way))
    return {reader->views, !entry.card.needs.empty(), has_seed};
  return {{}, true, has_seed};
}

// Empty: nothing lacks.
std::string Lack(const AttackEntry& entry, const Texts& texts, const Subject& subject) {
  const Demand demand = DemandOf(entry);
  if (std::holds_alternative<attacks::Offline>(entry.way)) return "works on answers at hand, not on a target";
  if (const auto* reader = std::get_if<attacks::SetReader>(&entry.way); reader != nullptr && reader->needs_shadows)
    if (std::string lack = ShadowLack(texts, subject); !lack.empty()) return lack;
  const engines::Abilities lacking = entry.card.needs.Without(subject.model->Gives());
  if (!lacking.empty()) return fmt::format("the target does not give {}", lacking.Names());
  if (demand.views.moments && !subject.model->Gives().Has(engines::Ability::kMoments))
    return "the target does not give moments";
  if (demand.views.reference && subject.reference == nullptr) return "the target has no `reference` model";
  if (demand.views.conditioned && texts.prefix.empty()) return "the plan has no `prefix` texts";
  if (demand.views.neighbors && texts.background.empty()) return "the plan has no `background` texts";
  if (std::holds_alternative<attacks::MakeAttack>(entry.way) && entry.card.samples == attacks::SampleKind::kFile &&
      !texts.samples.contains(entry.card.name))
    return fmt::format("needs samples of its own: [samples] {} = \"FILE\"", entry.card.name);
  return "";
}

std::string DefenseText(const Subject& subject) {
  return subject.defense.empty() ? std::string() : subject.defense + " " + subject.defense_settings;
}

// All that decides what is learned from the shadows, and what of.
std::string ShadowDigest(const attacks::SetReader& reader, const Texts& texts, const Subject& subject) {
  std::string all;
  for (std::size_t s = 0; s < subject.shadows.size(); ++s) {
    AppendField(all, TargetName(subject.shadows[s]->Facts()));
    AppendField(all, EngineText(subject.shadows[s]->Facts()));
    AppendField(all, texts.shadows[s].digest);
  }
  const ViewNeeds views = ViewsOfSet(reader, texts, subject);
  for (const bool shown : {views.moments, views.lowercase, views.reference, views.conditioned, views.neighbors})
    AppendField(all, shown ? "shown" : "");
  if (views.conditioned) AppendField(all, texts.prefix_digest);
  if (views.reference) AppendField(all, TargetName(subject.reference->Facts()));
  if (views.reference) AppendField(all, EngineText(subject.reference->Facts()));
  return Sha256Hex(AsBytes(all));
}

std::string SettingsText(const Plan& plan, const PlannedAttack& planned, const AttackEntry& entry, const Texts& texts,
                         const Subject& subject, std::uint64_t seed) {
  const Demand demand = DemandOf(entry);
  std::string text = SettingsOf(planned, entry, seed).Canonical();
  const auto add = [&](std::string_view name, std::string_view value) {
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  };
  if (demand.views.conditioned) add("prefix", texts.prefix_digest);
  if (demand.views.neighbors) add("background", texts.background_digest);
  if (demand.views.neighbors) add("neighbors", fmt::to_string(plan.neighbors));
  if (demand.asks) add("engine", EngineText(subject.model->Facts()));
  if (entry.card.has_writer && subject.attacker != nullptr) {
    add("attacker", TargetName(subject.attacker->Facts()));
    add("attacker_engine", EngineText(subject.attacker->Facts()));
  }
  if (demand.views.reference) {
    add("reference", TargetName(subject.reference->Facts()));
    add("reference_engine", EngineText(subject.reference->Facts()));
  }
  if (const auto* reader = std::get_if<attacks::SetReader>(&entry.way)) {
    add("texts", texts.digest);
    if (reader->needs_shadows) add("shadows", ShadowDigest(*reader, texts, subject));
  }
  return text;
}

}  // namespace

Settings SettingsOf(const PlannedAttack& planned, const AttackEntry& entry, std::uint64_t seed) {
  Settings::Given given = planned.settings;
  for (const SettingCard& card : entry.card.settings)
    if (card.name == kSeed && static_cast<double>(seed) >= card.least && static_cast<double>(seed) <= card.most)
      given.try_emplace(std::string(kSeed), static_cast<double>(seed));
  return Settings::Checked(entry.card.settings, given).value();
}

const AttackEntry& EntryOf(std::string_view name, std::span<const AttackEntry> cards) {
  return *std::ranges::find(cards, name, [](const AttackEntry& entry) { return entry.card.name; });
}

attacks::ViewNeeds ViewsOfSet(const attacks::SetReader& reader, const Texts& texts, const Subject& subject) {
  attacks::ViewNeeds views = reader.views;
  if (!reader.needs_shadows) return views;
  const auto gives = [](const engines::Model* model) { return model->Gives().Has(engines::Ability::kMoments); };
  views.moments = views.moments || (gives(subject.model) && std::ranges::all_of(subject.shadows, gives));
  views.conditioned = views.conditioned || !texts.prefix.empty();
  views.reference = views.reference || subject.reference != nullptr;
  return views;
}

std::string TargetName(const engines::ModelFacts& facts) {
  return facts.digest.empty() ? fmt::format("{}:{}", facts.engine, facts.name) : facts.digest;
}

std::string EngineText(const engines::ModelFacts& facts) {
  return fmt::format("{}/{}/{}", facts.engine, facts.engine_version, facts.context);
}

Status ReadSamples(const Plan& plan, std::span<const AttackEntry> cards, Texts& texts) {
  for (const PlannedAttack& planned : plan.attacks) {
    const AttackEntry& entry = EntryOf(planned.name, cards);
    if (!std::holds_alternative<attacks::MakeAttack>(entry.way)) continue;
    const attacks::SampleKind kind = entry.card.samples;
    const bool knows = kind == attacks::SampleKind::kPrompt && !texts.texts.empty();
    const std::string_view known_digest = knows ? std::string_view(texts.digest) : std::string_view();
    std::vector<LabeledSample> samples;
    if (const auto path = plan.samples.find(planned.name); path != plan.samples.end()) {
      TRY(read, ReadSampleFile(path->second));
      samples = std::move(read);
      if (knows)
        for (LabeledSample& one : samples)
          if (one.sample.candidates.empty())
            one = MakeSample(std::move(one.sample), std::move(one.label), known_digest);
    } else if (kind == attacks::SampleKind::kPrompt) {
      for (const std::string_view prompt : entry.card.usual_prompts)
        samples.push_back(
            MakeSample({std::string(prompt), std::string(prompt), {}, 0}, std::string(kSample), known_digest));
    } else if (kind == attacks::SampleKind::kAllTexts) {
      attacks::Sample all{"all", "", {}, 0};
      for (const LabeledText& text : texts.texts)
        if (text.member) all.candidates.push_back(text.text);
      all.text = all.candidates.front();
      all.candidates.erase(all.candidates.begin());
      samples.push_back(MakeSample(std::move(all), std::string(kSample)));
    } else {
      continue;
    }
    texts.samples[planned.name] = std::move(samples);
  }
  return Done{};
}

attacks::Sample SampleOf(const Plan& plan, const Texts& texts, const ListedTrial& trial) {
  if (trial.text == kModelItself) return {};
  const auto samples = texts.samples.find(plan.attacks[trial.attack].name);
  if (samples == texts.samples.end()) return {texts.texts[trial.text].id, texts.texts[trial.text].text, {}, 0};
  const LabeledSample& labeled = samples->second[trial.text];
  attacks::Sample sample = labeled.sample;
  if (labeled.with_known_texts)
    for (const LabeledText& text : texts.texts)
      if (text.member) sample.candidates.push_back(text.text);
  return sample;
}

std::string_view LabelOf(const Plan& plan, const Texts& texts, const ListedTrial& trial) {
  if (trial.text == kModelItself) return {};
  const auto samples = texts.samples.find(plan.attacks[trial.attack].name);
  if (samples != texts.samples.end()) return samples->second[trial.text].label;
  return texts.texts[trial.text].member ? kMember : kHeldOut;
}

Result<Texts> ReadTexts(const Plan& plan) {
  Texts texts;
  if (plan.members.empty()) return texts;
  TRY(digest, AddBoth(texts.texts, plan, plan.members, plan.held_out));
  texts.digest = std::move(digest);
  ReadShadows(texts, plan);
  if (!plan.prefix.empty()) {
    TRY(set, datasets::ReadTextSet(plan.prefix, plan.unit));
    for (const datasets::TextSample& sample : set.samples) texts.prefix += sample.text + "\n";
    texts.prefix_digest = Sha256Hex(AsBytes(texts.prefix));
  }
  if (!plan.background.empty()) {
    TRY(set, datasets::ReadTextSet(plan.background, plan.unit));
    for (datasets::TextSample& sample : set.samples) texts.background.push_back(std::move(sample.text));
    texts.background_digest = set.digest;
  }
  return texts;
}

Result<TrialList> ListTrials(const Plan& plan, const Texts& texts, std::span<const Subject> subjects,
                             std::span<const AttackEntry> cards) {
  TRY_STATUS(CheckPlan(plan, cards));
  TrialList list;
  std::unordered_set<std::string> ids;
  for (std::uint32_t s = 0; s < subjects.size(); ++s) {
    const Subject& subject = subjects[s];
    for (std::uint32_t a = 0; a < plan.attacks.size(); ++a) {
      const AttackEntry& entry = EntryOf(plan.attacks[a].name, cards);
      const Demand demand = DemandOf(entry);
      if (std::string lack = Lack(entry, texts, subject); !lack.empty()) {
        list.skips.push_back({plan.attacks[a].name, subject.Name(), std::move(lack)});
        continue;
      }
      ListedTrial listed;
      listed.subject = s;
      listed.attack = a;
      listed.trial = {.attack = std::string(entry.card.name),
                      .attack_version = std::string(entry.card.version),
                      .defense = demand.asks ? DefenseText(subject) : std::string(),
                      .target = demand.asks ? TargetName(subject.model->Facts()) : std::string(kNoTarget),
                      .sample = {},
                      .settings = {},
                      .seed = 0};
      for (const std::uint64_t seed : plan.seeds) {
        listed.trial.settings = SettingsText(plan, plan.attacks[a], entry, texts, subject, seed);
        listed.trial.seed = demand.draws ? seed : 0;
        const auto add = [&](std::uint32_t text, std::string_view sample) {
          listed.text = text;
          listed.trial.sample = sample;
          listed.id = TrialId(listed.trial);
          if (ids.insert(listed.id).second) list.trials.push_back(listed);
        };
        if (entry.card.asks_model_alone()) add(kModelItself, kNoText);
        if (entry.card.asks_model_alone()) continue;
        if (const auto own = texts.samples.find(plan.attacks[a].name); own != texts.samples.end()) {
          for (std::uint32_t t = 0; t < own->second.size(); ++t) add(t, own->second[t].digest);
        } else {
          for (std::uint32_t t = 0; t < texts.texts.size(); ++t) add(t, texts.texts[t].digest);
        }
      }
    }
  }
  return list;
}

}  // namespace ringfort::campaign
