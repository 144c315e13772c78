#include "base/python_json.h"

#include <algorithm>

#include "base/wide_text.h"

namespace ringfort {
namespace {

// More digits, or more in the exponent, may pass the range of a double.
constexpr std::size_t kMostDigits = 308;
constexpr std::size_t kMostExponentDigits = 2;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

class Rewriter {
 public:
  explicit Rewriter(std::string_view text) : text_(text) {}

  std::optional<std::string> Rewrite() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"')
        String();
      else if (IsDigit(c))
        Number();
      else if (!Constant())
        ++at_;
    }
    if (kept_ == 0) return {};
    out_ += text_.substr(std::min(kept_, text_.size()));
    return std::move(out_);
  }

 private:
  void Replace(std::size_t begin, std::string_view by) {
    out_ += text_.substr(kept_, begin - kept_);
    out_ += by;
    kept_ = at_;
  }

  bool Constant() {
    for (const std::string_view name : {"NaN", "-Infinity", "Infinity"}) {
      if (!text_.substr(at_).starts_with(name)) continue;
      const std::size_t begin = at_;
      at_ += name.size();
      Replace(begin, "null");
      return true;
    }
    return false;
  }

  void Number() {
    const std::size_t begin = at_;
    std::size_t digits = 0;
    bool exponent = false, too_large = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == 'e' || c == 'E') {
        exponent = true;
        digits = 0;
      } else if (IsDigit(c)) {
        too_large |= ++digits > (exponent ? kMostExponentDigits : kMostDigits);
      } else if (c != '.' && !(exponent && (c == '+' || c == '-'))) {
        break;
      }
    }
    if (too_large) Replace(begin, "0");
  }

  // The value of `\uXXXX` at `at`, if that stands there.
  std::optional<unsigned> Escape(std::size_t at) const {
    if (text_.substr(at, 2) != "\\u" || text_.size() - at < 6) return {};
    unsigned value = 0;
    for (const char c : text_.substr(at + 2, 4)) {
      const char lower = c | 0x20;
      if (!IsDigit(c) && !(lower >= 'a' && lower <= 'f')) return {};
      value = value * 16 + static_cast<unsigned>(IsDigit(c) ? c - '0' : lower - 'a' + 10);
    }
    return value;
  }

  void String() {
    for (++at_; at_ < text_.size() && text_[at_] != '"';) {
      if (text_[at_] != '\\') {
        ++at_;
        continue;
      }
      const std::size_t begin = at_;
      const auto value = Escape(at_);
      at_ += value ? 6 : 2;
      if (!value || *value < 0xD800 || *value >= 0xE000) continue;
      const auto second = *value < 0xDC00 ? Escape(at_) : std::nullopt;
      if (second && *second >= 0xDC00 && *second < 0xE000)
        at_ += 6;
      else
        Replace(begin, "\\ufffd");
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t kept_ = 0;  // what lies before is in out_
  std::string out_;
};

}  // namespace

std::optional<std::string> FromPythonJson(std::string_view text) {
  auto narrow = DecodeWideText(text);
  if (!narrow) return Rewriter(text).Rewrite();
  auto standard = Rewriter(*narrow).Rewrite();
  return standard ? std::move(standard) : std::move(narrow);
}

}  // namespace ringfort
