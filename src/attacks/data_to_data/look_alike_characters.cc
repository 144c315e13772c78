#include "attacks/data_to_data/look_alike_characters.h"

#include <array>

#include "attacks/data_to_data/text_pieces_internal.h"
#include "base/text.h"
#include "detectors/look_alikes.h"

namespace ringfort::attacks::data_to_data {
namespace {

constexpr std::uint32_t kNoWidth = 0x200B;
constexpr std::array<std::uint32_t, 6> kEmoji = {0x1F642, 0x1F600, 0x1F44D, 0x2728, 0x1F680, 0x1F389};

constexpr SettingCard kSettings[] = {{"letters", 0.1, 0, 1, "share of the letters that take a look-alike"},
                                     {"unseen", 0, 0, 1, "share of the words with a space of no width inside"},
                                     {"emoji", 0, 0, 1, "share of the words with an emoji before them"},
                                     {"seed", 1, 0, 9007199254740992, "of the draw"}};

constexpr AttackCard kCard{
    .name = "look_alike_characters",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Hide a watermark behind characters that look alike",
    .technique = "watermark_removal.edit",
    .reference = "arXiv:2301.10226",
    .settings = kSettings,
};

bool IsAscii(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char byte) { return (byte & 0x80) == 0; });
}

}  // namespace

std::string Disguise(std::string_view text, const DisguiseRule& rule) {
  Random random(rule.seed);
  std::string disguised;
  for (const Piece& piece : PiecesOf(text)) {
    if (!piece.word || !IsAscii(piece.text)) {
      disguised += piece.text;
      continue;
    }
    if (random.Uniform() < rule.emoji) AppendUtf8(disguised, kEmoji[random.Below(kEmoji.size())]);
    const bool split = random.Uniform() < rule.unseen;
    const std::size_t middle = piece.text.size() < 2 ? 0 : 1 + random.Below(piece.text.size() - 1);
    for (std::size_t i = 0; i < piece.text.size(); ++i) {
      if (split && i == middle) AppendUtf8(disguised, kNoWidth);
      const std::uint32_t other = detectors::LookAlikeOf(piece.text[i]);
      if (other != 0 && random.Uniform() < rule.letters)
        AppendUtf8(disguised, other);
      else
        disguised += piece.text[i];
    }
  }
  return disguised;
}

AttackEntry LookAlikeCharacters() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_data
