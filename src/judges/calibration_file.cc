#include "judges/calibration_file.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"

namespace ringfort::judges {
namespace {

constexpr std::uint64_t kMostAnswers = 1'000'000'000;

bool ReadCount(const Json& json, const char* key, std::uint64_t& count) {
  const auto member = json.find(key);
  if (member == json.end() || !member->is_number_unsigned()) return false;
  count = member->get<std::uint64_t>();
  return count <= kMostAnswers;
}

// Of the model that was asked, as the file tells it.
std::string ModelOf(const Json& json) {
  const auto model = json.find("model");
  if (model == json.end() || !model->is_object()) return {};
  const std::string_view digest = TextMember(*model, "sha256");
  if (!digest.empty()) return std::string(digest);
  return fmt::format("{}:{}", TextMember(*model, "engine"), TextMember(*model, "name"));
}

}  // namespace

Result<CalibratedCounts> ReadCalibratedCounts(std::string_view text, std::string_view name, std::string_view judge,
                                              std::string_view version, std::string_view model) {
  const auto parsed = ParseJson(text);
  if (!parsed.ok()) return Error{Fault::kInvalidInput, fmt::format("{}: {}", name, parsed.error().what)};
  const Json& json = parsed.value();
  const auto list = json.is_object() ? json.find("judges") : json.end();
  if (!json.is_object() || TextMember(json, "schema") != "ringfort.judge_calibration/1" || list == json.end() ||
      !list->is_array())
    return Error{Fault::kInvalidInput, fmt::format("{}: no ringfort.judge_calibration/1", name)};
  for (const Json& entry : *list) {
    if (!entry.is_object() || TextMember(entry, "name") != judge || TextMember(entry, "version") != version) continue;
    if (!model.empty() && ModelOf(json) != Printable(model))
      return Error{Fault::kUnavailable, fmt::format("{}: speaks of the judge `{}` with another model", name, judge)};
    CalibratedCounts answer;
    if (!ReadCount(entry, "found", answer.counts.found) || !ReadCount(entry, "missed", answer.counts.missed) ||
        !ReadCount(entry, "passed", answer.counts.passed) ||
        !ReadCount(entry, "false_alarms", answer.counts.false_alarms))
      return Error{Fault::kInvalidInput, fmt::format("{}: the counts of `{}` are none", name, judge)};
    answer.method = Printable(TextMember(entry, "method"), 200);
    return answer;
  }
  return Error{Fault::kUnavailable, fmt::format("{}: does not speak of the judge `{}`, version {}; run `ringfort judge "
                                                "calibrate --judge {}`",
                                                name, judge, version, judge)};
}

}  // namespace ringfort::judges
