#include "campaign/sample_file.h"

#include <fmt/format.h>

#include <cmath>
#include <unordered_set>

#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "datasets/text_set.h"

namespace ringfort::campaign {
namespace {

constexpr double kMostSpace = 1e18;

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& name, const SampleFileLimits& limits)
      : bytes_(bytes), name_(name), limits_(limits) {}

  Result<std::vector<LabeledSample>> Read() {
    for (std::size_t at = 0; at < bytes_.size();) {
      const std::size_t end = std::min(bytes_.find('\n', at), bytes_.size());
      const std::string_view line = bytes_.substr(at, end - at);
      at = end + 1;
      ++line_;
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      if (!IsValidUtf8(line)) return Wrong("bytes that are not UTF-8");
      TRY_STATUS(Add(line));
    }
    if (samples_.empty()) return Error{Fault::kInvalidInput, fmt::format("{} holds no sample", name_)};
    return std::move(samples_);
  }

 private:
  Error Wrong(std::string_view what) const {
    return {Fault::kInvalidInput, fmt::format("{}:{}: {}", name_, line_, what)};
  }
  Error Many(std::size_t most, std::string_view what) const {
    return {Fault::kLimitExceeded, fmt::format("{} holds more than {} {}", name_, most, what)};
  }

  Status Add(std::string_view line) {
    const auto parsed = ParseJson(line);
    if (!parsed.ok()) return Wrong(parsed.error().what);
    const Json& object = parsed.value();
    if (!object.is_object() || !object.contains("text") || !object["text"].is_string())
      return Wrong("a line is an object with a `text`");
    if (samples_.size() == limits_.samples) return Many(limits_.samples, "samples");
    attacks::Sample sample;
    sample.text = object["text"].get<std::string>();
    TRY_STATUS(ReadId(object, sample));
    TRY_STATUS(ReadCandidates(object, sample));
    TRY_STATUS(ReadSpace(object, sample));
    if (object.contains("label") && !object["label"].is_string()) return Wrong("`label` must be a text");
    std::string label(TextMember(object, "label"));
    if (label.empty()) label = kSample;
    if (!IsValidUtf8(label)) return Wrong("`label` is not UTF-8");
    if (labels_.insert(label).second && labels_.size() > limits_.labels) return Many(limits_.labels, "labels");
    samples_.push_back(MakeSample(std::move(sample), std::move(label)));
    return Done{};
  }

  Status ReadId(const Json& object, attacks::Sample& sample) {
    sample.id = std::to_string(line_);
    if (const auto id = object.find("id"); id != object.end()) {
      if (!id->is_string() && !id->is_number_integer()) return Wrong("`id` must be a text or a whole number");
      sample.id = id->is_string() ? id->get<std::string>() : id->dump();
    }
    if (sample.id.empty()) return Wrong("`id` is empty");
    if (!ids_.insert(sample.id).second)
      return Wrong(fmt::format("the id '{}' is told twice", Printable(sample.id, 80)));
    return Done{};
  }

  Status ReadCandidates(const Json& object, attacks::Sample& sample) {
    const auto candidates = object.find("candidates");
    if (candidates == object.end()) return Done{};
    if (!candidates->is_array()) return Wrong("`candidates` must be a list of texts");
    for (const Json& candidate : *candidates) {
      if (!candidate.is_string()) return Wrong("`candidates` must be a list of texts");
      if (++candidates_ > limits_.candidates) return Many(limits_.candidates, "candidates");
      sample.candidates.push_back(candidate.get<std::string>());
    }
    return Done{};
  }

  Status ReadSpace(const Json& object, attacks::Sample& sample) {
    const auto space = object.find("space");
    if (space == object.end()) return Done{};
    if (space->is_number()) sample.space = space->get<double>();
    if (!space->is_number() || !(sample.space >= 0 && sample.space <= kMostSpace) ||
        std::floor(sample.space) != sample.space)
      return Wrong("`space` must be a whole number from 0 to 10^18");
    return Done{};
  }

  std::string_view bytes_;
  const std::string& name_;
  const SampleFileLimits& limits_;
  std::size_t line_ = 0;
  std::size_t candidates_ = 0;
  std::unordered_set<std::string> ids_;
  std::unordered_set<std::string> labels_;
  std::vector<LabeledSample> samples_;
};

}  // namespace

LabeledSample MakeSample(attacks::Sample sample, std::string label, std::string_view known_digest) {
  std::string all;
  AppendField(all, sample.text);
  AppendField(all, fmt::to_string(sample.space));
  for (const std::string& candidate : sample.candidates) AppendField(all, candidate);
  if (!known_digest.empty()) AppendField(all, known_digest);
  return {std::move(sample), std::move(label), Sha256Hex(AsBytes(all)), !known_digest.empty()};
}

Result<std::vector<LabeledSample>> ParseSamples(std::string_view bytes, const std::string& name,
                                                const SampleFileLimits& limits) {
  if (name.ends_with(".jsonl")) return Reader(bytes, name, limits).Read();
  TRY(set, datasets::ParseTextSet(bytes, name, datasets::TextUnit::kLine,
                                  {.bytes = limits.bytes, .samples = limits.samples}));
  if (set.samples.empty()) return Error{Fault::kInvalidInput, fmt::format("{} holds no sample", name)};
  std::vector<LabeledSample> samples;
  for (datasets::TextSample& text : set.samples)
    samples.push_back(MakeSample({std::move(text.id), std::move(text.text), {}, 0}, std::string(kSample)));
  return samples;
}

Result<std::vector<LabeledSample>> ReadSampleFile(const std::string& path, const SampleFileLimits& limits) {
  TRY(bytes, ReadTextFile(path, limits.bytes));
  return ParseSamples(bytes, path, limits);
}

}  // namespace ringfort::campaign
