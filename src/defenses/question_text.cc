#include "defenses/question_text.h"

#include <algorithm>

namespace ringfort::defenses {

std::string* LastQuestion(engines::GenerateRequest& request) {
  if (request.messages.empty()) return &request.prompt;
  const auto last = std::find_if(request.messages.rbegin(), request.messages.rend(),
                                 [](const engines::ChatMessage& message) { return message.role == "user"; });
  return last == request.messages.rend() ? nullptr : &last->content;
}

void PutInFront(engines::GenerateRequest& request, std::string_view text) {
  if (request.messages.empty())
    request.prompt = std::string(text) + "\n\n" + request.prompt;
  else if (request.messages.front().role == "system")
    request.messages.front().content = std::string(text) + "\n" + request.messages.front().content;
  else
    request.messages.insert(request.messages.begin(), {"system", std::string(text)});
}

engines::Generation Declined() {
  engines::Generation generation;
  generation.text = kDeclined;
  generation.finish = engines::FinishReason::kFiltered;
  return generation;
}

std::uint64_t SeedFor(std::uint64_t seed, std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325 ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
}

}  // namespace ringfort::defenses
