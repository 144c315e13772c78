#include "attacks/model_to_model/family.h"

#include "attacks/model_to_model/adapter_difference.h"
#include "attacks/model_to_model/distillation.h"
#include "attacks/model_to_model/echo_recovery.h"
#include "attacks/model_to_model/equation_solving.h"
#include "attacks/model_to_model/hidden_dimension.h"
#include "attacks/model_to_model/logit_bias_recovery.h"
#include "attacks/model_to_model/unbent_dimension.h"
#include "attacks/model_to_model/washed_distillation.h"

namespace ringfort::attacks::model_to_model {

// Adding one = its three files, one include and one line here.
std::vector<AttackEntry> Family() {
  return {
      HiddenDimension(), LogitBiasRecovery(), EquationSolving(), AdapterDifference(),
      Distillation(),    EchoRecovery(),      UnbentDimension(), WashedDistillation(),
  };
}

}  // namespace ringfort::attacks::model_to_model
