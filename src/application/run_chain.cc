#include "application/run_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "application/chain_file.h"
#include "application/chain_links_internal.h"
#include "application/model_source.h"
#include "application/version.h"
#include "base/digest.h"
#include "base/file.h"
#include "campaign/sample_file.h"
#include "datasets/text_set.h"

namespace ringfort {
namespace {

using chain::AssetKind;
using chain::ChainPlan;
using chain::LinkCard;
using chain::PlannedLink;

constexpr JsonLimits kRecordLimits{.depth = 16, .bytes = std::size_t{256} << 20, .values = 10'000'000};

Result<ChainValue> ReadAsset(const chain::GivenAsset& asset, std::uint32_t most_units) {
  ChainValue value{.kind = asset.kind};
  if (chain::IsModel(asset.kind)) {
    // What a file is, is in its digest; of an address nothing is known before it is asked.
    value.model = asset.source;
    TRY(model, OpenModel(asset.source));
    value.digest = Sha256Hex(AsBytes(asset.source + "\n" + model->Facts().digest));
  } else if (asset.kind == AssetKind::kTexts) {
    TRY(set, datasets::ReadTextSet(asset.source));
    for (datasets::TextSample& sample : set.samples)
      if (value.texts.size() < most_units) value.texts.push_back(std::move(sample.text));
    value.digest = set.digest;
  } else {
    TRY(samples, campaign::ReadSampleFile(asset.source));
    std::string digests;
    for (campaign::LabeledSample& labeled : samples) {
      if (value.requests.size() == most_units) break;
      if (labeled.sample.candidates.empty())
        return Error{Fault::kInvalidInput, fmt::format("{}: request `{}` has no candidate: what would a success say?",
                                                       asset.source, labeled.sample.id)};
      digests += labeled.digest;
      value.requests.push_back(std::move(labeled.sample));
    }
    value.digest = Sha256Hex(AsBytes(digests));
  }
  return value;
}

Json SampleJson(const attacks::Sample& sample) {
  return {{"id", sample.id}, {"text", sample.text}, {"candidates", sample.candidates}};
}

std::string RecordOf(const LinkYield& yield, const std::string& key) {
  Json record = {{"schema", "ringfort.link/1"}, {"key", key}, {"kind", Name(yield.value.kind)}};
  if (!yield.value.model.empty()) record["model"] = std::filesystem::path(yield.value.model).filename().string();
  record["texts"] = yield.value.texts;
  record["requests"] = Json::array();
  for (const attacks::Sample& request : yield.value.requests) record["requests"].push_back(SampleJson(request));
  record["prompts"] = yield.value.prompts;
  record["outcomes"] = Json::array();
  for (const Outcome outcome : yield.outcomes) record["outcomes"].push_back(Name(outcome));
  record["numbers"] = yield.numbers;
  return record.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Nothing where there is no such record, or one of another link: then it is run anew.
std::optional<LinkYield> ReadRecord(const std::filesystem::path& folder, const std::string& key) {
  const auto bytes = ReadTextFile((folder / "link.json").string(), kRecordLimits.bytes);
  if (!bytes.ok()) return std::nullopt;
  const auto parsed = ParseJson(bytes.value(), kRecordLimits);
  if (!parsed.ok()) return std::nullopt;
  const Json& record = parsed.value();
  if (TextMember(record, "key") != key) return std::nullopt;
  try {
    LinkYield yield;
    const auto kind = chain::AssetKindFromName(record.at("kind").get<std::string>());
    if (!kind) return std::nullopt;
    yield.value.kind = *kind;
    if (record.contains("model")) {
      yield.value.model = (folder / record["model"].get<std::string>()).string();
      if (!std::filesystem::exists(yield.value.model)) return std::nullopt;
    }
    yield.value.texts = record.at("texts").get<std::vector<std::string>>();
    yield.value.prompts = record.at("prompts").get<std::vector<std::string>>();
    for (const Json& request : record.at("requests"))
      yield.value.requests.push_back({request.at("id").get<std::string>(), request.at("text").get<std::string>(),
                                      request.at("candidates").get<std::vector<std::string>>(), 0});
    for (const Json& name : record.at("outcomes")) {
      const auto outcome = OutcomeFromName(name.get<std::string>());
      if (!outcome) return std::nullopt;
      yield.outcomes.push_back(*outcome);
    }
    yield.numbers = record.at("numbers").get<std::map<std::string, double>>();
    yield.value.digest = key;
    return yield;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

// What a link gets: it may be asked to stop, and what it counts is its own affair.
class OnlyStops final : public Progress {
 public:
  explicit OnlyStops(Progress* whole) : whole_(whole) {}
  void Show(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t) override {}
  bool GoOn() override { return whole_ == nullptr || whole_->GoOn(); }

 private:
  Progress* whole_;
};

class Runner {
 public:
  Runner(const ChainRequest& request, Progress* progress)
      : request_(request), progress_(progress), only_stops_(progress) {}

  Result<ChainResult> Run() {
    TRY(plan, ReadChainPlan(request_.plan));
    result_.plan = std::move(plan);
    result_.folder = request_.folder;
    for (const LinkEntry& entry : ChainLinks()) entries_.push_back(entry);
    for (const chain::GivenAsset& asset : result_.plan.assets) {
      auto value = ReadAsset(asset, result_.plan.most_units);
      if (!value.ok()) return Error{value.error().fault, fmt::format("asset `{}`: {}", asset.id, value.error().what)};
      assets_.emplace(asset.id, std::move(value).value());
    }
    total_ = result_.plan.seeds.size() * result_.plan.links.size();
    for (const std::uint64_t seed : result_.plan.seeds) {
      TRY(finished, RunSeed(seed));
      if (!finished) {
        result_.stopped = true;
        break;
      }
    }
    std::vector<chain::ChainRun> runs;
    for (const ChainRunRecord& run : result_.runs) {
      chain::ChainRun counted{run.units, {}};
      for (const LinkRecord& link : run.links) counted.links.push_back(link.outcomes);
      runs.push_back(std::move(counted));
    }
    if (!runs.empty()) {
      TRY(rates, chain::EstimateChain(runs));
      result_.rates = std::move(rates);
    }
    return std::move(result_);
  }

 private:
  bool GoOn() {
    if (progress_ == nullptr) return true;
    progress_->Show(done_, total_, 0, 0);
    return progress_->GoOn();
  }

  // False if it was asked to stop.
  Result<bool> RunSeed(std::uint64_t seed) {
    ChainRunRecord run{.seed = seed};
    std::map<std::string, ChainValue, std::less<>> yielded;
    std::map<std::string, std::string, std::less<>> missing;  // links that could not be run
    for (const PlannedLink& link : result_.plan.links) {
      if (!GoOn()) return false;
      const auto entry = std::ranges::find(entries_, link.attack, [](const LinkEntry& one) { return one.card.name; });
      LinkRecord record;
      for (const auto& [port, from] : link.inputs)
        if (missing.contains(from)) record.error = fmt::format("`{}` was not run", from);
      if (record.error.empty()) {
        TRY(yield, RunOne(link, *entry, seed, yielded, record));
        if (!GoOn()) return false;
        if (yield) yielded.emplace(link.id, std::move(*yield));
      }
      if (!record.error.empty()) {
        missing.emplace(link.id, record.error);
        record.outcomes = {Outcome::kError};
      }
      run.units = std::max(run.units, record.outcomes.size());
      run.links.push_back(std::move(record));
      ++done_;
    }
    for (std::size_t i = 0; i < run.links.size(); ++i)
      if (run.links[i].outcomes.size() != 1 && run.links[i].outcomes.size() != run.units)
        return Error{Fault::kInvalidInput,
                     fmt::format("link `{}` follows {} units and others {}: give them files of equal length, or lower "
                                 "`units`",
                                 result_.plan.links[i].id, run.links[i].outcomes.size(), run.units)};
    result_.runs.push_back(std::move(run));
    return true;
  }

  Result<std::optional<ChainValue>> RunOne(const PlannedLink& link, const LinkEntry& entry, std::uint64_t seed,
                                           const std::map<std::string, ChainValue, std::less<>>& yielded,
                                           LinkRecord& record) {
    const std::filesystem::path folder = std::filesystem::path(request_.folder) / fmt::format("run-{}", seed) / link.id;
    TRY(settings, Settings::Checked(entry.card.settings, link.settings));
    LinkWork work{.link = link,
                  .card = entry.card,
                  .settings = settings,
                  .folder = folder.string(),
                  .seed = seed,
                  .most_units = result_.plan.most_units,
                  .threads = request_.threads,
                  .progress = &only_stops_};
    std::string identity = fmt::format("{} {} {} {} {} {}", entry.card.name, entry.card.version, seed, work.most_units,
                                       settings.Canonical(), kVersion);
    for (const chain::WordCard& word : entry.card.words)
      identity += fmt::format("\n{}={}", word.name, work.Word(word.name));
    for (const auto& [port, from] : link.inputs) {
      const auto given = assets_.find(from);
      const ChainValue& value = given != assets_.end() ? given->second : yielded.find(from)->second;
      work.inputs.emplace(port, &value);
      identity += fmt::format("\n{}={}", port, value.digest);
    }
    const std::string key = Sha256Hex(AsBytes(identity));
    if (std::optional<LinkYield> kept = ReadRecord(folder, key)) {
      record.outcomes = std::move(kept->outcomes), record.numbers = std::move(kept->numbers), record.kept = true;
      return std::optional(std::move(kept->value));
    }
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return Error{Fault::kUnavailable, fmt::format("{}: {}", folder.string(), failed.message())};
    Result<LinkYield> yield = entry.run(work);
    if (!yield.ok()) {
      record.error = yield.error().what;
      return std::optional<ChainValue>();
    }
    LinkYield made = std::move(yield).value();
    made.value.kind = entry.card.yields;
    made.value.digest = key;
    if (made.outcomes.empty()) {
      record.error = "it had nothing to try";
      return std::optional<ChainValue>();
    }
    // A link that was interrupted is not whole: it is made again.
    if (progress_ == nullptr || progress_->GoOn())
      TRY_STATUS(WriteFileAtomically((folder / "link.json").string(), RecordOf(made, key)));
    record.outcomes = std::move(made.outcomes), record.numbers = std::move(made.numbers);
    return std::optional(std::move(made.value));
  }

  const ChainRequest& request_;
  Progress* progress_;
  OnlyStops only_stops_;
  ChainResult result_{};
  std::vector<LinkEntry> entries_{};
  std::map<std::string, ChainValue, std::less<>> assets_{};
  std::uint64_t done_ = 0, total_ = 0;
};

}  // namespace

std::vector<LinkEntry> ChainLinks() {
  std::vector<LinkEntry> all = BackdoorLinks();
  for (std::vector<LinkEntry> more : {JailbreakLinks(), WatermarkLinks()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<LinkCard> ChainLinkCards() {
  std::vector<LinkCard> cards;
  for (const LinkEntry& entry : ChainLinks()) cards.push_back(entry.card);
  return cards;
}

Result<ChainResult> RunChain(const ChainRequest& request, Progress* progress) {
  return Runner(request, progress).Run();
}

}  // namespace ringfort
