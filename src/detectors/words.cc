#include "detectors/words.h"

namespace ringfort::detectors {
namespace {

bool IsWordByte(unsigned char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '\'' || byte >= 0x80;
}

char Lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

}  // namespace

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    // Quotes around a word are not part of it.
    while (!word.empty() && word.back() == '\'') word.pop_back();
    const std::size_t begin = word.find_first_not_of('\'');
    if (begin != std::string::npos) words.push_back(word.substr(begin));
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("\u2019") || rest.starts_with("\u2018")) {
      word += '\'';
      i += 2;
    } else if (rest.starts_with("\u201c") || rest.starts_with("\u201d") || rest.starts_with("\u2014") ||
               rest.starts_with("\u2013") || rest.starts_with("\u2026")) {
      finish();
      i += 2;
    } else if (const char letter = Lower(text[i]); IsWordByte(static_cast<unsigned char>(letter))) {
      word += letter;
    } else {
      finish();
    }
  }
  finish();
  return words;
}

std::vector<std::uint32_t> WordNumbers::Of(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  for (std::string& word : WordsOf(text))
    numbers.push_back(numbers_.try_emplace(std::move(word), static_cast<std::uint32_t>(numbers_.size())).first->second);
  return numbers;
}

}  // namespace ringfort::detectors
