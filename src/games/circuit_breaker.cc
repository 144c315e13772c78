#include "games/circuit_breaker.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace ringfort::games {
namespace {

bool Measured(const std::optional<double>& number) { return number && !std::isnan(*number); }

Status CheckRule(const BreakerRule& rule, const std::vector<BreakerWindow>& windows) {
  const auto invalid = [](std::string what) { return Error{Fault::kInvalidInput, std::move(what)}; };
  if (windows.empty()) return invalid("there is no window of telemetry to judge");
  if (rule.windows == 0) return invalid("the number of windows in a row must be at least 1");
  if (!rule.service_utility && !rule.least_capacity)
    return invalid("the rule has no threshold: give the utility of the service, the least capacity, or both");
  if (rule.service_utility && std::isnan(*rule.service_utility)) return invalid("the utility of the service is NaN");
  if (rule.least_capacity && std::isnan(*rule.least_capacity)) return invalid("the least capacity is NaN");
  return Done{};
}

void JudgeLosses(double utility, const BreakerWindow& window, JudgedWindow& judged) {
  const std::size_t missing = judged.missing.size();
  if (window.attacks.empty()) judged.missing.push_back("no attack was judged");
  for (std::size_t i = 0; i < window.attacks.size(); ++i) {
    const BreakerWindow::Attack& attack = window.attacks[i];
    // What cannot happen costs nothing, however much that is.
    const bool impossible = attack.posterior == 0.0;
    if (!Measured(attack.loss) && !impossible) judged.missing.push_back(fmt::format("the loss by `{}`", attack.name));
    if (!Measured(attack.posterior))
      judged.missing.push_back(fmt::format("the posterior of `{}`", attack.name));
    else if (*attack.posterior < 0 || *attack.posterior > 1)
      judged.missing.push_back(
          fmt::format("the posterior of `{}`: {} is no probability", attack.name, *attack.posterior));
    else if (Measured(attack.loss) || impossible) {
      const double expected = impossible ? 0 : *attack.loss * *attack.posterior;
      if (judged.attack && expected <= judged.expected_loss) continue;
      judged.attack = i;
      judged.expected_loss = expected;
    }
  }
  if (judged.attack && judged.expected_loss > utility)
    judged.too_costly = true;
  else if (judged.missing.size() == missing)
    judged.too_costly = false;
}

void JudgeCapacity(double least, const BreakerWindow& window, JudgedWindow& judged) {
  if (!Measured(window.capacity))
    judged.missing.push_back("the authorised capacity");
  else if (*window.capacity < 0)
    judged.missing.push_back(fmt::format("the authorised capacity: {} is none", *window.capacity));
  else
    judged.too_narrow = *window.capacity < least;
}

JudgedWindow Judge(const BreakerRule& rule, const BreakerWindow& window) {
  JudgedWindow judged;
  if (rule.service_utility) JudgeLosses(*rule.service_utility, window, judged);
  if (rule.least_capacity) JudgeCapacity(*rule.least_capacity, window, judged);
  const bool trips = judged.too_costly.value_or(false) || judged.too_narrow.value_or(false);
  judged.verdict = trips                    ? BreakerVerdict::kPull
                   : judged.missing.empty() ? BreakerVerdict::kHold
                                            : BreakerVerdict::kUnjudged;
  return judged;
}

}  // namespace

Result<BreakerDecision> JudgeBreaker(const BreakerRule& rule, const std::vector<BreakerWindow>& windows) {
  TRY_STATUS(CheckRule(rule, windows));
  BreakerDecision decision;
  std::uint64_t run = 0;       // of windows that trip
  std::uint64_t possible = 0;  // of windows that trip or might
  for (std::size_t i = 0; i < windows.size(); ++i) {
    JudgedWindow judged = Judge(rule, windows[i]);
    run = judged.verdict == BreakerVerdict::kPull ? run + 1 : 0;
    possible = judged.verdict == BreakerVerdict::kHold ? 0 : possible + 1;
    judged.run = run;
    if (run >= rule.windows && decision.verdict != BreakerVerdict::kPull) {
      decision.verdict = BreakerVerdict::kPull;
      decision.since = i + 1 - static_cast<std::size_t>(rule.windows);
      decision.pulled = i;
    } else if (possible >= rule.windows && decision.verdict == BreakerVerdict::kHold) {
      decision.verdict = BreakerVerdict::kUnjudged;
      decision.since = i + 1 - static_cast<std::size_t>(rule.windows);
    }
    decision.windows.push_back(std::move(judged));
  }
  return decision;
}

}  // namespace ringfort::games
