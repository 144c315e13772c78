#include "judges/classifier_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/json.h"

namespace ringfort::judges {
namespace {

constexpr std::string_view kSchema = "ringfort.judge_classifier/1";

std::string NameOf(const LabeledAnswer& answer) { return Sha256Hex(AsBytes(answer.cluster)); }

bool IsDigest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// No training yields more; log-odds stay finite below it.
constexpr double kLargest = 1e6;

bool ReadNumber(const Json& json, double& number) {
  if (!json.is_number()) return false;
  number = json.get<double>();
  return std::abs(number) <= kLargest;
}

}  // namespace

bool TrainedClassifier::Saw(const LabeledAnswer& answer) const { return seen.contains(NameOf(answer)); }

Result<TrainedClassifier> TrainClassifier(std::span<const LabeledAnswer> answers, const ClassifierOptions& options) {
  TRY(model, ClassifierJudge::Train(answers, options));
  TrainedClassifier classifier;
  classifier.model = std::move(model);
  classifier.answers = answers.size();
  for (const LabeledAnswer& answer : answers) classifier.seen.insert(NameOf(answer));
  return classifier;
}

std::string WriteClassifier(const TrainedClassifier& classifier) {
  // By hand: a JSON value of 60,000 pairs would take a hundred times the text.
  std::string text =
      fmt::format("{{\"schema\": \"{}\", \"version\": \"{}\", \"answers\": {},\n\"intercept\": {:.9g},\n\"weights\": [",
                  kSchema, ClassifierJudge::StaticCard().version, classifier.answers, classifier.model.intercept);
  bool first = true;
  for (std::size_t place = 0; place < classifier.model.weights.size(); ++place) {
    const double weight = classifier.model.weights[place];
    if (weight == 0) continue;
    text += fmt::format("{}[{},{:.9g}]", first ? "" : ",", place, weight);
    first = false;
  }
  text += "],\n\"seen\": [";
  first = true;
  for (const std::string& digest : classifier.seen) {
    text += fmt::format("{}\"{}\"", first ? "" : ",\n", digest);
    first = false;
  }
  return text + "]}\n";
}

Result<TrainedClassifier> ReadClassifier(std::string_view text, std::string_view name) {
  const auto wrong = [&](std::string_view what) {
    return Error{Fault::kInvalidInput, fmt::format("{}: {}", name, what)};
  };
  const auto parsed = ParseJson(text);
  if (!parsed.ok()) return wrong(parsed.error().what);
  const Json& json = parsed.value();
  if (!json.is_object() || TextMember(json, "schema") != kSchema) return wrong(fmt::format("no {}", kSchema));
  if (TextMember(json, "version") != ClassifierJudge::StaticCard().version)
    return wrong("trained for another version of the classifier; train it again");
  TrainedClassifier classifier;
  const auto answers = json.find("answers"), intercept = json.find("intercept"), weights = json.find("weights"),
             seen = json.find("seen");
  if (answers == json.end() || !answers->is_number_unsigned()) return wrong("`answers` is no count");
  classifier.answers = answers->get<std::uint64_t>();
  if (intercept == json.end() || !ReadNumber(*intercept, classifier.model.intercept))
    return wrong("`intercept` is no number");
  if (weights == json.end() || !weights->is_array()) return wrong("`weights` is no list");
  classifier.model.weights.resize(kClassifierFeatures);
  std::uint64_t next = 0;
  for (const Json& pair : *weights) {
    double weight = 0;
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_unsigned() || !ReadNumber(pair[1], weight))
      return wrong("a weight is no pair of place and number");
    const std::uint64_t place = pair[0].get<std::uint64_t>();
    if (place < next || place >= kClassifierFeatures)
      return wrong(fmt::format("place {} is out of order or past the last", place));
    classifier.model.weights[place] = weight;
    next = place + 1;
  }
  if (seen == json.end() || !seen->is_array()) return wrong("`seen` is no list");
  for (const Json& digest : *seen) {
    if (!digest.is_string() || !IsDigest(digest.get_ref<const std::string&>())) return wrong("`seen` holds no SHA-256");
    classifier.seen.insert(digest.get<std::string>());
  }
  return classifier;
}

}  // namespace ringfort::judges
