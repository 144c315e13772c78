#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "judges/judge.h"

// Every judge, in the order in which `list` shows them.

namespace ringfort::judges {

std::span<const JudgeCard* const> Family();

// The judge of that name if it needs neither training nor a model, else null.
std::unique_ptr<Judge> MakeRuleJudge(std::string_view name);

}  // namespace ringfort::judges
