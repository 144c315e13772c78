#pragma once

#include <string>

#include "domain/model_attacks.h"

namespace ringfort {

// The part of a report that says what attacks on the models showed: of each model the ROC
// curves on logarithmic axes beside those of the blind baseline and of chance, the areas and
// the rates of success with their intervals by attack and defense, what more texts or
// questions would have shown, the numbers of all that in tables, and what was not tried.
// Complete without script.
std::string AttacksSection(const ModelAttacks& attacks);

}  // namespace ringfort
