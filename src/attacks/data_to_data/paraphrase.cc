#include "attacks/data_to_data/paraphrase.h"

namespace ringfort::attacks::data_to_data {
namespace {

constexpr SettingCard kSettings[] = {{"rounds", 1, 1, 100, "how often"},
                                     {"words", 60, 1, 100000, "of a piece that is asked at once"},
                                     {"temperature", 0.7, 0, 100, "of the draw"},
                                     {"seed", 1, 0, 9007199254740992, "of the draw"}};

constexpr AttackCard kCard{
    .name = "paraphrase",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Let another model say the same in other words",
    .technique = "watermark_removal.paraphrase",
    .reference = "arXiv:2303.13408",
    .settings = kSettings,
};

}  // namespace

Result<std::string> Paraphrased(engines::Model& model, std::string_view text, const RewritingRule& rule) {
  const std::string instruction[] = {
      "Write the following text again in other words. Keep its meaning and its length. Answer with the text alone."};
  return RewriteByModel(model, text, instruction, rule);
}

AttackEntry Paraphrase() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_data
