#include "engines/checkpoint/learned_vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ringfort::engines {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581
constexpr std::uint32_t kReserved = 3 + 256;

struct Word {
  std::vector<std::uint32_t> pieces;
  std::uint64_t count = 0;
};

std::map<std::string, std::uint64_t> CountWords(std::span<const std::string> texts) {
  std::map<std::string, std::uint64_t> counts;
  for (const std::string& text : texts) {
    std::string word(kSpace);
    const auto finish = [&] {
      if (word.size() > kSpace.size()) ++counts[word];
      word = kSpace;
    };
    for (const char byte : text) {
      if (byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r')
        finish();
      else
        word += byte;
    }
    finish();
  }
  return counts;
}

std::vector<std::string> Characters(const std::string& word) {
  std::vector<std::string> characters;
  for (std::size_t at = 0; at < word.size();) {
    const auto byte = static_cast<unsigned char>(word[at]);
    const std::size_t length = std::min<std::size_t>(byte >= 0xF0   ? 4
                                                     : byte >= 0xE0 ? 3
                                                     : byte >= 0xC0 ? 2
                                                                    : 1,
                                                     word.size() - at);
    characters.push_back(word.substr(at, length));
    at += length;
  }
  return characters;
}

using Pair = std::pair<std::uint32_t, std::uint32_t>;

}  // namespace

Result<TokenVocabulary> LearnVocabulary(std::span<const std::string> texts, std::uint32_t size) {
  if (size < 300 || size > 100'000)
    return Error{Fault::kInvalidInput, fmt::format("a vocabulary of {} tokens is not from 300 to 100,000", size)};
  const std::map<std::string, std::uint64_t> counts = CountWords(texts);
  if (counts.empty()) return Error{Fault::kInvalidInput, "no text to learn a vocabulary from"};

  std::map<std::string, std::uint64_t> letters;
  for (const auto& [word, count] : counts)
    for (const std::string& character : Characters(word)) letters[character] += count;
  std::vector<std::pair<std::string, std::uint64_t>> frequent(letters.begin(), letters.end());
  std::stable_sort(frequent.begin(), frequent.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (frequent.size() > size - kReserved) frequent.resize(size - kReserved);  // the rest is told in bytes

  std::vector<std::string> pieces;
  std::unordered_map<std::string, std::uint32_t> numbers;
  for (const auto& [character, count] : frequent) {
    numbers.emplace(character, static_cast<std::uint32_t>(pieces.size()));
    pieces.push_back(character);
  }
  std::vector<Word> words;
  for (const auto& [text, count] : counts) {
    Word word{.pieces = {}, .count = count};
    bool whole = true;
    for (const std::string& character : Characters(text)) {
      const auto found = numbers.find(character);
      whole = whole && found != numbers.end();
      if (whole) word.pieces.push_back(found->second);
    }
    if (whole) words.push_back(std::move(word));
  }

  std::map<Pair, std::uint64_t> pairs;
  const auto count_pairs = [&](const Word& word, bool add) {
    for (std::size_t i = 1; i < word.pieces.size(); ++i) {
      std::uint64_t& count = pairs[{word.pieces[i - 1], word.pieces[i]}];
      count = add ? count + word.count : count - word.count;
    }
  };
  for (const Word& word : words) count_pairs(word, true);
  while (pieces.size() + kReserved < size) {
    const Pair* best = nullptr;
    std::uint64_t most = 1;
    for (const auto& [pair, count] : pairs)
      if (count > most) best = &pair, most = count;
    if (best == nullptr) break;
    const Pair joined = *best;
    const auto number = static_cast<std::uint32_t>(pieces.size());
    pieces.push_back(pieces[joined.first] + pieces[joined.second]);
    for (Word& word : words) {
      const auto at = std::adjacent_find(word.pieces.begin(), word.pieces.end(), [&](std::uint32_t a, std::uint32_t b) {
        return Pair{a, b} == joined;
      });
      if (at == word.pieces.end()) continue;
      count_pairs(word, false);
      std::vector<std::uint32_t> now;
      for (std::size_t i = 0; i < word.pieces.size(); ++i) {
        const bool both = i + 1 < word.pieces.size() && Pair{word.pieces[i], word.pieces[i + 1]} == joined;
        now.push_back(both ? number : word.pieces[i]);
        i += both ? 1 : 0;
      }
      word.pieces = std::move(now);
      count_pairs(word, true);
    }
    pairs.erase(joined);
  }

  VocabularyParts parts{.kind = VocabularyKind::kSentencePiece, .begin = 1, .end = 2, .unknown = 0};
  const auto add = [&](std::string piece, float score, TokenKind kind) {
    parts.pieces.push_back(std::move(piece)), parts.scores.push_back(score), parts.kinds.push_back(kind);
  };
  add("<unk>", 0, TokenKind::kUnknown), add("<s>", 0, TokenKind::kControl), add("</s>", 0, TokenKind::kControl);
  for (int byte = 0; byte < 256; ++byte) add(fmt::format("<0x{:02X}>", byte), 0, TokenKind::kByte);
  // Two ways of joining may spell one piece; the second would never be found.
  std::unordered_map<std::string, bool> spelled;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (spelled.emplace(pieces[i], true).second)
      add(std::move(pieces[i]), -static_cast<float>(i + 1), TokenKind::kNormal);
  return TokenVocabulary::Make(std::move(parts));
}

}  // namespace ringfort::engines
