#include "attacks/data_to_data/family.h"

#include "attacks/data_to_data/back_translation.h"
#include "attacks/data_to_data/copy_paste_dilution.h"
#include "attacks/data_to_data/fitting_substitution.h"
#include "attacks/data_to_data/green_list_forgery.h"
#include "attacks/data_to_data/look_alike_characters.h"
#include "attacks/data_to_data/paraphrase.h"
#include "attacks/data_to_data/redaction_recovery.h"
#include "attacks/data_to_data/span_rewriting.h"
#include "attacks/data_to_data/word_substitution.h"

namespace ringfort::attacks::data_to_data {

// Adding one = its three files, one include and one line here.
std::vector<AttackEntry> Family() {
  return {
      WordSubstitution(),  FittingSubstitution(), SpanRewriting(),    Paraphrase(),        BackTranslation(),
      CopyPasteDilution(), LookAlikeCharacters(), GreenListForgery(), RedactionRecovery(),
  };
}

}  // namespace ringfort::attacks::data_to_data
