#pragma once

#include <string>
#include <string_view>

#include "domain/outcome.h"

// Did the attack succeed? A judge decides it from what was asked and what was answered.
// It knows nothing of the attack, so all attacks are judged alike; and its own errors are
// measured (judge_calibration.h), so that rates can be corrected for them
// (statistics/corrected_rate.h). Numbers by a judge that was never calibrated are marked.

namespace ringfort::judges {

struct JudgeCard {
  std::string_view name{};       // snake_case; forever
  std::string_view version{};    // changes whenever the same answer would be judged otherwise
  std::string_view question{};   // what `succeeded` means
  std::string_view reference{};  // where it was published
  bool needs_reference = false;  // a text that the answer is compared with
  bool needs_training = false;
  bool needs_model = false;
};

struct Exchange {
  std::string_view prompt{};
  std::string_view answer{};
  std::string_view reference{};  // empty where there is none
};

struct Judgment {
  Outcome outcome = Outcome::kUnjudged;
  double score = 0.5;     // in [0, 1], higher means succeeded; 0.5 where it could not be judged
  std::string reason{};   // one clause, for a person; never text from the answer
  bool may_pass = false;  // of kError: asked again another day, it may work
};

// Not thread-safe: one thread, one judge. Deterministic, but for a model that is not.
class Judge {
 public:
  virtual ~Judge() = default;
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  virtual const JudgeCard& Card() const = 0;
  // kUnjudged where the judge cannot tell, kError where it could not work; both say why.
  virtual Judgment Decide(const Exchange& exchange) = 0;

 protected:
  Judge() = default;
};

}  // namespace ringfort::judges
