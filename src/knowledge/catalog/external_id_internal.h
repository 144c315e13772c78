#pragma once

#include <string_view>

// The shapes of other catalogs' ids. Shape only: whether ATLAS knows an id is tested
// against its file, not at build time.

namespace ringfort::knowledge {

// `pattern` against all of `text`; '9' stands for a digit, anything else for itself.
constexpr bool HasShape(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (pattern[i] == '9' ? !digit : text[i] != pattern[i]) return false;
  }
  return true;
}

constexpr bool IsAtlasTechnique(std::string_view id) {
  return HasShape(id, "AML.T9999") || HasShape(id, "AML.T9999.999");
}
constexpr bool IsAtlasTactic(std::string_view id) { return HasShape(id, "AML.TA9999"); }
constexpr bool IsAtlasMitigation(std::string_view id) { return HasShape(id, "AML.M9999"); }
constexpr bool IsOwasp(std::string_view id) { return HasShape(id, "LLM99:2025") || HasShape(id, "ML99:2023"); }
constexpr bool IsAvid(std::string_view code) {
  return HasShape(code, "S9999") || HasShape(code, "E9999") || HasShape(code, "P9999");
}
constexpr bool IsCwe(std::string_view id) {
  return HasShape(id, "CWE-99") || HasShape(id, "CWE-999") || HasShape(id, "CWE-9999");
}

// `arXiv:2112.03570` has a number of the new kind; other citations are free text.
constexpr bool IsReference(std::string_view text) {
  return !text.starts_with("arXiv") || HasShape(text, "arXiv:9999.99999");
}

}  // namespace ringfort::knowledge
