#include "attacks/model_to_data/family.h"

#include "attacks/model_to_data/averaged_loss.h"
#include "attacks/model_to_data/blind_baseline.h"
#include "attacks/model_to_data/canary_exposure.h"
#include "attacks/model_to_data/continuation_agreement.h"
#include "attacks/model_to_data/discoverable_memorization.h"
#include "attacks/model_to_data/disguised_exposure.h"
#include "attacks/model_to_data/divergence.h"
#include "attacks/model_to_data/embedding_attribute.h"
#include "attacks/model_to_data/embedding_inversion.h"
#include "attacks/model_to_data/generate_and_rank.h"
#include "attacks/model_to_data/loss.h"
#include "attacks/model_to_data/lowercase.h"
#include "attacks/model_to_data/min_k_plus_plus.h"
#include "attacks/model_to_data/min_k_probability.h"
#include "attacks/model_to_data/neighborhood.h"
#include "attacks/model_to_data/personal_data.h"
#include "attacks/model_to_data/piecewise_extraction.h"
#include "attacks/model_to_data/recall.h"
#include "attacks/model_to_data/reference.h"
#include "attacks/model_to_data/respelled_inversion.h"
#include "attacks/model_to_data/shadow_ensemble.h"
#include "attacks/model_to_data/zlib_ratio.h"

namespace ringfort::attacks::model_to_data {

// Adding one = its three files, one include and one line here.
std::vector<AttackEntry> Family() {
  return {
      Loss(),
      ZlibRatio(),
      Lowercase(),
      Reference(),
      Neighborhood(),
      MinKProbability(),
      MinKPlusPlus(),
      Recall(),
      BlindBaseline(),
      ShadowEnsemble(),
      DiscoverableMemorization(),
      CanaryExposure(),
      GenerateAndRank(),
      Divergence(),
      PersonalData(),
      EmbeddingInversion(),
      EmbeddingAttribute(),
      AveragedLoss(),
      ContinuationAgreement(),
      PiecewiseExtraction(),
      DisguisedExposure(),
      RespelledInversion(),
  };
}

}  // namespace ringfort::attacks::model_to_data
