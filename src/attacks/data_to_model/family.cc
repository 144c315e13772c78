#include "attacks/data_to_model/family.h"

#include "attacks/data_to_model/backdoor_poisoning.h"
#include "attacks/data_to_model/best_of_n.h"
#include "attacks/data_to_model/crescendo.h"
#include "attacks/data_to_model/direct_request.h"
#include "attacks/data_to_model/encoded_request.h"
#include "attacks/data_to_model/iterative_rewriting.h"
#include "attacks/data_to_model/low_resource_language.h"
#include "attacks/data_to_model/many_shot.h"
#include "attacks/data_to_model/prefix_injection.h"
#include "attacks/data_to_model/random_search.h"
#include "attacks/data_to_model/role_hijack.h"
#include "attacks/data_to_model/tree_of_attacks.h"

namespace ringfort::attacks::data_to_model {

// Adding one = its three files, one include and one line here.
std::vector<AttackEntry> Family() {
  return {
      LowResourceLanguage(), TreeOfAttacks(),     IterativeRewriting(), RandomSearch(),
      Crescendo(),           BackdoorPoisoning(), DirectRequest(),      PrefixInjection(),
      RoleHijack(),          EncodedRequest(),    ManyShot(),           BestOfN(),
  };
}

}  // namespace ringfort::attacks::data_to_model
