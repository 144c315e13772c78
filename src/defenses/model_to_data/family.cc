#include "defenses/model_to_data/family.h"

#include "defenses/model_to_data/deduplication.h"
#include "defenses/model_to_data/early_stop.h"
#include "defenses/model_to_data/gradient_ascent.h"
#include "defenses/model_to_data/memorization_filter.h"
#include "defenses/model_to_data/noisy_embeddings.h"
#include "defenses/model_to_data/private_training.h"
#include "defenses/model_to_data/task_vector.h"
#include "defenses/model_to_data/weight_decay.h"

namespace ringfort::defenses::model_to_data {

// Adding one = its three files, one include and one line here.
std::vector<DefenseEntry> Family() {
  return {
      Deduplication(),   GradientAscent(), MemorizationFilter(), NoisyEmbeddings(),
      PrivateTraining(), TaskVector(),     EarlyStopping(),      WeightDecay(),
  };
}

}  // namespace ringfort::defenses::model_to_data
