#include "domain/observation.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/digest.h"
#include "base/text.h"
#include "domain/policy.h"

namespace ringfort {
namespace {

// Two digits, below `limit`.
bool TakeNumber(std::string_view& rest, int limit) {
  int number = -1;
  if (rest.size() < 2) return false;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + 2, number);
  if (error != std::errc() || end != rest.data() + 2 || number < 0 || number >= limit) return false;
  rest.remove_prefix(2);
  return true;
}

bool Take(std::string_view& rest, char wanted) {
  if (rest.empty() || rest.front() != wanted) return false;
  rest.remove_prefix(1);
  return true;
}

}  // namespace

std::string ObservationId(const Observation& observation) {
  std::string all = "ringfort.observation/1;";
  AppendField(all, observation.step);
  AppendField(all, observation.asset);
  all += fmt::format("{};", observation.mitigations.size());
  for (const std::string& mitigation : observation.mitigations) AppendField(all, mitigation);
  all += fmt::format("{:d};{};{};", observation.adaptive, observation.successes, observation.trials);
  AppendField(all, observation.source);
  AppendField(all, observation.measured_at);
  AppendField(all, observation.tool_version);
  all += fmt::format("{};", observation.seed);
  return Sha256Hex(AsBytes(all));
}

Observation Identified(Observation observation) {
  std::vector<std::string>& mitigations = observation.mitigations;
  std::sort(mitigations.begin(), mitigations.end());
  mitigations.erase(std::unique(mitigations.begin(), mitigations.end()), mitigations.end());
  observation.id = ObservationId(observation);
  return observation;
}

Status CheckObservation(const Observation& observation) {
  const auto fault = [](std::string what) { return Error{Fault::kInvalidInput, std::move(what)}; };
  if (observation.step.empty()) return fault("an observation needs the step that was tried");
  if (observation.source.empty()) return fault("an observation needs its source: which run or file it is from");
  if (observation.trials == 0) return fault("an observation needs a trial at least");
  if (observation.trials > kMaximumTrials)
    return fault(fmt::format("{} trials are more than the {} that one observation may hold", observation.trials,
                             kMaximumTrials));
  if (observation.successes > observation.trials)
    return fault(fmt::format("{} successes of {} trials", observation.successes, observation.trials));
  if (!IsTime(observation.measured_at))
    return fault(fmt::format("'{}' is no time such as 2026-11-21T10:00:00Z", Printable(observation.measured_at, 80)));
  bool readable = true;
  for (const std::string* text :
       {&observation.step, &observation.asset, &observation.source, &observation.tool_version})
    readable = readable && IsValidUtf8(*text);
  for (const std::string& mitigation : observation.mitigations) readable = readable && IsValidUtf8(mitigation);
  if (!readable) return fault("an observation holds text that is not UTF-8");
  if (observation != Identified(observation))
    return fault("an observation's id or the order of its mitigations does not fit the rest of it");
  return Done{};
}

bool IsTime(std::string_view text) {
  if (text.size() < 20 || !IsDate(text.substr(0, 10))) return false;
  std::string_view rest = text.substr(10);
  if (!Take(rest, 'T') || !TakeNumber(rest, 24) || !Take(rest, ':') || !TakeNumber(rest, 60) || !Take(rest, ':') ||
      !TakeNumber(rest, 60))
    return false;
  if (Take(rest, '.')) {
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits == 0) return false;
    rest.remove_prefix(digits);
  }
  if (Take(rest, 'Z')) return rest.empty();
  if (!Take(rest, '+') && !Take(rest, '-')) return false;
  return TakeNumber(rest, 24) && Take(rest, ':') && TakeNumber(rest, 60) && rest.empty();
}

}  // namespace ringfort
