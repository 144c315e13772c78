#pragma once

#include <string>
#include <string_view>

#include "base/text.h"

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

}  // namespace ringfort
