#include "attacks/data_to_data/word_substitution.h"

#include "attacks/data_to_data/text_pieces_internal.h"

namespace ringfort::attacks::data_to_data {
namespace {

constexpr SettingCard kSettings[] = {{"share", 0.3, 0, 1, "of the words that are replaced"},
                                     {"seed", 1, 0, 9007199254740992, "of the draw"}};

constexpr AttackCard kCard{
    .name = "word_substitution",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Wash a watermark off by replacing words at random",
    .technique = "watermark_removal.edit",
    .reference = "arXiv:2301.10226",
    .settings = kSettings,
};

void TakeCase(std::string& word, char of) {
  if (word.empty() || of < 'A' || of > 'Z' || word[0] < 'a' || word[0] > 'z') return;
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
}

}  // namespace

std::string SubstituteWords(std::string_view text, std::span<const std::string> others, const SubstitutionRule& rule) {
  std::vector<std::string> words;
  for (const std::string& other : others)
    for (Piece& piece : PiecesOf(other))
      if (piece.word) words.push_back(std::move(piece.text));
  std::vector<Piece> pieces = PiecesOf(text);
  if (words.empty()) return std::string(text);
  Random random(rule.seed);
  const std::vector<std::size_t> places = WordPlaces(pieces);
  for (const std::size_t place : Drawn(places, ShareOf(rule.share, places.size()), random)) {
    std::string word = words[random.Below(words.size())];
    TakeCase(word, pieces[place].text[0]);
    pieces[place].text = std::move(word);
  }
  return TextOf(pieces);
}

AttackEntry WordSubstitution() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_data
