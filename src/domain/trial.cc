#include "domain/trial.h"

#include <fmt/format.h>

#include <cmath>

#include "base/digest.h"
#include "base/text.h"
#include "domain/observation.h"

namespace ringfort {

std::string TrialId(const Trial& trial) {
  std::string all = "ringfort.trial/1;";
  for (const std::string* field :
       {&trial.attack, &trial.attack_version, &trial.defense, &trial.target, &trial.sample, &trial.settings})
    AppendField(all, *field);
  all += fmt::format("{};", trial.seed);
  return Sha256Hex(AsBytes(all));
}

Status CheckTrialRecord(const TrialRecord& record) {
  const auto fault = [](std::string what) { return Error{Fault::kInvalidInput, std::move(what)}; };
  const Trial& trial = record.trial;
  if (trial.attack.empty()) return fault("a trial needs the attack that was tried");
  if (trial.target.empty()) return fault("a trial needs the digest or name of its target");
  if (trial.sample.empty()) return fault("a trial needs the digest of its sample");
  if (!std::isfinite(record.score)) return fault("a trial's score is a finite number");
  if (!(std::isfinite(record.seconds) && record.seconds >= 0)) return fault("a trial lasts some finite time");
  if (!IsTime(record.measured_at))
    return fault(fmt::format("'{}' is no time such as 2026-11-21T10:00:00Z", Printable(record.measured_at, 80)));
  for (const std::string* text :
       {&trial.attack, &trial.attack_version, &trial.defense, &trial.target, &trial.sample, &trial.settings,
        &record.label, &record.judge, &record.observed, &record.tool_version})
    if (!IsValidUtf8(*text)) return fault("a trial holds text that is not UTF-8");
  if (record.id != TrialId(trial)) return fault("a trial's id does not fit the rest of it");
  return Done{};
}

}  // namespace ringfort
