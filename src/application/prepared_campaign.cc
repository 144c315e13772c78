#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "application/prepared_campaign_internal.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "campaign/verdicts.h"
#include "defenses/family.h"
#include "judges/language_model_judge.h"

namespace ringfort {
namespace {

using campaign::Subject;

using ModelOpener =
    std::function<Result<std::unique_ptr<engines::Model>>(const std::string& source, const engines::Model* like)>;

// REQUIRES: CheckDefenses passed.
Subject Defend(OpenedTargets& opened, Subject subject, const campaign::PlannedDefense& planned,
               const std::vector<std::string>& members, std::uint64_t seed) {
  const defenses::DefenseEntry entry = *defenses::FindDefense(planned.name);
  const Settings settings = Settings::Checked(entry.card.settings, planned.settings).value();
  std::string all;
  for (const std::string& text : members) AppendField(all, text);
  subject.defense = planned.name;
  subject.defense_settings = fmt::format("{} {} seed={} protected={}", entry.card.version, settings.Canonical(), seed,
                                         Sha256Hex(AsBytes(all)));
  opened.models.push_back(std::get<defenses::WrapModel>(entry.way)(*subject.model, settings, {members, seed}));
  subject.model = opened.models.back().get();
  return subject;
}

std::string NameOf(const campaign::PlannedTarget& target) { return fmt::format("target {}: ", target.id); }

std::string_view WithoutName(std::string_view what, const campaign::PlannedTarget& target) {
  if (const std::string name = NameOf(target); what.starts_with(name)) what.remove_prefix(name.size());
  return what;
}

// A target with all its defenses; of `like`, if another worker has opened it before.
Status OpenTarget(const campaign::Plan& plan, const campaign::PlannedTarget& target,
                  const std::vector<std::string>& members, const Subject* like, const ModelOpener& open,
                  OpenedTargets& opened) {
  const auto one = [&](const std::string& source, const engines::Model* before) -> Result<engines::Model*> {
    auto model = open(source, before);
    if (!model.ok()) return Error{model.error().fault, NameOf(target) + model.error().what, model.error().offset};
    opened.models.push_back(std::move(model).value());
    return opened.models.back().get();
  };
  Subject subject{target.id, nullptr, nullptr, {}, {}};
  TRY(model, one(target.source, like == nullptr ? nullptr : like->model));
  subject.model = model;
  if (!target.reference.empty()) {
    TRY(reference, one(target.reference, like == nullptr ? nullptr : like->reference));
    subject.reference = reference;
  }
  if (!target.attacker.empty()) {
    TRY(attacker, one(target.attacker, like == nullptr ? nullptr : like->attacker));
    subject.attacker = attacker;
  }
  opened.subjects.push_back(subject);
  for (const campaign::PlannedDefense& defense : plan.defenses)
    opened.subjects.push_back(Defend(opened, subject, defense, members, plan.seeds.front()));
  return Done{};
}

// Who judges by asking, with the abilities that this needs.
Result<std::unique_ptr<engines::Model>> OpenJudge(const std::string& source, const ModelOptions& options) {
  auto model = OpenModel(source, options);
  if (!model.ok())
    return Error{model.error().fault, fmt::format("the judge's model: {}", model.error().what), model.error().offset};
  const engines::Abilities gives = model.value()->Gives();
  if (!gives.Has(engines::Ability::kChat) && !gives.Has(engines::Ability::kGenerate))
    return Error{Fault::kUnsupported,
                 fmt::format("the judge's model {}: it generates nothing, so it cannot judge", Printable(source))};
  return model;
}

// A shadow that cannot be had costs the attacks that learn from it and nothing else.
void OpenShadows(PreparedCampaign& prepared, const ModelOptions& options) {
  campaign::Texts& texts = prepared.texts;
  for (std::size_t s = 0; s < texts.shadows.size() && texts.no_shadows.empty(); ++s) {
    auto model = OpenModel(prepared.plan.shadows[s].source, options);
    if (model.ok()) prepared.shadows.push_back(std::move(model).value());
    if (!model.ok()) texts.no_shadows = fmt::format("{}: {}", texts.shadows[s].id, model.error().what);
  }
  if (!texts.no_shadows.empty()) prepared.shadows.clear();
  for (Subject& subject : prepared.targets.subjects)
    for (const auto& shadow : prepared.shadows) subject.shadows.push_back(shadow.get());
}

Result<std::vector<campaign::SeatedJudge>> Seat(const campaign::Plan& plan, const engines::Model* judge_model) {
  std::string calibration, classifier;
  if (!plan.calibration.empty()) {
    TRY(text, ReadTextFile(plan.calibration));
    calibration = std::move(text);
  }
  if (!plan.classifier.empty()) {
    TRY(text, ReadTextFile(plan.classifier));
    classifier = std::move(text);
  }
  const std::string calibration_name = Printable(plan.calibration), classifier_name = Printable(plan.classifier);
  return campaign::SeatJudges(plan.judges, {calibration, calibration_name, classifier, classifier_name,
                                            judge_model == nullptr ? nullptr : &judge_model->Facts()});
}

}  // namespace

std::vector<std::string> PreparedCampaign::Ids() const {
  std::vector<std::string> ids;
  for (const campaign::ListedTrial& trial : list.trials) ids.push_back(trial.id);
  return ids;
}

Result<std::uint64_t> PreparedCampaign::LearnVerdicts(EvidenceStore& store, std::span<const TrialRecord> records) {
  std::uint64_t missing = 0;
  for (const campaign::SeatedJudge& seated : judges) {
    if (!seated.verdicts) continue;
    std::vector<std::string> ids;
    for (const campaign::WantedVerdict& wanted :
         campaign::WantedVerdicts(seated.verdicts->Card(), seated.verdicts->model(), records, cards))
      ids.push_back(wanted.id);
    TRY(logged, store.FindTrials(ids));
    seated.verdicts->Learn(logged);
    missing += ids.size() - logged.size();
  }
  return missing;
}

Result<PreparedCampaign> PrepareCampaign(campaign::Plan plan, const ModelOptions& options) {
  PreparedCampaign prepared;
  prepared.plan = std::move(plan);
  TRY(texts, campaign::ReadTexts(prepared.plan));
  prepared.texts = std::move(texts);
  TRY_STATUS(campaign::ReadSamples(prepared.plan, prepared.cards, prepared.texts));
  if (!prepared.plan.judge_model.empty()) {
    TRY(model, OpenJudge(prepared.plan.judge_model, options));
    prepared.judge_model = std::move(model);
  }
  TRY(judges, Seat(prepared.plan, prepared.judge_model.get()));
  prepared.judges = std::move(judges);
  for (const campaign::LabeledText& text : prepared.texts.texts)
    if (text.member) prepared.members.push_back(text.text);
  const ModelOpener open = [&](const std::string& source, const engines::Model*) { return OpenModel(source, options); };
  for (const campaign::PlannedTarget& target : prepared.plan.targets)
    TRY_STATUS(OpenTarget(prepared.plan, target, prepared.members, nullptr, open, prepared.targets));
  OpenShadows(prepared, options);
  TRY(list, campaign::ListTrials(prepared.plan, prepared.texts, prepared.subjects(), prepared.cards));
  prepared.list = std::move(list);
  return prepared;
}

Status AskJudges(const PreparedCampaign& prepared, std::span<const TrialRecord> records, EvidenceStore& store,
                 const campaign::RunOptions& options, campaign::RunOutcome& outcome) {
  for (const campaign::SeatedJudge& seated : prepared.judges) {
    if (!seated.verdicts) continue;
    judges::LanguageModelJudge judge(prepared.judge_model);
    const std::vector<campaign::WantedVerdict> wanted =
        campaign::WantedVerdicts(judge.Card(), prepared.judge_model->Facts(), records, prepared.cards);
    TRY(asked, campaign::AskVerdicts(judge, *prepared.judge_model, wanted, store, options));
    outcome.stopped = asked.stopped;
    for (std::string& trouble : asked.troubles) outcome.troubles.push_back(std::move(trouble));
  }
  return Done{};
}

FurtherWorkers OpenForFurtherWorkers(const PreparedCampaign& prepared, const ModelOptions& options,
                                     std::uint32_t workers) {
  FurtherWorkers further;
  const ModelOpener open = [&](const std::string& source, const engines::Model* like) {
    return OpenModelAgain(source, *like, options);
  };
  const campaign::Plan& plan = prepared.plan;
  const std::size_t each = 1 + plan.defenses.size();
  std::vector<bool> closed(plan.targets.size(), false);
  const auto close = [&](std::size_t t, std::uint32_t by, std::string_view why) {
    closed[t] = true;
    further.remarks.push_back(
        fmt::format("target {}: {} of {} workers can ask it: {}", plan.targets[t].id, by, workers, why));
  };
  for (std::uint32_t worker = 1; worker < workers; ++worker) {
    OpenedTargets opened;
    std::vector<Subject> own(prepared.subjects().begin(), prepared.subjects().end());
    for (std::size_t t = 0; t < plan.targets.size(); ++t) {
      const Subject& like = prepared.subjects()[t * each];
      const auto ours = own.begin() + static_cast<std::ptrdiff_t>(t * each);
      std::for_each(ours, ours + static_cast<std::ptrdiff_t>(each), [](Subject& one) { one.model = nullptr; });
      const bool endpoint = like.model->Facts().engine == "http";
      if (!closed[t] && endpoint && worker >= kEndpointRequests)
        close(t, worker, fmt::format("an endpoint gets at most {} requests at once", kEndpointRequests));
      if (closed[t]) continue;
      const std::size_t before = opened.subjects.size();
      if (const Status status = OpenTarget(plan, plan.targets[t], prepared.members, &like, open, opened); !status.ok())
        close(t, worker, WithoutName(status.error().what, plan.targets[t]));
      else
        std::copy(opened.subjects.begin() + static_cast<std::ptrdiff_t>(before), opened.subjects.end(), ours);
    }
    if (std::ranges::all_of(own, [](const Subject& one) { return one.model == nullptr; })) break;
    further.subjects.push_back(std::move(own));
    further.targets.push_back(std::move(opened));
  }
  return further;
}

}  // namespace ringfort
