#include "attacks/data_to_data/back_translation.h"

namespace ringfort::attacks::data_to_data {
namespace {

constexpr SettingCard kSettings[] = {{"rounds", 1, 1, 100, "how often there and back"},
                                     {"words", 60, 1, 100000, "of a piece that is asked at once"},
                                     {"temperature", 0.7, 0, 100, "of the draw"},
                                     {"seed", 1, 0, 9007199254740992, "of the draw"}};

constexpr AttackCard kCard{
    .name = "back_translation",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Translate a text and translate it back",
    .technique = "watermark_removal.paraphrase",
    .reference = "arXiv:2402.14007",
    .settings = kSettings,
};

}  // namespace

Result<std::string> BackTranslated(engines::Model& model, std::string_view text, const TranslationRule& rule) {
  const std::string instructions[] = {
      "Translate the following text into " + rule.through + ". Answer with the translation alone.",
      "Translate the following text into " + rule.language + ". Answer with the translation alone."};
  return RewriteByModel(model, text, instructions, rule.rewriting);
}

AttackEntry BackTranslation() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_data
