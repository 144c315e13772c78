#include "attacks/data_to_model/direct_request.h"

#include "attacks/framed_prompts.h"

namespace ringfort::attacks::data_to_model {
namespace {

constexpr SettingCard kSettings[] = {{"tokens", 256, 1, 100000, "length of the answer"}};

constexpr AttackCard kCard{
    .name = "direct_request",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Ask for what the target refuses, without any trick",
    .technique = "jailbreak.role_play",
    .reference = "arXiv:2404.01318",
    .needs = {engines::Ability::kGenerate},
    .settings = kSettings,
    .samples = SampleKind::kFile,
};

Result<std::vector<FramedPrompt>> Frame(const Sample& sample, const Settings&) {
  return std::vector<FramedPrompt>{UserPrompt(sample.text)};
}

}  // namespace

AttackEntry DirectRequest() {
  return {kCard, [](const Settings& settings) { return MakeFramedAttack(Frame, settings); }};
}

}  // namespace ringfort::attacks::data_to_model
