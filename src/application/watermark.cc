#include "application/watermark.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "datasets/text_set.h"
#include "datasets/token_set.h"
#include "defenses/marked_model.h"
#include "detectors/look_alikes.h"
#include "statistics/false_discovery.h"

namespace ringfort {
namespace {

using watermarks::MarkEvidence;
using watermarks::MarkingScheme;

constexpr std::size_t kShownId = 24;
// Below this a double loses digits, and ends in 0, which no chance is.
constexpr double kLeastProbability = 1e-300;

struct Named {
  std::string id{};
  std::string text{};
};

Result<std::vector<Named>> TextsOf(const std::vector<std::string>& given, const std::string& file, bool paragraphs) {
  std::vector<Named> texts;
  if (!file.empty()) {
    if (!given.empty()) return Error{Fault::kInvalidInput, "texts as arguments or a file of texts, not both"};
    TRY(set, datasets::ReadTextSet(file, paragraphs ? datasets::TextUnit::kParagraph : datasets::TextUnit::kLine));
    for (datasets::TextSample& sample : set.samples) texts.push_back({std::move(sample.id), std::move(sample.text)});
    if (texts.empty()) return Error{Fault::kInvalidInput, fmt::format("{} holds no text", file)};
    return texts;
  }
  for (const std::string& text : given) {
    if (!IsValidUtf8(text)) return Error{Fault::kInvalidInput, fmt::format("text {} is not UTF-8", texts.size() + 1)};
    texts.push_back({std::to_string(texts.size() + 1), text});
  }
  return texts;
}

std::string Told(double probability) {
  if (probability < kLeastProbability) return "< 1e-300";
  return probability < 0.001 ? fmt::format("{:.1e}", probability) : fmt::format("{:.4f}", probability);
}

void Put(Json& json, std::string_view name, double probability) {
  if (probability < kLeastProbability) {
    json[std::string(name)] = nullptr;
    json[std::string(name) + "_below"] = kLeastProbability;
  } else {
    json[std::string(name)] = probability;
  }
}

Json JsonOf(const MarkEvidence& evidence) {
  Json json = {
      {"tokens", evidence.tokens}, {"scored", evidence.scored}, {"statistic", evidence.statistic}, {"z", evidence.z}};
  Put(json, "probability", evidence.probability);
  return json;
}

std::string Dump(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

bool GoesOn(Progress* progress, std::size_t done, std::size_t total) {
  if (progress == nullptr) return true;
  progress->Show(done, total, 0, 0);
  return progress->GoOn();
}

}  // namespace

Result<watermarks::SchemeRule> RuleOf(const NamedScheme& scheme) {
  const auto kind = watermarks::SchemeKindFromName(scheme.name);
  if (!kind)
    return Error{Fault::kInvalidInput, fmt::format("there is no scheme '{}'; there are {}", Printable(scheme.name, 60),
                                                   fmt::join(watermarks::kSchemeNames, ", "))};
  const watermarks::SchemeRule rule{.kind = *kind,
                                    .key = scheme.key,
                                    .green = scheme.green,
                                    .bias = scheme.bias,
                                    .width = scheme.width.value_or(watermarks::UsualWidth(*kind)),
                                    .layers = scheme.layers};
  TRY(made, MarkingScheme::Make(rule));
  return made->rule();
}

Result<MarkedTexts> GenerateMarked(const MarkingRequest& request, Progress* progress) {
  TRY(rule, RuleOf(request.scheme));
  TRY(scheme, MarkingScheme::Make(rule));
  if (!request.plain && !scheme->adds_to_logits() && !(request.temperature > 0))
    return Error{Fault::kInvalidInput,
                 fmt::format("at a temperature of 0 there is nothing for {} to choose from: nothing would be marked",
                             request.scheme.name)};
  TRY(prompts, TextsOf(request.prompts, request.file, false));
  if (prompts.empty()) return Error{Fault::kInvalidInput, "there is no prompt: name one, or a file of them"};
  TRY(bare, OpenModel(request.source, request.model));
  defenses::MarkedModel marked(*bare, std::move(scheme));
  engines::Model& model = request.plain ? *bare : marked;
  if (!model.Gives().Has(engines::Ability::kGenerate))
    return Error{Fault::kUnsupported,
                 fmt::format("{} cannot be marked: it gives neither logits nor takes biases on tokens, or does not "
                             "go on from a text",
                             request.source)};
  MarkedTexts result{.source = request.source, .scheme = request.plain ? "" : request.scheme.name};
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    if (!GoesOn(progress, i, prompts.size())) {
      result.stopped = true;
      break;
    }
    auto answer = model.Generate({.prompt = prompts[i].text,
                                  .maximum_tokens = request.tokens,
                                  .temperature = request.temperature,
                                  .top_k = request.top_k,
                                  .top_p = request.top_p,
                                  .seed = request.seed + i});
    if (!answer.ok())
      return Error{answer.error().fault,
                   fmt::format("prompt {}: {}", Printable(prompts[i].id, 80), answer.error().what)};
    MarkedText text{std::move(prompts[i].id), std::move(prompts[i].text), std::move(answer.value().text), {}};
    for (const engines::GeneratedToken& token : answer.value().tokens)
      if (token.token != engines::kNoToken) text.tokens.push_back(token.token);
    if (text.tokens.size() != answer.value().tokens.size()) text.tokens.clear();
    result.texts.push_back(std::move(text));
  }
  return result;
}

std::string WriteMarkedTable(const MarkedTexts& marked) {
  std::string table;
  for (const MarkedText& text : marked.texts)
    table += fmt::format("{}  {} tokens\n{}\n\n", Printable(text.id, kShownId), text.tokens.size(),
                         Printable(text.text, std::size_t{1} << 20));
  return table + fmt::format("{} {}, {}\n", marked.texts.size(), marked.texts.size() == 1 ? "text" : "texts",
                             marked.scheme.empty() ? "not marked" : "marked by " + marked.scheme);
}

namespace {

Json JsonOf(const MarkedText& text) {
  Json json = {{"id", text.id}, {"prompt", text.prompt}, {"text", text.text}};
  if (!text.tokens.empty()) json["tokens"] = text.tokens;
  return json;
}

}  // namespace

std::string WriteMarkedJson(const MarkedTexts& marked) {
  Json json = {{"schema", "ringfort.watermarked-texts/1"}, {"model", marked.source}};
  json["scheme"] = marked.scheme.empty() ? Json() : Json(marked.scheme);
  json["texts"] = Json::array();
  for (const MarkedText& text : marked.texts) json["texts"].push_back(JsonOf(text));
  return Dump(json);
}

std::string WriteMarkedJsonLines(const MarkedTexts& marked) {
  std::string lines;
  for (const MarkedText& text : marked.texts)
    lines += JsonOf(text).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return lines;
}

std::size_t Detection::Marked() const {
  return static_cast<std::size_t>(
      std::count_if(texts.begin(), texts.end(), [](const DetectedText& text) { return text.marked; }));
}

std::size_t Detection::Unread() const {
  return static_cast<std::size_t>(
      std::count_if(texts.begin(), texts.end(), [](const DetectedText& text) { return !text.error.empty(); }));
}

Result<Detection> DetectWatermark(const DetectionRequest& request, Progress* progress) {
  TRY(rule, RuleOf(request.scheme));
  TRY(scheme, MarkingScheme::Make(rule));
  if (!(request.level > 0 && request.level < 1))
    return Error{Fault::kInvalidInput, fmt::format("a level of {} is not between 0 and 1", request.level)};
  Detection detection{.scheme = request.scheme.name, .level = request.level};
  std::vector<std::vector<watermarks::Token>> cut;
  if (!request.token_file.empty()) {
    if (!request.texts.empty() || !request.file.empty())
      return Error{Fault::kInvalidInput, "texts or a file of tokens, not both"};
    if (request.plain_letters)
      return Error{Fault::kInvalidInput, "tokens have no letters that could be made plain: give the texts"};
    TRY(samples, datasets::ReadTokenSet(request.token_file));
    for (datasets::TokenSample& sample : samples) {
      detection.texts.push_back({.id = std::move(sample.id)});
      cut.push_back(std::move(sample.tokens));
    }
  } else {
    if (request.source.empty())
      return Error{Fault::kInvalidInput, "texts are cut by the tokens of a model: name it, or give --tokens"};
    TRY(texts, TextsOf(request.texts, request.file, request.paragraphs));
    if (!texts.empty()) {
      TRY(model, OpenModel(request.source, request.model));
      if (!model->Gives().Has(engines::Ability::kTokens))
        return Error{Fault::kUnsupported, fmt::format("{} does not tell its tokens", request.source)};
      for (Named& text : texts) {
        DetectedText& detected = detection.texts.emplace_back();
        detected.id = std::move(text.id);
        auto tokens = model->Tokenize(request.plain_letters ? detectors::PlainLetters(text.text) : text.text);
        if (!tokens.ok()) detected.error = tokens.error().what;
        cut.push_back(tokens.ok() ? std::move(tokens).value() : std::vector<watermarks::Token>());
      }
    }
  }
  if (detection.texts.empty()) return Error{Fault::kInvalidInput, "there is no text to look at"};

  std::vector<double> probabilities;
  for (std::size_t i = 0; i < cut.size(); ++i) {
    if (i % 64 == 0 && !GoesOn(progress, i, cut.size())) {
      detection.stopped = true;
      detection.texts.resize(i);
      cut.resize(i);
      break;
    }
    DetectedText& text = detection.texts[i];
    text.evidence = watermarks::FindMark(*scheme, cut[i]);
    text.probability = text.evidence.probability;
    if (request.windows > 0) {
      text.windows = watermarks::FindMarkInWindows(*scheme, cut[i], request.windows);
      text.probability = text.windows->probability;
    }
    if (request.keys > 0) {
      TRY(calibrated, watermarks::CalibratedProbability(rule, std::span(&cut[i], 1), request.keys, 1));
      text.calibrated = calibrated;
    }
    probabilities.push_back(text.error.empty() ? text.probability : std::numeric_limits<double>::quiet_NaN());
  }
  TRY(adjusted, statistics::AdjustForFalseDiscovery(probabilities));
  for (std::size_t i = 0; i < adjusted.size(); ++i) {
    if (!detection.texts[i].error.empty()) continue;
    detection.texts[i].adjusted = adjusted[i];
    detection.texts[i].marked = adjusted[i] < request.level;
  }
  detection.together = watermarks::FindMark(*scheme, cut);
  return detection;
}

std::string WriteDetectionTable(const Detection& detection) {
  const bool windows = !detection.texts.empty() && detection.texts.front().windows.has_value();
  const bool calibrated = !detection.texts.empty() && detection.texts.front().calibrated.has_value();
  std::string table =
      fmt::format("{:<24} {:>7} {:>7} {:>9} {:>7} {:>11}", "text", "tokens", "scored", "statistic", "z", "probability");
  if (windows) table += fmt::format(" {:>11} {:<13}", "in windows", "tokens");
  if (calibrated) table += fmt::format(" {:>10}", "other keys");
  table += fmt::format(" {:>9}  mark\n", "adjusted");
  for (const DetectedText& text : detection.texts) {
    if (!text.error.empty()) {
      table += fmt::format("{:<24} {}\n", Printable(text.id, kShownId), Printable(text.error, 200));
      continue;
    }
    const MarkEvidence& evidence = text.evidence;
    table += fmt::format("{:<24} {:>7} {:>7} {:>9.6g} {:>7.2f} {:>11}", Printable(text.id, kShownId), evidence.tokens,
                         evidence.scored, evidence.statistic, evidence.z, Told(evidence.probability));
    if (windows)
      table += fmt::format(" {:>11} {:<13}", Told(text.windows->probability),
                           fmt::format("{} to {}", text.windows->begin, text.windows->end));
    if (calibrated) table += fmt::format(" {:>10.4f}", text.calibrated.value_or(1));
    table += fmt::format(" {:>9}  {}\n", Told(text.adjusted),
                         evidence.scored == 0 ? "too short" : (text.marked ? "yes" : "-"));
  }
  const MarkEvidence& all = detection.together;
  table += fmt::format("{} of {} texts carry the mark of {} at {:g}, adjusted over all (Benjamini-Hochberg).\n",
                       detection.Marked(), detection.texts.size(), detection.scheme, detection.level);
  table += fmt::format("All as one: {} of {} tokens scored, z {:.2f}, probability {}.\n", all.scored, all.tokens, all.z,
                       Told(all.probability));
  return table;
}

std::string WriteDetectionJson(const Detection& detection) {
  Json json = {{"schema", "ringfort.watermark-detection/1"},
               {"scheme", detection.scheme},
               {"level", detection.level},
               {"marked", detection.Marked()}};
  json["texts"] = Json::array();
  for (const DetectedText& text : detection.texts) {
    Json one = {{"id", text.id}};
    if (!text.error.empty()) {
      one["error"] = text.error;
      json["texts"].push_back(std::move(one));
      continue;
    }
    one.update(JsonOf(text.evidence));
    if (text.windows) {
      Json best = {{"begin", text.windows->begin}, {"end", text.windows->end}, {"windows", text.windows->windows}};
      Put(best, "probability", text.windows->probability);
      one["window"] = std::move(best);
    }
    if (text.calibrated) one["by_other_keys"] = *text.calibrated;
    Put(one, "adjusted", text.adjusted);
    one["marked"] = text.marked;
    json["texts"].push_back(std::move(one));
  }
  json["together"] = JsonOf(detection.together);
  return Dump(json);
}

}  // namespace ringfort
