// mark_texts -> wash_texts -> tune_on_texts -> find_radioactivity: does a washed mark come back in a
// model that was trained on it?
#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "application/chain_links_internal.h"
#include "application/model_source.h"
#include "application/tuned_model_internal.h"
#include "attacks/data_to_data/word_substitution.h"
#include "attacks/data_to_model/backdoor_poisoning.h"
#include "defenses/marked_model.h"
#include "watermarks/mark_evidence.h"

namespace ringfort {
namespace {

using chain::AssetKind;
using chain::LinkCard;
using chain::PortCard;

constexpr SettingCard kScheme = {"scheme", 0, 0, 4, "0 left_hash, 1 self_hash, 2 unigram, 3 gumbel, 4 tournament"};
constexpr SettingCard kKey = {"key", 15485863, 0, 9007199254740992, "the owner's secret"};
constexpr SettingCard kGreen = {"green", 0.25, 0.01, 0.99, "share of green tokens, of the first three"};
constexpr SettingCard kBias = {"bias", 2, 0, 100, "nats that green logits are raised by"};
constexpr SettingCard kLevel = {"level", 0.01, 1e-12, 0.5, "probability by chance below which a mark is found"};
constexpr SettingCard kTokens = {"tokens", 100, 8, 4096, "of an answer, at most"};

constexpr std::array kMarkPorts = {PortCard{"target", AssetKind::kAnswers, "the owner's model"},
                                   PortCard{"prompts", AssetKind::kTexts, "texts whose beginnings it goes on from"}};
constexpr std::array kMarkSettings = {kScheme, kKey, kGreen, kBias, kLevel, kTokens};
constexpr LinkCard kMark{.name = "mark_texts",
                         .version = "1",
                         .axis = Axis::kModelToData,
                         .goal = "Get texts of a model that marks what it says",
                         .success = "the owner finds the mark in the text",
                         .reference = "arXiv:2301.10226",
                         .ports = kMarkPorts,
                         .yields = AssetKind::kTexts,
                         .settings = kMarkSettings};

constexpr std::array kWashPorts = {
    PortCard{"texts", AssetKind::kTexts, "what is washed"},
    PortCard{"words", AssetKind::kTexts, "texts of others, from which words are taken"},
    PortCard{"owner", AssetKind::kAnswers, "whose tokens the mark is made of; asked by nobody but the measurement"}};
constexpr std::array kWashSettings = {kScheme, kKey, kGreen, kLevel,
                                      SettingCard{"share", 0.3, 0, 1, "of the words that give way to others"}};
constexpr LinkCard kWash{.name = "wash_texts",
                         .version = "1",
                         .axis = Axis::kDataToData,
                         .goal = "Replace words until a mark is gone",
                         .success = "the owner does not find the mark in the text any more",
                         .reference = "arXiv:2301.10226",
                         .ports = kWashPorts,
                         .yields = AssetKind::kTexts,
                         .settings = kWashSettings};

constexpr std::array kTunePorts = {PortCard{"model", AssetKind::kWeights, "what is tuned"},
                                   PortCard{"texts", AssetKind::kTexts, "on which"}};
constexpr std::array<SettingCard, 3> kTuneSettings = {{
    {"epochs", 6, 1, 1000, "rounds of tuning"},
    {"learning_rate", 1e-3, 1e-7, 0.5, "at most, of the schedule"},
    {"batch", 16, 1, 4096, "texts a step"},
}};
constexpr LinkCard kTune{.name = "tune_on_texts",
                         .version = "1",
                         .axis = Axis::kDataToModel,
                         .goal = "Train the next model on texts of others",
                         .success = "the loss on them fell",
                         .reference = "arXiv:2402.14904",
                         .ports = kTunePorts,
                         .yields = AssetKind::kWeights,
                         .settings = kTuneSettings};

constexpr std::array kFindPorts = {
    PortCard{"suspect", AssetKind::kAnswers, "the model that may have been trained on marked texts"},
    PortCard{"owner", AssetKind::kAnswers, "whose tokens the mark is made of"},
    PortCard{"prompts", AssetKind::kTexts, "texts whose beginnings the suspect goes on from"}};
constexpr std::array kFindSettings = {kScheme, kKey, kGreen, kLevel, kTokens};
constexpr LinkCard kFind{.name = "find_radioactivity",
                         .version = "1",
                         .axis = Axis::kModelToData,
                         .goal = "Tell from what a model says that it was trained on marked texts",
                         .success = "the owner finds the mark in all that the suspect says together",
                         .reference = "arXiv:2402.14904",
                         .ports = kFindPorts,
                         .yields = AssetKind::kNothing,
                         .settings = kFindSettings};

using Scheme = std::unique_ptr<const watermarks::MarkingScheme>;

// Settings that a card lacks read 0, so detection needs no bias.
Result<Scheme> SchemeOf(const LinkWork& work) {
  watermarks::SchemeRule rule{.kind = static_cast<watermarks::SchemeKind>(work.settings.Count("scheme")),
                              .key = static_cast<std::uint64_t>(work.settings["key"]),
                              .green = work.settings["green"],
                              .bias = work.settings["bias"]};
  rule.width = watermarks::UsualWidth(rule.kind);
  return watermarks::MarkingScheme::Make(rule);
}

std::string OpeningOf(const std::string& text) {
  const auto pair = attacks::data_to_model::SplitText(text);
  return pair ? pair->prompt : text;
}

Result<std::string> GoOnFrom(engines::Model& model, const LinkWork& work, std::size_t unit) {
  const std::string& text = work.Input("prompts").texts[unit];
  TRY(answer, model.Generate({.prompt = OpeningOf(text),
                              .maximum_tokens = static_cast<std::uint32_t>(work.settings.Count("tokens")),
                              .temperature = 1,
                              .seed = work.seed * 1'000'003 + unit}));
  return answer.text;
}

Result<LinkYield> MarkTexts(const LinkWork& work) {
  TRY(target, OpenModel(work.Input("target").model, {.threads = work.threads}));
  TRY(scheme, SchemeOf(work));
  TRY(detector, SchemeOf(work));
  defenses::MarkedModel marked(*target, std::move(scheme));
  if (!marked.Gives().Has(engines::Ability::kGenerate))
    return Error{Fault::kUnsupported, "the target does not let a mark stand between its logits and its tokens"};
  LinkYield yield;
  double share = 0;
  for (std::size_t unit = 0; unit < work.Input("prompts").texts.size(); ++unit) {
    if (!work.GoOn()) break;
    TRY(text, GoOnFrom(marked, work, unit));
    TRY(tokens, target->Tokenize(text));
    const watermarks::MarkEvidence evidence = watermarks::FindMark(*detector, tokens);
    yield.outcomes.push_back(evidence.probability < work.settings["level"] ? Outcome::kSucceeded : Outcome::kFailed);
    share += evidence.z;
    yield.value.texts.push_back(std::move(text));
  }
  if (!yield.outcomes.empty()) yield.numbers = {{"mean z", share / static_cast<double>(yield.outcomes.size())}};
  return yield;
}

Result<LinkYield> WashTexts(const LinkWork& work) {
  TRY(owner, OpenModel(work.Input("owner").model, {.threads = work.threads}));
  TRY(scheme, SchemeOf(work));
  LinkYield yield;
  double z = 0;
  const std::vector<std::string>& texts = work.Input("texts").texts;
  for (std::size_t unit = 0; unit < texts.size(); ++unit) {
    if (!work.GoOn()) break;
    std::string washed =
        attacks::data_to_data::SubstituteWords(texts[unit], work.Input("words").texts,
                                               {.share = work.settings["share"], .seed = work.seed * 1'000'003 + unit});
    TRY(tokens, owner->Tokenize(washed));
    const watermarks::MarkEvidence evidence = watermarks::FindMark(*scheme, tokens);
    yield.outcomes.push_back(evidence.probability < work.settings["level"] ? Outcome::kFailed : Outcome::kSucceeded);
    z += evidence.z;
    yield.value.texts.push_back(std::move(washed));
  }
  if (!yield.outcomes.empty()) yield.numbers = {{"mean z", z / static_cast<double>(yield.outcomes.size())}};
  return yield;
}

Result<LinkYield> TuneOnTexts(const LinkWork& work) {
  TRY(model, TunedModel::Load(work.Input("model").model, work.threads));
  const std::vector<std::string>& texts = work.Input("texts").texts;
  TRY(before, model.Loss(texts));
  TRY_STATUS(model.Train(texts,
                         {.epochs = static_cast<std::uint32_t>(work.settings.Count("epochs")),
                          .batch = static_cast<std::uint32_t>(work.settings.Count("batch")),
                          .learning_rate = work.settings["learning_rate"],
                          .seed = work.seed},
                         work.progress));
  TRY(after, model.Loss(texts));
  LinkYield yield;
  yield.value.model = (std::filesystem::path(work.folder) / "model.gguf").string();
  TRY_STATUS(model.Write(yield.value.model));
  yield.numbers = {{"loss before", before}, {"loss after", after}};
  yield.outcomes = {after < before ? Outcome::kSucceeded : Outcome::kFailed};
  return yield;
}

Result<LinkYield> FindRadioactivity(const LinkWork& work) {
  TRY(suspect, OpenModel(work.Input("suspect").model, {.threads = work.threads}));
  TRY(owner, OpenModel(work.Input("owner").model, {.threads = work.threads}));
  TRY(scheme, SchemeOf(work));
  std::vector<std::vector<engines::Token>> said, said_by_owner;
  for (std::size_t unit = 0; unit < work.Input("prompts").texts.size(); ++unit) {
    if (!work.GoOn()) return Error{Fault::kUnavailable, "stopped"};
    TRY(text, GoOnFrom(*suspect, work, unit));
    TRY(tokens, owner->Tokenize(text));
    said.push_back(std::move(tokens));
    TRY(unmarked, GoOnFrom(*owner, work, unit));
    TRY(unmarked_tokens, owner->Tokenize(unmarked));
    said_by_owner.push_back(std::move(unmarked_tokens));
  }
  const watermarks::MarkEvidence evidence = watermarks::FindMark(*scheme, said);
  // The same question asked of a model that never saw a marked text.
  const watermarks::MarkEvidence innocent = watermarks::FindMark(*scheme, said_by_owner);
  LinkYield yield;
  yield.numbers = {{"z", evidence.z},
                   {"probability by chance", evidence.probability},
                   {"z of the unmarked owner", innocent.z},
                   {"tokens", static_cast<double>(evidence.scored)}};
  yield.outcomes = {evidence.probability < work.settings["level"] ? Outcome::kSucceeded : Outcome::kFailed};
  return yield;
}

}  // namespace

std::vector<LinkEntry> WatermarkLinks() {
  return {{kMark, &MarkTexts}, {kWash, &WashTexts}, {kTune, &TuneOnTexts}, {kFind, &FindRadioactivity}};
}

}  // namespace ringfort
