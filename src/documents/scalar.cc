#include <algorithm>

#include "documents/scalar_internal.h"

namespace ringfort {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AllOf(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool IsDecimal(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (!power.empty() && (power.front() == '-' || power.front() == '+')) power.remove_prefix(1);
    if (!AllOf(power, "0123456789")) return false;
    text = text.substr(0, exponent);
  }
  return std::count(text.begin(), text.end(), '.') <= 1 && AllOf(text, ".0123456789") &&
         std::any_of(text.begin(), text.end(), IsDigit);
}

bool IsNumber(std::string_view text) {
  if (text.starts_with("0x")) return AllOf(text.substr(2), "0123456789abcdefABCDEF");
  if (text.starts_with("0o")) return AllOf(text.substr(2), "01234567");
  if (IsDecimal(text)) return true;
  const std::string_view unsigned_part = text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
  if (unsigned_part == ".inf" || unsigned_part == ".Inf" || unsigned_part == ".INF") return true;
  return text == ".nan" || text == ".NaN" || text == ".NAN";
}

}  // namespace

Document::Kind KindOfPlainScalar(std::string_view text) {
  using Kind = Document::Kind;
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return Kind::kNull;
  for (const std::string_view truth : {"true", "True", "TRUE", "false", "False", "FALSE"})
    if (text == truth) return Kind::kBoolean;
  return IsNumber(text) ? Kind::kNumber : Kind::kText;
}

}  // namespace ringfort
