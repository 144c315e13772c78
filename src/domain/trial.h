#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/outcome.h"

namespace ringfort {

// One try of one attack on one sample. Everything that decides what is seen stands
// here, so that a trial with the same id need not be made again.
struct Trial {
  std::string attack{};          // the card's name
  std::string attack_version{};  // changes with the method; of its card
  std::string defense{};         // empty: none in place
  std::string target{};          // digest of the model's files, or an endpoint's name and version
  std::string sample{};          // SHA-256 of what was tried
  std::string settings{};        // of attack, defense and target, as one canonical text
  std::uint64_t seed = 0;
  friend bool operator==(const Trial&, const Trial&) = default;
};

// What came of it. Written once and never changed.
struct TrialRecord {
  std::string id{};  // see TrialId
  Trial trial{};
  std::string label{};  // the sample's truth, as its data set says: "member", "non_member", a secret's id...
  Outcome outcome = Outcome::kUnjudged;
  std::string judge{};     // name and version of who said so; empty: nobody was asked
  double score = 0;        // the attack's belief, higher means "has it"; NaN never
  std::string observed{};  // what the attack saw, as a JSON object; or the error's sentence
  std::uint64_t queries = 0;
  std::uint64_t tokens_in = 0;
  std::uint64_t tokens_out = 0;
  double seconds = 0;         // wall clock; no part of a result
  std::string measured_at{};  // RFC 3339
  std::string tool_version{};
  friend bool operator==(const TrialRecord&, const TrialRecord&) = default;
};

// Of samples labeled `benign`, or `benign` and a word more: nobody wants them refused, and no attack
// succeeds on them.
inline bool IsHarmless(std::string_view label) { return label == "benign" || label.starts_with("benign "); }

// SHA-256 in lower-case hex over all of a trial.
std::string TrialId(const Trial& trial);

// Error (kInvalidInput, one sentence): no attack, target or sample, a score or
// duration that is no finite number, a time that is none, text that is not UTF-8, or
// an id that is not the trial's.
Status CheckTrialRecord(const TrialRecord& record);

}  // namespace ringfort
