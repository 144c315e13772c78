#include "attacks/data_to_data/copy_paste_dilution.h"

#include "attacks/data_to_data/text_pieces_internal.h"

namespace ringfort::attacks::data_to_data {
namespace {

constexpr SettingCard kSettings[] = {{"share", 0.25, 0.001, 1, "of the words that are marked"},
                                     {"passages", 3, 1, 1000, "that they stand in"},
                                     {"seed", 1, 0, 9007199254740992, "of the draw"}};

constexpr AttackCard kCard{
    .name = "copy_paste_dilution",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Drown marked passages in unmarked text",
    .technique = "watermark_removal.copy_paste",
    .reference = "arXiv:2306.04634",
    .settings = kSettings,
};

// Each word with what stands behind it.
std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (const Piece& piece : PiecesOf(text)) {
    if (piece.word || words.empty()) words.emplace_back();
    words.back() += piece.text;
  }
  return words;
}

void Append(std::string& text, const std::vector<std::string>& words, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (!text.empty() && IsWordByte(text.back()) && IsWordByte(words[i][0])) text += ' ';
    text += words[i];
  }
}

}  // namespace

std::string Dilute(std::string_view marked, std::string_view plain, const DilutionRule& rule) {
  const std::vector<std::string> inner = Words(marked), outer = Words(plain);
  const double wanted = static_cast<double>(inner.size()) * (1 - rule.share) / rule.share;
  const auto most = static_cast<double>(outer.size());
  const auto around = static_cast<std::size_t>(std::round(std::min(wanted, most)));
  const std::size_t passages = std::clamp<std::size_t>(rule.passages, 1, std::max<std::size_t>(1, inner.size()));
  Random random(rule.seed);
  const std::size_t first = random.Below(outer.size() - around + 1);
  // Where the passages stand among the plain words.
  std::vector<std::size_t> cuts;
  for (std::size_t i = 0; i < passages; ++i) cuts.push_back(random.Below(around + 1));
  std::sort(cuts.begin(), cuts.end());
  std::string text;
  std::size_t told = 0;
  for (std::size_t i = 0; i < passages; ++i) {
    Append(text, outer, first + told, first + cuts[i]);
    told = cuts[i];
    Append(text, inner, i * inner.size() / passages, (i + 1) * inner.size() / passages);
  }
  Append(text, outer, first + told, first + around);
  return text;
}

AttackEntry CopyPasteDilution() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_data
