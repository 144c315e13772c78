#pragma once

#include <span>

#include "attacks/attack.h"
#include "campaign/summary.h"
#include "domain/model_attacks.h"

namespace ringfort {

// A campaign's summary as the figures of one model: all but `asset`, `source`, `engine` and
// `troubles`; what is skipped is added. The campaign is on that one model, its `target`.
void EnterFigures(const campaign::Summary& summary, std::span<const attacks::AttackEntry> cards,
                  std::string_view target, AttackedModel& model);

}  // namespace ringfort
