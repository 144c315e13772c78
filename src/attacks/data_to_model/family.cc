#include "attacks/data_to_model/family.h"

#include "attacks/data_to_model/backdoor_poisoning.h"
#include "attacks/data_to_model/best_of_n.h"
#include "attacks/data_to_model/continued_answer.h"
#include "attacks/data_to_model/crescendo.h"
#include "attacks/data_to_model/direct_injection.h"
#include "attacks/data_to_model/direct_request.h"
#include "attacks/data_to_model/encoded_request.h"
#include "attacks/data_to_model/fluent_search.h"
#include "attacks/data_to_model/greedy_coordinate_gradient.h"
#include "attacks/data_to_model/harmful_mixture.h"
#include "attacks/data_to_model/indirect_injection.h"
#include "attacks/data_to_model/iterative_rewriting.h"
#include "attacks/data_to_model/long_answer.h"
#include "attacks/data_to_model/low_resource_language.h"
#include "attacks/data_to_model/many_shot.h"
#include "attacks/data_to_model/marked_injection.h"
#include "attacks/data_to_model/preference_guided.h"
#include "attacks/data_to_model/prefix_injection.h"
#include "attacks/data_to_model/rag_poisoning.h"
#include "attacks/data_to_model/random_search.h"
#include "attacks/data_to_model/refusal_ablation.h"
#include "attacks/data_to_model/reminder_cancelling.h"
#include "attacks/data_to_model/role_hijack.h"
#include "attacks/data_to_model/sponge_search.h"
#include "attacks/data_to_model/staged_probing.h"
#include "attacks/data_to_model/system_prompt_extraction.h"
#include "attacks/data_to_model/template_bypass.h"
#include "attacks/data_to_model/tool_output_injection.h"
#include "attacks/data_to_model/tree_of_attacks.h"

namespace ringfort::attacks::data_to_model {

// Adding one = its three files, one include and one line here.
std::vector<AttackEntry> Family() {
  return {
      TemplateBypass(),
      FluentSearch(),
      GreedyCoordinateGradient(),
      ReminderCancelling(),
      ContinuedAnswer(),
      LongAnswer(),
      SpongeSearch(),
      SystemPromptExtraction(),
      MarkedInjection(),
      ToolOutputInjection(),
      IndirectInjection(),
      DirectInjection(),
      PreferenceGuided(),
      StagedProbing(),
      LowResourceLanguage(),
      TreeOfAttacks(),
      IterativeRewriting(),
      RandomSearch(),
      Crescendo(),
      BackdoorPoisoning(),
      HarmfulMixture(),
      RefusalAblation(),
      RagPoisoning(),
      DirectRequest(),
      PrefixInjection(),
      RoleHijack(),
      EncodedRequest(),
      ManyShot(),
      BestOfN(),
  };
}

}  // namespace ringfort::attacks::data_to_model
