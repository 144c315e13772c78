#pragma once

#include <string>
#include <string_view>

// What cells of the study's tables need before they are compared.

namespace ringfort::study {

inline std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Trimmed, with each run of blanks inside as one blank.
inline std::string Collapsed(std::string_view text) {
  std::string collapsed;
  bool blank = false;
  for (const char c : Trimmed(text)) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (is_blank && !blank) collapsed += ' ';
    if (!is_blank) collapsed += c;
    blank = is_blank;
  }
  return collapsed;
}

}  // namespace ringfort::study
