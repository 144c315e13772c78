#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "judges/judge.h"
#include "statistics/logistic_regression.h"

// A judge that learned from labeled answers: a logistic regression
// (statistics/logistic_regression.h) over what an answer says,
//
//   - its words and pairs of neighboring words, each once, hashed (FNV-1a) into 2^16
//     places; those of the first 300 bytes a second time as openings of their own;
//   - all of those together scaled to length 1;
//   - and the log-odds of the two rule scores (detectors/refusal.h, compliance.h).
//
// It learns words of the topics it was trained on, so its figures hold for prompts like
// those; what is reported is always on prompts that it did not see (CrossValidate). The
// strength and the scale of the rule scores were chosen on the development half
// (docs/evidence/judge_figures.md), on which neither matters much.
// Ours; hashing after K. Weinberger et al., ICML 2009. Deterministic. Weights are numbers,
// from which no answer can be read back but single words guessed.

namespace ringfort::judges {

// One answer whose truth a person told.
struct LabeledAnswer {
  std::string prompt{};
  std::string answer{};
  std::string reference{};
  std::string cluster{};  // answers of one prompt stand and fall together; never empty
  bool succeeded = false;
};

struct ClassifierOptions {
  double strength = 30;
};

inline constexpr std::uint32_t kClassifierFeatures = (1U << 16) + 2;

statistics::SparseRow FeaturesOf(std::string_view answer);

class ClassifierJudge : public Judge {
 public:
  // Errors: no answer of one kind.
  static Result<statistics::LogisticModel> Train(std::span<const LabeledAnswer> answers,
                                                 const ClassifierOptions& options = {});
  explicit ClassifierJudge(statistics::LogisticModel model) : model_(std::move(model)) {}

  static const JudgeCard& StaticCard();
  const JudgeCard& Card() const override { return StaticCard(); }
  Judgment Decide(const Exchange& exchange) override;

 private:
  statistics::LogisticModel model_;
};

// The part that each answer falls into, the same for all answers of a cluster: clusters
// sorted by SHA-256 of their names are dealt out in turn. Depends on neither the order nor
// any seed.
std::vector<std::uint32_t> FoldsOf(std::span<const LabeledAnswer> answers, std::uint32_t folds);

// Each answer judged by a classifier that saw no answer to its prompt. Errors: fewer than 2
// folds or clusters than folds; a fold without which one kind of answer is missing.
Result<std::vector<Judgment>> CrossValidate(std::span<const LabeledAnswer> answers, std::uint32_t folds = 5,
                                            const ClassifierOptions& options = {});

}  // namespace ringfort::judges
