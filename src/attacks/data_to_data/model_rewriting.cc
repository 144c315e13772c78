#include "attacks/data_to_data/model_rewriting_internal.h"
#include "attacks/data_to_data/text_pieces_internal.h"

namespace ringfort::attacks::data_to_data {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kBlank) - begin + 1));
}

// Ends of sentences are preferred; a sentence longer than `words` is cut at its words.
std::vector<std::string> Parts(std::string_view text, std::size_t words) {
  std::vector<std::string> parts;
  std::string part, sentence;
  std::size_t in_part = 0, in_sentence = 0;
  const auto close = [&] {
    if (in_part + in_sentence > words && in_part > 0) {
      parts.push_back(std::move(part));
      part.clear();
      in_part = 0;
    }
    part += sentence;
    in_part += in_sentence;
    sentence.clear();
    in_sentence = 0;
  };
  for (const Piece& piece : PiecesOf(text)) {
    sentence += piece.text;
    in_sentence += piece.word ? 1 : 0;
    if (in_sentence >= words || (!piece.word && piece.text.find_first_of(".!?\n") != std::string::npos)) close();
  }
  close();
  if (!Trimmed(part).empty()) parts.push_back(std::move(part));
  return parts;
}

}  // namespace

Result<std::string> RewriteByModel(engines::Model& model, std::string_view text,
                                   std::span<const std::string> instructions, const RewritingRule& rule) {
  const bool chat = model.Gives().Has(engines::Ability::kChat);
  if (!chat && !model.Gives().Has(engines::Ability::kGenerate))
    return Error{Fault::kUnsupported, "the model that rewrites does not answer"};
  std::string told(text);
  for (std::uint32_t round = 0; round < rule.rounds; ++round) {
    std::string next;
    for (const std::string& part : Parts(told, std::max<std::uint32_t>(1, rule.words))) {
      std::string said = Trimmed(part);
      for (const std::string& instruction : instructions) {
        engines::GenerateRequest request{.maximum_tokens = static_cast<std::uint32_t>(said.size() + 64),
                                         .temperature = rule.temperature,
                                         .seed = rule.seed + round};
        if (chat) {
          request.messages = {{"user", instruction + "\n\n" + said}};
        } else {
          request.prompt = instruction + "\n" + said + "\nAnswer:";
          request.stop = {"\n"};
        }
        TRY(answer, model.Generate(request));
        said = Trimmed(answer.text);
        if (said.empty())
          return Error{Fault::kInvalidInput, "the model that rewrites said nothing to a piece of the text"};
      }
      next += (next.empty() ? "" : " ") + said;
    }
    told = std::move(next);
  }
  return told;
}

}  // namespace ringfort::attacks::data_to_data
