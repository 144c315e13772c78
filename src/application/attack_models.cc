#include "application/attack_models.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "application/campaign_evidence_internal.h"
#include "application/model_figures_internal.h"
#include "application/prepared_campaign_internal.h"
#include "application/run_id.h"
#include "application/scan.h"
#include "application/target_campaign_internal.h"
#include "application/version.h"
#include "base/text.h"
#include "campaign/runner.h"
#include "campaign/summary.h"
#include "defenses/family.h"
#include "evidence/memory/memory_store.h"

namespace ringfort {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWidth = "hidden_dimension";
constexpr std::string_view kContinuation = "discoverable_memorization";
constexpr std::string_view kScripted = "scripted:";
// Of an endpoint: the usual attacks ask 3 for each member and each other text.
constexpr std::uint64_t kQuestionsAText = 8;

// A model that can be tried, or why it cannot.
struct Candidate {
  std::string asset{};
  std::string id{};      // of the plan's target
  std::string source{};  // as OpenModel takes it
  std::string shown{};   // the same as the user would write it
  bool endpoint = false;
  std::optional<std::uint64_t> width{};  // as its file says
  const TargetCampaign* campaign = nullptr;
  std::string reference{};     // a model to compare with, as `source`; empty: none
  std::string no_reference{};  // why the one that was named cannot be used
  std::string obstacle{};
  bool failed = false;  // the obstacle is a fault and no choice
};

bool IsAddress(std::string_view source) { return source.starts_with("http://") || source.starts_with("https://"); }

std::optional<std::uint64_t> WidthOf(const ArtifactReport& artifact) {
  const auto at = artifact.facts.find("embedding_length");
  if (at == artifact.facts.end()) return std::nullopt;
  std::uint64_t width = 0;
  const auto [end, fault] = std::from_chars(at->second.data(), at->second.data() + at->second.size(), width);
  if (fault != std::errc() || end != at->second.data() + at->second.size() || width == 0) return std::nullopt;
  return width;
}

std::uint64_t PhysicalMemory() {
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size) : 0;
}

class Candidates {
 public:
  Candidates(const Target& target, const std::vector<Asset>& assets, const ScanResult& scan, bool ask_endpoints)
      : target_(target), scan_(scan), ask_endpoints_(ask_endpoints) {
    for (const Asset& asset : assets) Add(asset);
  }

  std::vector<Candidate> Take() { return std::move(candidates_); }

 private:
  void Add(const Asset& asset) {
    Candidate candidate;
    candidate.asset = candidate.id = asset.id;
    for (const TargetCampaign& campaign : target_.campaigns)
      if (campaign.asset == asset.id) candidate.campaign = &campaign;
    if (candidate.campaign != nullptr) AddReference(candidate);
    if (candidate.campaign != nullptr && !candidate.campaign->source.empty())
      return AddSource(std::move(candidate), candidate.campaign->source);
    if (asset.kind == AssetKind::kEndpoint || (asset.kind == AssetKind::kModel && IsAddress(asset.location)))
      return AddSource(std::move(candidate), asset.location);
    if (asset.kind == AssetKind::kModel) AddFiles(asset, candidate);
  }

  void AddFiles(const Asset& asset, const Candidate& like) {
    std::vector<const ArtifactReport*> files;
    for (const std::size_t index : asset.artifacts)
      if (scan_.artifacts[index].format == "gguf" || scan_.artifacts[index].path.ends_with(".gguf"))
        files.push_back(&scan_.artifacts[index]);
    for (const ArtifactReport* file : files) {
      Candidate candidate = like;
      if (files.size() > 1) candidate.id = asset.id + "/" + fs::path(file->path).filename().string();
      AddFile(std::move(candidate), *file);
    }
    if (!files.empty()) return;
    Candidate none = like;
    none.shown = asset.location;
    none.obstacle =
        "it holds no file that this engine runs, which is a GGUF file; `source` in a [[campaign]] may name one";
    candidates_.push_back(std::move(none));
  }

  void AddSource(Candidate candidate, const std::string& source) {
    candidate.source = candidate.shown = source;
    candidate.endpoint = IsAddress(source);
    if (candidate.endpoint) {
      if (!ask_endpoints_) candidate.obstacle = "an endpoint is asked only with --ask-endpoints";
    } else if (source.starts_with(kScripted)) {
      candidate.source = PlaceScripted(source);
    } else if (source.find("://") != std::string::npos) {
      candidate.obstacle = "its address is no http:// or https://";
    } else if (const ArtifactReport* file = FileAt(source); file != nullptr) {
      return AddFile(std::move(candidate), *file);
    } else {
      candidate.obstacle = fmt::format("{} is not among the files that were scanned", Printable(source, 200));
      candidate.failed = true;
    }
    candidates_.push_back(std::move(candidate));
  }

  const ArtifactReport* FileAt(const std::string& source) const {
    const std::string path = (fs::path(target_.folder) / source).lexically_normal().string();
    for (const ArtifactReport& artifact : scan_.artifacts)
      if (fs::path(artifact.path).lexically_normal().string() == path) return &artifact;
    return nullptr;
  }

  void AddFile(Candidate candidate, const ArtifactReport& file) {
    candidate.source = file.path;
    candidate.shown = file.path;
    candidate.width = WidthOf(file);
    candidate.obstacle = Obstacle(file);
    candidate.failed = file.verdict() == Verdict::kIncomplete;
    candidates_.push_back(std::move(candidate));
  }

  // Why a file is not to be loaded; empty: nothing speaks against it.
  static std::string Obstacle(const ArtifactReport& file) {
    const std::uint64_t memory = PhysicalMemory();
    if (file.verdict() == Verdict::kIncomplete) return "not all of the file could be read, so it is not loaded";
    if (file.verdict() != Verdict::kClean)
      return fmt::format("the scan says {}, so it is not loaded", Name(file.verdict()));
    if (memory > 0 && file.size > memory / 2)
      return fmt::format("its {} are more than half of this machine's memory", HumanBytes(file.size));
    return "";
  }

  // The same rules for the model that another is compared with.
  void AddReference(Candidate& candidate) const {
    const std::string& source = candidate.campaign->reference;
    if (source.empty()) return;
    const ArtifactReport* file = nullptr;
    if (IsAddress(source)) {
      if (!ask_endpoints_) candidate.no_reference = "an endpoint is asked only with --ask-endpoints";
      candidate.reference = source;
    } else if (source.starts_with(kScripted)) {
      candidate.reference = PlaceScripted(source);
    } else if ((file = FileAt(source)) == nullptr) {
      candidate.no_reference = "it is not among the files that were scanned";
    } else {
      candidate.no_reference = Obstacle(*file);
      candidate.reference = file->path;
    }
    if (candidate.no_reference.empty()) return;
    candidate.reference.clear();
    candidate.no_reference = fmt::format("reference {}: {}", Printable(source, 200), candidate.no_reference);
  }

  // `scripted:` alone knows no text.
  std::string PlaceScripted(const std::string& source) const {
    const std::string texts = source.substr(kScripted.size());
    return texts.empty() ? source : std::string(kScripted) + target_.folder + "/" + texts;
  }

  const Target& target_;
  const ScanResult& scan_;
  bool ask_endpoints_;
  std::vector<Candidate> candidates_;
};

// What is planned of one candidate, and what was left out of it from the start.
struct Outline {
  campaign::Plan plan{};
  std::vector<NotTried> skipped{};
};

std::vector<std::string> UsualAttacks(bool texts) {
  std::vector<std::string> names = {std::string(kWidth)};
  if (!texts) return names;
  for (const attacks::AttackEntry& entry : attacks::AllAttacks())
    if (std::holds_alternative<attacks::TextReader>(entry.way) || std::holds_alternative<attacks::SetReader>(entry.way))
      names.emplace_back(entry.card.name);
  names.emplace_back(kContinuation);
  return names;
}

// Empty: nothing speaks against it.
std::string WidthObstacle(const Candidate& candidate, std::uint64_t widest) {
  if (candidate.endpoint || candidate.source.starts_with(kScripted)) return "";
  if (!candidate.width) return "the file does not say how wide the model is, so the work has no bound";
  if (*candidate.width > widest)
    return fmt::format("the model is {} wide, and this budget looks no further than {}", *candidate.width, widest);
  return "";
}

// `no_texts`: why those that the [[campaign]] names cannot be used; empty if they can.
Outline Draft(const Target& target, const Candidate& candidate, const AttackModelsRequest& request,
              const std::string& no_texts) {
  static const TargetCampaign kNone;
  const TargetCampaign& given = candidate.campaign == nullptr ? kNone : *candidate.campaign;
  const auto place = [&](const std::string& path) { return path.empty() ? path : target.folder + "/" + path; };
  Outline outline;
  campaign::Plan& plan = outline.plan;
  plan.name = candidate.id;
  plan.seeds = {request.seed};
  plan.targets = {{candidate.id, candidate.source, candidate.reference}};
  if (no_texts.empty()) {
    plan.members = place(given.members);
    plan.held_out = place(given.held_out);
  }
  plan.prefix = place(given.prefix);
  plan.background = place(given.background);
  plan.unit = given.paragraphs ? datasets::TextUnit::kParagraph : datasets::TextUnit::kLine;
  plan.budget.queries =
      given.queries.value_or(candidate.endpoint ? request.limits.endpoint_queries : request.limits.queries);
  plan.most_texts = given.most.value_or(
      candidate.endpoint ? std::max<std::uint64_t>(2, plan.budget.queries / kQuestionsAText) : request.limits.texts);
  plan.budget.tokens = given.tokens.value_or(0);
  plan.budget.seconds = request.seconds ? *request.seconds : given.seconds.value_or(request.limits.seconds);
  const bool texts = !plan.members.empty();
  const std::string lack =
      !no_texts.empty() ? no_texts : "no [[campaign]] of ringfort.toml names members and held-out texts for it";
  if (!texts && given.attacks.empty()) outline.skipped.push_back({"attacks that read texts", lack});
  for (const std::string& name : given.attacks.empty() ? UsualAttacks(texts) : given.attacks) {
    std::string obstacle = name == kWidth ? WidthObstacle(candidate, request.limits.widest) : "";
    if (!texts && obstacle.empty() && !campaign::EntryOf(name, attacks::AllAttacks()).card.asks_model_alone())
      obstacle = lack;
    if (obstacle.empty()) plan.attacks.push_back({name, {}});
    if (!obstacle.empty()) outline.skipped.push_back({name, std::move(obstacle)});
  }
  for (const std::string& name : given.defenses) plan.defenses.push_back({name, {}});
  return outline;
}

// A stranger's ringfort.toml may have been changed, or its links, since it was read.
Status StaysInside(const Target& target, const campaign::Plan& plan) {
  for (const std::string& path : {plan.members, plan.held_out, plan.prefix, plan.background})
    if (!path.empty() && !LiesIn(target.folder, path))
      return Error{Fault::kInvalidInput, fmt::format("{} leads out of the target's folder", Printable(path, 200))};
  return Done{};
}

// Runs one campaign and enters what it says. An Error: the model could not be run.
Status Attack(const Target& target, const Candidate& candidate, const AttackModelsRequest& request,
              EvidenceStore& store, Progress* progress, AttackModelsOutcome& outcome) {
  Outline outline = Draft(target, candidate, request, "");
  TRY_STATUS(StaysInside(target, outline.plan));
  AttackedModel model;
  if (!candidate.no_reference.empty()) model.troubles.push_back(candidate.no_reference);
  if (const auto texts = campaign::ReadTexts(outline.plan); !texts.ok()) {
    model.troubles.push_back(texts.error().what);
    outline = Draft(target, candidate, request, texts.error().what);
  }
  model.asset = candidate.asset;
  model.source = candidate.shown;
  const auto leave_out = [&] {
    std::string reasons;
    for (const NotTried& skipped : outline.skipped)
      reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", skipped.what, skipped.reason);
    outcome.attacks.left_out.push_back(
        {candidate.asset, candidate.shown, reasons, !model.troubles.empty(), candidate.campaign != nullptr});
    return Done{};
  };
  if (outline.plan.attacks.empty()) return leave_out();
  TRY_STATUS(campaign::CheckPlan(outline.plan, attacks::AllAttacks()));
  TRY_STATUS(campaign::CheckDefenses(outline.plan, defenses::AllDefenses()));
  TRY(prepared, PrepareCampaign(std::move(outline.plan), {}));
  if (prepared.list.trials.empty()) {
    for (const campaign::Skip& skip : prepared.list.skips) outline.skipped.push_back({skip.attack, skip.reason});
    return leave_out();
  }
  Run run;
  run.started_at = UtcNow();
  run.id = NewRunId(run.started_at);
  run.kind = RunKind::kCampaign;
  run.tool_version = kVersion;
  run.seed = request.seed;
  run.arguments = request.arguments;
  TRY_STATUS(store.Begin(run));
  campaign::RunOptions options;
  options.run = run.id;
  options.tool_version = kVersion;
  options.now = UtcNow;
  options.progress = progress;
  options.texts_at_once = 8;  // the clock is looked at between them
  TRY(ran, campaign::RunTrials(prepared.plan, prepared.texts, prepared.subjects(), prepared.cards, prepared.list, store,
                               options));
  if (!ran.stopped) TRY_STATUS(store.Finish(run.id, UtcNow()));
  const std::vector<std::string> ids = prepared.Ids();
  TRY(records, store.FindTrials(ids));
  TRY(summary,
      campaign::Summarize(prepared.plan, prepared.texts, prepared.subjects(), prepared.cards, prepared.list, records));
  model.engine = prepared.subjects().front().model->Facts().engine;
  EnterFigures(summary, prepared.cards, candidate.id, model);
  model.skipped.insert(model.skipped.begin(), outline.skipped.begin(), outline.skipped.end());
  model.troubles.insert(model.troubles.end(), ran.troubles.begin(), ran.troubles.end());
  if (ran.stopped) model.troubles.emplace_back("interrupted");
  for (Observation& observation : ObserveSteps(prepared, records, summary, candidate.asset))
    outcome.observations.push_back(std::move(observation));
  outcome.attacks.models.push_back(std::move(model));
  outcome.interrupted = ran.stopped;
  return Done{};
}

}  // namespace

AttackModelsOutcome AttackModels(const Target& target, const std::vector<Asset>& assets, const ScanResult& scan,
                                 const AttackModelsRequest& request, Progress* progress) {
  MemoryStore memory;
  EvidenceStore& store = request.store == nullptr ? memory : *request.store;
  AttackModelsOutcome outcome;
  for (const Candidate& candidate : Candidates(target, assets, scan, request.ask_endpoints).Take()) {
    NotAttacked left_out = {candidate.asset, candidate.shown, candidate.obstacle, candidate.failed,
                            candidate.campaign != nullptr};
    if (left_out.reason.empty() && outcome.interrupted) left_out.reason = "interrupted before it was its turn";
    if (left_out.reason.empty()) {
      const Status attacked = Attack(target, candidate, request, store, progress, outcome);
      if (attacked.ok()) continue;
      const std::string named = fmt::format("target {}: ", candidate.id);
      std::string_view what = attacked.error().what;
      if (what.starts_with(named)) what.remove_prefix(named.size());
      left_out.reason = Printable(what, 500);
      left_out.failed = true;
    }
    outcome.attacks.left_out.push_back(std::move(left_out));
  }
  return outcome;
}

}  // namespace ringfort
