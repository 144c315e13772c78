#include "attacks/model_to_model/washed_distillation.h"

#include "attacks/word_proposals.h"

namespace ringfort::attacks::model_to_model {
namespace {

constexpr std::string_view kKnown[] = {"token_watermark"};

constexpr AttackCard kCard{
    .name = "washed_distillation",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Train a copy on answers whose mark was washed off before",
    .technique = "model_extraction.distillation",
    .reference = "arXiv:2402.14904",
    .needs = {engines::Ability::kGenerate},
    .adapts_to = kKnown,
};

}  // namespace

void WashAnswers(std::span<std::string> texts, std::span<const std::string> prompts, std::span<const std::string> own,
                 std::uint32_t every, std::uint64_t seed) {
  const WordProposals words(own);
  for (std::size_t i = 0; i < texts.size(); ++i)
    texts[i] = words.ReplaceEvery(texts[i], prompts[i].size(), every, seed + i);
}

AttackEntry WashedDistillation() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::model_to_model
