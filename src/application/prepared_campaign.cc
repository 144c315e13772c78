#include <fmt/format.h>

#include "application/prepared_campaign_internal.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "defenses/family.h"

namespace ringfort {
namespace {

using campaign::Subject;

Result<engines::Model*> Open(PreparedCampaign& prepared, const std::string& id, const std::string& source,
                             const ModelOptions& options) {
  auto model = OpenModel(source, options);
  if (!model.ok())
    return Error{model.error().fault, fmt::format("target {}: {}", id, model.error().what), model.error().offset};
  prepared.models.push_back(std::move(model).value());
  return prepared.models.back().get();
}

// REQUIRES: CheckDefenses passed.
Subject Defend(PreparedCampaign& prepared, Subject subject, const campaign::PlannedDefense& planned) {
  const defenses::DefenseEntry entry = *defenses::FindDefense(planned.name);
  const Settings settings = Settings::Checked(entry.card.settings, planned.settings).value();
  const std::uint64_t seed = prepared.plan.seeds.front();
  std::string all;
  for (const std::string& text : prepared.members) AppendField(all, text);
  subject.defense = planned.name;
  subject.defense_settings = fmt::format("{} {} seed={} protected={}", entry.card.version, settings.Canonical(), seed,
                                         Sha256Hex(AsBytes(all)));
  prepared.models.push_back(
      std::get<defenses::WrapModel>(entry.way)(*subject.model, settings, {prepared.members, seed}));
  subject.model = prepared.models.back().get();
  return subject;
}

Result<std::vector<campaign::SeatedJudge>> Seat(const campaign::Plan& plan) {
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
  return campaign::SeatJudges(plan.judges, {calibration, calibration_name, classifier, classifier_name});
}

}  // namespace

std::vector<std::string> PreparedCampaign::Ids() const {
  std::vector<std::string> ids;
  for (const campaign::ListedTrial& trial : list.trials) ids.push_back(trial.id);
  return ids;
}

Result<PreparedCampaign> PrepareCampaign(campaign::Plan plan, const ModelOptions& options) {
  PreparedCampaign prepared;
  prepared.plan = std::move(plan);
  TRY(texts, campaign::ReadTexts(prepared.plan));
  prepared.texts = std::move(texts);
  TRY_STATUS(campaign::ReadSamples(prepared.plan, prepared.cards, prepared.texts));
  TRY(judges, Seat(prepared.plan));
  prepared.judges = std::move(judges);
  for (const campaign::LabeledText& text : prepared.texts.texts)
    if (text.member) prepared.members.push_back(text.text);
  for (const campaign::PlannedTarget& target : prepared.plan.targets) {
    Subject subject{target.id, nullptr, nullptr};
    TRY(model, Open(prepared, target.id, target.source, options));
    subject.model = model;
    if (!target.reference.empty()) {
      TRY(reference, Open(prepared, target.id, target.reference, options));
      subject.reference = reference;
    }
    prepared.subjects.push_back(subject);
    for (const campaign::PlannedDefense& defense : prepared.plan.defenses)
      prepared.subjects.push_back(Defend(prepared, subject, defense));
  }
  TRY(list, campaign::ListTrials(prepared.plan, prepared.texts, prepared.subjects, prepared.cards));
  prepared.list = std::move(list);
  return prepared;
}

}  // namespace ringfort
