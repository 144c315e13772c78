#include "attacks/writer.h"

#include <fmt/format.h>

namespace ringfort::attacks {

Result<std::string> Writer::Write(Interview& interview, const std::string& order, std::uint32_t tokens,
                                  double temperature, std::uint64_t seed) {
  engines::Model& model = model_ == nullptr ? interview.target() : *model_;
  engines::GenerateRequest request{.maximum_tokens = tokens, .temperature = temperature, .seed = seed};
  if (model.Gives().Has(engines::Ability::kChat))
    request.messages = {{.role = "user", .content = order}};
  else
    request.prompt = order;
  ++written_;
  if (model_ == nullptr) {
    TRY(said, interview.Send(request));
    return std::move(said.text);
  }
  auto said = model.Generate(request);
  if (!said.ok())
    return Error{said.error().fault, fmt::format("the attacker's model: {}", said.error().what), said.error().offset};
  return std::move(said.value().text);
}

std::string WrittenPrompt(std::string_view answer) {
  constexpr std::string_view kMark = "PROMPT:", kAround = " \t\r\n\"";
  if (const std::size_t at = answer.rfind(kMark); at != std::string_view::npos) answer.remove_prefix(at + kMark.size());
  const std::size_t begin = answer.find_first_not_of(kAround);
  if (begin == std::string_view::npos) return {};
  return std::string(answer.substr(begin, answer.find_last_not_of(kAround) - begin + 1));
}

}  // namespace ringfort::attacks
