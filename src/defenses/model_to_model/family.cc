#include "defenses/model_to_model/family.h"

#include "defenses/model_to_model/dataset_inference.h"
#include "defenses/model_to_model/limited_answers.h"
#include "defenses/model_to_model/logit_bias_denial.h"
#include "defenses/model_to_model/noisy_answers.h"
#include "defenses/model_to_model/prediction_poisoning.h"
#include "defenses/model_to_model/query_distance_detection.h"
#include "defenses/model_to_model/rounded_answers.h"
#include "defenses/model_to_model/token_watermark.h"

namespace ringfort::defenses::model_to_model {

// Adding one = its three files, one include and one line here.
std::vector<DefenseEntry> Family() {
  return {
      LimitedAnswers(),      RoundedAnswers(),         NoisyAnswers(),   LogitBiasDenial(),
      PredictionPoisoning(), QueryDistanceDetection(), TokenWatermark(), DatasetInference(),
  };
}

}  // namespace ringfort::defenses::model_to_model
