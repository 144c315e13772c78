#pragma once

#include <string>
#include <vector>

#include "domain/model_attacks.h"

namespace ringfort {

// The charts of one model, those for which there are figures; empty: there are none. Their
// numbers are for tables beside them.
std::string AttackPictures(const AttackedModel& model);

// Those without a defense that have a score, blind or not, the widest area first: the order
// of the pictures.
std::vector<const MembershipFigure*> BareFigures(const AttackedModel& model, bool blind);

inline constexpr std::size_t kMostCurves = 5;  // of one picture, beside the blind baseline

}  // namespace ringfort
