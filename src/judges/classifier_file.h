#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "judges/classifier_judge.h"

// A trained classifier (classifier_judge.h) as a file, so that a campaign can use what
// `ringfort judge train` learned:
//
//   {"schema": "ringfort.judge_classifier/1", "version": "1", "answers": 900,
//    "intercept": -0.1, "weights": [[17, 0.25], ...],    place and weight; others are 0
//    "seen": ["0f3c5d...", ...]}                         SHA-256 of each prompt's name
//
// `seen` is there so that nobody scores the judge on a prompt that it learned from.

namespace ringfort::judges {

struct TrainedClassifier {
  statistics::LogisticModel model{};
  std::uint64_t answers = 0;
  std::set<std::string> seen{};  // 64 lower-case hexadecimal digits each

  bool Saw(const LabeledAnswer& answer) const;
};

// Errors: those of ClassifierJudge::Train.
Result<TrainedClassifier> TrainClassifier(std::span<const LabeledAnswer> answers,
                                          const ClassifierOptions& options = {});

// The same classifier gives the same bytes. Weights are kept to 9 digits.
std::string WriteClassifier(const TrainedClassifier& classifier);

// Errors begin with `name: `: no JSON, another schema, a judge of another version, a place
// that is not there or comes twice, a number beyond 10^6, more than 64 MiB.
Result<TrainedClassifier> ReadClassifier(std::string_view text, std::string_view name);

}  // namespace ringfort::judges
