#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "attacks/attack.h"

// An attack that is a list of prompts: each is asked in turn until an answer is believed
// (attacks/interview.h), and the answer believed in most is the attempt.

namespace ringfort::attacks {

struct FramedPrompt {
  std::vector<engines::ChatMessage> talk{};
  // What the attacker makes of the answer, such as deciphering it; none: as it stands.
  std::function<std::string(std::string_view answer)> read{};
};

// Errors: kInvalidInput for a sample that cannot be framed.
using FramePrompts = Result<std::vector<FramedPrompt>> (*)(const Sample& sample, const Settings& settings);
// In [0, 1]; most attacks have BeliefIn's, those who know what they look for their own.
using JudgeFrame = double (*)(std::string_view answer, const Sample& sample);

// A prompt of one user.
FramedPrompt UserPrompt(std::string text);

// REQUIRES: the card has a setting `tokens`, the length of an answer.
std::unique_ptr<Attack> MakeFramedAttack(FramePrompts frame, const Settings& settings, JudgeFrame believe = nullptr);

}  // namespace ringfort::attacks
