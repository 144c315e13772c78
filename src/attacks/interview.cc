#include "attacks/interview.h"

#include <algorithm>
#include <utility>

#include "detectors/compliance.h"
#include "detectors/words.h"

namespace ringfort::attacks {

engines::GenerateRequest Interview::Usual(std::uint64_t seed) const {
  return {.maximum_tokens = settings_.tokens, .temperature = settings_.temperature, .seed = seed};
}

Result<engines::Generation> Interview::Send(const engines::GenerateRequest& request) {
  TRY_STATUS(Take());
  const TokenMeter meter(target_, budget_);
  return target_.Generate(request);
}

Result<engines::Generation> Interview::Ask(const std::string& prompt, std::uint64_t seed) {
  engines::GenerateRequest request = Usual(seed);
  if (chats())
    request.messages = {{.role = "user", .content = prompt}};
  else
    request.prompt = prompt;
  return Send(request);
}

Result<engines::Generation> Interview::Ask(const std::vector<engines::ChatMessage>& talk) {
  if (talk.size() == 1 && talk.front().role == "user") return Ask(talk.front().content);
  engines::GenerateRequest request = Usual(settings_.seed);
  request.messages = talk;
  return Send(request);
}

Status Interview::Take() {
  TRY_STATUS(budget_.Take());
  ++questions_;
  return Done{};
}

std::string Transcript(std::span<const engines::ChatMessage> talk) {
  if (talk.size() == 1 && talk.front().role == "user") return talk.front().content;
  std::string text;
  for (const engines::ChatMessage& message : talk)
    text += (text.empty() ? "" : "\n") + message.role + ": " + message.content;
  return text;
}

double BeliefIn(std::string_view answer) {
  return detectors::WordsOf(answer).empty() ? 0 : detectors::ComplianceScore(answer);
}

void BestAnswer::Offer(std::string prompt, std::string answer, double belief) {
  if (belief <= belief_) return;
  prompt_ = std::move(prompt);
  answer_ = std::move(answer);
  belief_ = belief;
}

Attempt BestAnswer::Told(const Sample& sample, const Interview& interview) && {
  Attempt attempt;
  attempt.score = std::max(belief_, 0.0);
  attempt.prompt = std::move(prompt_);
  attempt.produced = std::move(answer_);
  if (!sample.candidates.empty()) attempt.known = sample.candidates.front();
  attempt.numbers = {{"belief", attempt.score}, {"questions", static_cast<double>(interview.questions())}};
  return attempt;
}

}  // namespace ringfort::attacks
