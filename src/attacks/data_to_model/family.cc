#include "attacks/data_to_model/family.h"

#include "attacks/data_to_model/backdoor_poisoning.h"
#include "attacks/data_to_model/best_of_n.h"
#include "attacks/data_to_model/direct_request.h"
#include "attacks/data_to_model/encoded_request.h"
#include "attacks/data_to_model/many_shot.h"
#include "attacks/data_to_model/prefix_injection.h"
#include "attacks/data_to_model/role_hijack.h"

namespace ringfort::attacks::data_to_model {

// Adding one = its three files, one include and one line here.
std::vector<AttackEntry> Family() {
  return {
      BackdoorPoisoning(), DirectRequest(), PrefixInjection(), RoleHijack(), EncodedRequest(), ManyShot(), BestOfN(),
  };
}

}  // namespace ringfort::attacks::data_to_model
