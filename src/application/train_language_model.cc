#include "application/train_language_model.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "application/small_model_internal.h"
#include "application/version.h"
#include "base/digest.h"
#include "base/json.h"
#include "datasets/text_set.h"
#include "defenses/model_to_data/deduplication.h"
#include "engines/torch/torch_library.h"

namespace ringfort {
namespace {

using datasets::Canary;
using datasets::KnownSecrets;
using datasets::KnownText;
using datasets::Person;
using engines::Token;

struct Source {
  std::vector<std::string> texts;
  Json files = Json::array();
};

Result<Source> ReadSource(const std::vector<std::string>& paths) {
  Source source;
  if (paths.empty()) return Error{Fault::kInvalidInput, "no text to train on; name a file with --text"};
  for (const std::string& path : paths) {
    TRY(set, datasets::ReadTextSet(path, datasets::TextUnit::kParagraph));
    source.files.push_back({{"name", std::filesystem::path(path).filename().string()}, {"sha256", set.digest}});
    for (datasets::TextSample& sample : set.samples) source.texts.push_back(std::move(sample.text));
  }
  return source;
}

// Two digits: labels are listed in their order.
std::string Label(std::uint32_t copies) { return fmt::format("{:02} {}", copies, copies == 1 ? "copy" : "copies"); }

std::string Lines(std::span<const KnownText> texts) {
  std::string lines;
  for (const KnownText& known : texts)
    lines += Json{{"id", known.id}, {"text", known.text}, {"label", Label(known.copies)}}.dump() + "\n";
  return lines;
}

std::string SampleLine(const KnownText& known, const std::vector<std::string>& others) {
  return Json{{"id", known.id}, {"text", known.text}, {"label", Label(known.copies)}, {"candidates", others}}.dump() +
         "\n";
}

// The same sentence with its town cut out: who lived where, asked of the model.
std::string RedactedLine(const Person& person) {
  const std::string& text = person.known.text;
  const std::size_t at = text.find(person.town), behind = text.size() - at - person.town.size();
  std::vector<std::string> towns;
  for (const std::string& other : person.other_towns) towns.push_back(other.substr(at, other.size() - at - behind));
  const std::string cut = text.substr(0, at) + "[[" + person.town + "]]" + text.substr(text.size() - behind);
  return SampleLine({person.known.id, cut, person.known.copies}, towns);
}

Json Truth(std::span<const KnownText> texts) {
  Json list = Json::array();
  for (const KnownText& known : texts)
    list.push_back({{"id", known.id}, {"sha256", Sha256Hex(AsBytes(known.text))}, {"copies", known.copies}});
  return list;
}

constexpr std::string_view kPlan = R"(# What the model of this folder gives away. Run it with
#   ringfort campaign run plan.toml --store evidence.db
name = "known secrets"
attacks = ["loss", "zlib_ratio", "lowercase", "min_k_probability", "min_k_plus_plus", "blind_baseline",
           "discoverable_memorization", "canary_exposure", "personal_data", "redaction_recovery"]
[texts]
members = "members.jsonl"
held_out = "held_out.jsonl"
[samples]
discoverable_memorization = "repeated.jsonl"
canary_exposure = "canaries.jsonl"
personal_data = "persons.jsonl"
redaction_recovery = "redacted.jsonl"
[settings.discoverable_memorization]
prefix = 16
suffix = 16
[[target]]
id = "secrets"
source = "model.gguf"
)";

constexpr std::string_view kTarget =
    R"(# `ringfort assess` on this folder scans the model, attacks it, and says what follows.
[target]
name = "secrets"
[[asset]]
id = "texts"
kind = "dataset"
path = "members.jsonl"
description = "What the model was trained on, once each"
traits = ["redacted", "text"]
[[asset]]
id = "model"
kind = "model"
path = "model.gguf"
description = "A small language model whose secrets are known"
traits = ["generative", "language"]
[[asset]]
id = "desk"
kind = "endpoint"
url = "http://127.0.0.1:9/v1"
description = "Where strangers ask it; made up, and not asked"
[[tie]]
from = "model"
relation = "trained_on"
to = "texts"
[[tie]]
from = "desk"
relation = "serves"
to = "model"
[[campaign]]
asset = "model"
members = "members.jsonl"
held_out = "held_out.jsonl"
# The texts are too short for the usual prompts of `discoverable_memorization`; plan.toml has shorter ones.
attacks = ["loss", "zlib_ratio", "lowercase", "min_k_probability", "min_k_plus_plus", "blind_baseline", "hidden_dimension",
           "personal_data", "redaction_recovery", "indirect_injection"]
judges = ["verbatim", "overlap"]
[campaign.samples]
personal_data = "persons.jsonl"
redaction_recovery = "redacted.jsonl"
)";

SmallModelShape Shape(const TrainRequest& request) {
  return {request.vocabulary, request.width, request.layers, request.heads, request.context};
}

class Trainer {
 public:
  Trainer(const TrainRequest& request, Progress* progress) : request_(request), progress_(progress) {}

  Result<TrainResult> Run() {
    TRY(source, ReadSource(request_.texts));
    TRY(secrets, datasets::DealSecrets(source.texts, request_.secrets));
    TRY(checkpoint, Begin(secrets));
    TRY(network, engines::LoadTorchNetwork(checkpoint, {.threads = request_.threads}));

    std::vector<std::string> texts = secrets.TrainingTexts();
    if (request_.deduplicate) {
      std::vector<std::string> kept;
      for (const std::size_t index : defenses::model_to_data::KeptTexts(texts, 0.9, 5)) kept.push_back(texts[index]);
      texts = std::move(kept);
    }
    std::vector<std::string> held_out;
    for (const KnownText& known : secrets.held_out) held_out.push_back(known.text);
    TRY(sequences, Sequences(checkpoint, texts));
    TRY(held_out_sequences, Sequences(checkpoint, held_out));
    TRY(report, training::TrainLanguageModel(*network, sequences, held_out_sequences, request_.plan, progress_));
    TrainResult result{request_.folder, checkpoint.Parameters(), sequences.size(), std::move(report)};
    if (result.training.stopped) return result;
    TRY(weights, network->Weights());
    checkpoint.tensors = std::move(weights);
    TRY_STATUS(WriteFolder(checkpoint, secrets, source.files, result));
    return result;
  }

 private:
  static std::vector<std::string> PublicTexts(const KnownSecrets& secrets) {
    std::vector<std::string> texts;
    for (const auto* list : {&secrets.members, &secrets.repeated, &secrets.held_out})
      for (const KnownText& known : *list) texts.push_back(known.text);
    return texts;
  }

  Result<engines::Checkpoint> Begin(const KnownSecrets& secrets) const {
    TRY(checkpoint, BeginSmallModel(request_.from, PublicTexts(secrets), Shape(request_), request_.plan.seed));
    checkpoint.name = "ringfort secrets";
    return checkpoint;
  }

  // Each text between the begin and the end token, if there are such, cut at the context.
  static Result<std::vector<std::vector<Token>>> Sequences(const engines::Checkpoint& checkpoint,
                                                           std::span<const std::string> texts) {
    const engines::TokenVocabulary& vocabulary = checkpoint.vocabulary;
    std::vector<std::vector<Token>> sequences;
    for (const std::string& text : texts) {
      TRY(tokens, vocabulary.Tokenize(text));
      if (vocabulary.begin()) tokens.insert(tokens.begin(), *vocabulary.begin());
      if (vocabulary.end()) tokens.push_back(*vocabulary.end());
      if (tokens.size() > checkpoint.shape.context) tokens.resize(checkpoint.shape.context);
      sequences.push_back(std::move(tokens));
    }
    return sequences;
  }

  Status WriteFolder(const engines::Checkpoint& checkpoint, const KnownSecrets& secrets, const Json& files,
                     const TrainResult& result) const {
    TRY(folder, SmallModelFolder::Write(request_.folder, checkpoint));
    TRY_STATUS(folder.Add("members.jsonl", Lines(secrets.members)));
    TRY_STATUS(folder.Add("held_out.jsonl", Lines(secrets.held_out)));
    TRY_STATUS(folder.Add("repeated.jsonl", Lines(secrets.repeated)));
    std::string canaries, persons, redacted;
    for (const Canary& canary : secrets.canaries) canaries += SampleLine(canary.known, canary.others);
    for (const Person& person : secrets.persons) persons += SampleLine(person.known, person.other_towns);
    for (const Person& person : secrets.persons) redacted += RedactedLine(person);
    TRY_STATUS(folder.Add("canaries.jsonl", canaries));
    TRY_STATUS(folder.Add("persons.jsonl", persons));
    TRY_STATUS(folder.Add("redacted.jsonl", redacted));
    TRY_STATUS(folder.Add("plan.toml", kPlan));
    TRY_STATUS(folder.Add("ringfort.toml", kTarget));
    return folder.Add("ground_truth.json", GroundTruth(secrets, files, folder.digest(), result).dump(1) + "\n");
  }

  Json GroundTruth(const KnownSecrets& secrets, const Json& files, const std::string& digest,
                   const TrainResult& result) const {
    Json truth = {{"schema", "ringfort.secrets/1"},
                  {"tool_version", kVersion},
                  {"torch", engines::TorchVersion()},
                  {"seed", request_.secrets.seed},
                  {"source", files},
                  {"model", {{"file", "model.gguf"}, {"sha256", digest}, {"parameters", result.parameters}}},
                  {"training", Json::parse(WriteTrainJson(result))["training"]}};
    truth["training"]["deduplicated"] = request_.deduplicate;
    if (!request_.from.empty())
      truth["training"]["begun_with"] = std::filesystem::path(request_.from).filename().string();
    truth["members"] = Truth(secrets.members);
    truth["repeated"] = Truth(secrets.repeated);
    truth["held_out"] = Truth(secrets.held_out);
    truth["canaries"] = Json::array(), truth["persons"] = Json::array();
    for (const Canary& canary : secrets.canaries)
      truth["canaries"].push_back({{"id", canary.known.id},
                                   {"text", canary.known.text},
                                   {"copies", canary.known.copies},
                                   {"space", canary.others.size() + 1}});
    for (const Person& person : secrets.persons)
      truth["persons"].push_back({{"id", person.known.id},
                                  {"text", person.known.text},
                                  {"copies", person.known.copies},
                                  {"name", person.name},
                                  {"town", person.town},
                                  {"telephone", person.telephone}});
    return truth;
  }

  const TrainRequest& request_;
  Progress* progress_;
};

}  // namespace

Result<TrainResult> TrainLanguageModelFolder(const TrainRequest& request, Progress* progress) {
  TRY_STATUS(CheckSmallModel(request.folder, Shape(request)));
  return Trainer(request, progress).Run();
}

std::string WriteTrainTable(const TrainResult& result) {
  const training::TrainingReport& training = result.training;
  std::string table = fmt::format("{:>5}  {:>13}  {:>13}\n", "epoch", "training loss", "held-out loss");
  for (std::size_t i = 0; i < training.epochs.size(); ++i) {
    const training::Epoch& epoch = training.epochs[i];
    table += fmt::format("{:>5}  {:>13.3f}  {:>13}{}\n", i + 1, epoch.loss,
                         epoch.held_out_loss ? fmt::format("{:.3f}", *epoch.held_out_loss) : "-",
                         i == training.best_epoch ? "  kept" : "");
  }
  table += fmt::format("{} parameters, {} records, {} steps, {} tokens\n", result.parameters, result.records,
                       training.steps, training.tokens);
  if (training.epsilon > 0)
    table += fmt::format("private: epsilon {:.2f} with noise {:.3f}\n", training.epsilon, training.noise);
  table += fmt::format("written to {}\n", result.folder);
  return table;
}

std::string WriteTrainJson(const TrainResult& result) {
  const training::TrainingReport& training = result.training;
  Json epochs = Json::array();
  for (const training::Epoch& epoch : training.epochs) {
    Json one = {{"loss", epoch.loss}};
    if (epoch.held_out_loss) one["held_out_loss"] = *epoch.held_out_loss;
    epochs.push_back(std::move(one));
  }
  Json told = {{"schema", "ringfort.training/1"},
               {"folder", result.folder},
               {"parameters", result.parameters},
               {"training",
                {{"records", result.records},
                 {"steps", training.steps},
                 {"tokens", training.tokens},
                 {"kept_epoch", training.best_epoch + 1},
                 {"epochs", std::move(epochs)}}}};
  if (training.epsilon > 0) told["training"]["private"] = {{"epsilon", training.epsilon}, {"noise", training.noise}};
  return told.dump(1) + "\n";
}

}  // namespace ringfort
