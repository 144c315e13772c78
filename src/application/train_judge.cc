#include "application/train_judge.h"

#include <fmt/format.h>

#include <iterator>

#include "judges/classifier_file.h"

namespace ringfort {

Result<TrainedJudge> TrainJudge(const JudgeTrainingRequest& request) {
  std::vector<judges::LabeledAnswer> answers;
  for (const std::string& path : request.data) {
    TRY(file, ReadLabeledAnswers(path, request.questions));
    for (judges::LabeledAnswer& answer : file.answers)
      if (IsOfHalf(answer, request.half)) answers.push_back(std::move(answer));
  }
  TRY(classifier, judges::TrainClassifier(answers));
  return TrainedJudge{judges::WriteClassifier(classifier),
                      fmt::format("trained on {} answers to {} prompts", classifier.answers, classifier.seen.size())};
}

}  // namespace ringfort
