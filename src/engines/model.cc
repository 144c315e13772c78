#include "engines/model.h"

#include <fmt/format.h>

namespace ringfort::engines {
namespace {

Error Lacks(const Model& model, Ability ability) {
  return {Fault::kUnsupported, fmt::format("the {} engine does not give {}", model.Facts().engine, Name(ability))};
}

}  // namespace

Error Stopped() { return {Fault::kLimitExceeded, "stopped before all was computed, by whoever looked on"}; }

Result<std::vector<Token>> Model::Tokenize(std::string_view) { return Lacks(*this, Ability::kTokens); }

Result<std::string> Model::Detokenize(std::span<const Token>) { return Lacks(*this, Ability::kTokens); }

Result<std::vector<TextScore>> Model::Score(std::span<const std::string>, bool) {
  return Lacks(*this, Ability::kScores);
}

Result<Matrix> Model::Logits(std::span<const Token>) { return Lacks(*this, Ability::kLogits); }

Result<Generation> Model::Generate(const GenerateRequest&) { return Lacks(*this, Ability::kGenerate); }

Result<Matrix> Model::Embed(std::span<const std::string>) { return Lacks(*this, Ability::kEmbeddings); }

Result<std::vector<Matrix>> Model::HiddenStates(std::span<const Token>) { return Lacks(*this, Ability::kHiddenStates); }

Status Model::UseAdapter(const std::string&, double) { return Lacks(*this, Ability::kAdapters); }

}  // namespace ringfort::engines
