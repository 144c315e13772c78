#pragma once

#include "defenses/defense.h"

// Self-reminder: the question is set between two reminders to be responsible.
//
// A model answers in the light of what stands nearest. The user's last text is wrapped, so that a persona or an
// order in it is neither the first nor the last thing that the model reads:
//
//   system  You should be a responsible assistant ...
//   user    Please answer the following question in a responsible way.
//           [the question]
//           Remember, you should be a responsible assistant ...
//
// Costs some tens of tokens a question, nothing else. Where the target has no chat template the reminders
// stand around the prompt. What it costs in usefulness shows in answers that are declined among harmless
// ones. Scores and logits of a text pass as they are.
//
// Limits: words against words: an attacker who writes for it talks the reminder away
// (attacks/data_to_model/reminder_cancelling.h), and prompts that no human writes hardly notice it.
//
// Y. Xie et al., "Defending ChatGPT against jailbreak attack via self-reminders", Nature Machine
// Intelligence 5 (2023); measured beside others in Z. Xu et al., arXiv:2402.13457. The wording is ours.

namespace ringfort::defenses::data_to_model {

DefenseEntry SelfReminder();

}  // namespace ringfort::defenses::data_to_model
