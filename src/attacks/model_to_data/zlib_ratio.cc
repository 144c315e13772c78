#include "attacks/model_to_data/zlib_ratio.h"

#include <zlib.h>

namespace ringfort::attacks::model_to_data {
namespace {

constexpr int kLevel = 6;

constexpr AttackCard kCard{
    .name = "zlib_ratio",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Tell whether a text was in the training data by its likelihood against its compressibility",
    .technique = "membership_inference.reference",
    .reference = "arXiv:2012.07805",
    .needs = {engines::Ability::kScores},
};

}  // namespace

std::size_t CompressedSize(std::string_view text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string compressed(size, '\0');
  // The bound holds by zlib's promise; without memory the bound itself is an answer.
  (void)compress2(reinterpret_cast<Bytef*>(compressed.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
                  static_cast<uLong>(text.size()), kLevel);
  return size;
}

std::optional<double> ZlibRatioScore(const engines::TextScore& score, std::string_view text) {
  if (score.tokens.empty()) return std::nullopt;
  return score.Mean() / static_cast<double>(CompressedSize(text));
}

AttackEntry ZlibRatio() {
  return {kCard,
          TextReader{{}, [](const TextView& view, const Settings&) { return ZlibRatioScore(view.score, view.text); }}};
}

}  // namespace ringfort::attacks::model_to_data
