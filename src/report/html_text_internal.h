#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "domain/verdict.h"

namespace ringfort {

// Any bytes as HTML text or as a quoted attribute's value.
inline std::string Escape(std::string_view text, std::size_t limit = 4096) {
  std::string escaped;
  for (const char c : Printable(text, limit)) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

// `records_recovered` as `records recovered`, escaped.
inline std::string Words(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return Escape(words);
}

inline std::string Badge(std::string_view kind, std::string_view text) {
  return fmt::format("<span class=\"badge {}\">{}</span>", kind, text);
}
inline std::string Badge(Verdict verdict) { return Badge(Name(verdict), Name(verdict)); }

inline std::string Plural(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace ringfort
