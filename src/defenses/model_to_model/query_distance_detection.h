#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "defenses/defense.h"

// Query-distance detection: do these questions come from a thief?
//
// What people ask lies anywhere: the distance from a question to the nearest of those
// answered alike is a little of everything, and nearly normal. A thief makes questions
// from questions, in steps of one size: the distances bunch up. Per answer a set of
// questions is kept; each new one tells its distance to the nearest there, and the alarm
// goes when the Shapiro-Wilk W over all distances (those beyond three deviations left out)
// falls below `least_normality`.
//
//   questions at 0, 10, 23, 30, 41      distances 10, 13, 7, 11: near normal
//   at 0, 10 and each + 0.1, + 0.2...   distances 10, 0.1, 0.1, 0.1...: W near 0.4, alarm
//
// A question joins its set only if its distance exceeds mean - deviation of that set's. It
// needs 100 distances before it says anything. Distances that are all equal count as W = 0:
// who asks the same a hundred times gets an alarm.
//
// Around a language model, each text that is scored, embedded, looked at or gone on from is
// a question. Its point is the count of its words, each at one of 256 places by a hash,
// brought to length 1; all questions share one set, since their answers hardly ever agree.
// From the alarm on that client gets an error that begins with "alarm:" and no answer; what
// is asked in one call is refused as a whole. Models do not know who asks: a client ends when
// MeetNewClient is called (engines/model.h). A campaign does so before each trial, or what
// was logged would depend on the order of the trials.
//
// Words and no embeddings, since on a small model the first tell more and cost nothing: 600
// paragraphs of novels have W 0.98 and more by words, 0.93 by the model's embeddings; 1,000
// candidates of one canary have W below 0.2 by words, and 0.95 by embeddings, so that they
// would have passed.
//
// Limits: a thief who asks natural questions (knockoff) is not seen; nor is one who makes
// questions natural (attacks: disguised_exposure), or spreads them over many accounts; nor
// who asks in tokens drawn at random, whose counts are normal. Honest use that fills one form
// again and again is taken for theft. Memory and time grow with the set kept: at most 5000
// points of each answer.
//
// M. Juuti et al., "PRADA: Protecting against DNN Model Stealing Attacks", EuroS&P 2019,
// arXiv:1805.02628. Points of texts, one set for all of them, and W = 0 for equal distances are
// ours.

namespace ringfort::defenses::model_to_model {

// W of the distances without those beyond three deviations; 0 if the rest are equal.
// Nothing for fewer than 3.
std::optional<double> NormalityOfDistances(const std::vector<double>& distances);

// Reads the questions of one client, as points, and says after each whether it looks like
// theft. Not thread-safe.
class DistanceWatcher {
 public:
  DistanceWatcher(double least_normality, std::size_t least_distances)
      : least_normality_(least_normality), least_distances_(least_distances) {}

  // `answer`: the class or token that the model answered with. True: alarm, from now on. A point
  // that is not finite is passed over.
  bool Watch(std::span<const float> question, std::int32_t answer);

  double normality() const { return normality_; }  // when it was last looked at; 1 before
  std::size_t distances() const { return seen_; }

 private:
  struct Kept {
    std::vector<std::vector<float>> points{};
    std::vector<double> distances{};  // with which they joined
  };

  double least_normality_;
  std::size_t least_distances_;
  std::map<std::int32_t, Kept> kept_{};
  std::vector<double> distances_{};
  std::size_t seen_ = 0;
  double normality_ = 1;
  bool alarm_ = false;
};

// The counts of a text's words at 256 places, of length 1; all 0 for a text without words.
std::vector<float> PointOfText(std::string_view text);

DefenseEntry QueryDistanceDetection();

}  // namespace ringfort::defenses::model_to_model
