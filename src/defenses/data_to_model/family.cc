#include "defenses/data_to_model/family.h"

#include "defenses/data_to_model/antidote.h"
#include "defenses/data_to_model/booster.h"
#include "defenses/data_to_model/instruction_hierarchy.h"
#include "defenses/data_to_model/lisa.h"
#include "defenses/data_to_model/output_budget.h"
#include "defenses/data_to_model/paraphrased_questions.h"
#include "defenses/data_to_model/perplexity_filter.h"
#include "defenses/data_to_model/refusal_steering.h"
#include "defenses/data_to_model/safe_lora.h"
#include "defenses/data_to_model/self_reminder.h"
#include "defenses/data_to_model/smooth_prompts.h"
#include "defenses/data_to_model/spotlighting.h"
#include "defenses/data_to_model/trigger_inversion.h"
#include "defenses/data_to_model/vaccine.h"

namespace ringfort::defenses::data_to_model {

// Adding one = its three files, one include and one line here.
std::vector<DefenseEntry> Family() {
  return {
      PerplexityFilter(), SmoothPrompts(),
      SelfReminder(),     ParaphrasedQuestions(),
      Spotlighting(),     InstructionHierarchy(),
      OutputBudget(),     TriggerInversion(),
      RefusalSteering(),  Lisa(),
      SafeLora(),         Vaccine(),
      Booster(),          Antidote(),
  };
}

}  // namespace ringfort::defenses::data_to_model
