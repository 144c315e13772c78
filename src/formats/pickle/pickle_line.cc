#include <charconv>
#include <cstdlib>
#include <string>

#include "formats/pickle/pickle_state.h"
#include "formats/pickle/pickle_text.h"

// The line arguments of protocol 0. Python reads numbers with strtol(base 0) and
// int(text, 0): white space around, signs, 0x, 0o, 0b and underscores are all
// right, and so they are here.

namespace ringfort::formats {
namespace {

constexpr std::size_t kHugeDigits = 4300;  // Python's own bound for int(text)

std::string_view Trimmed(std::string_view text) {
  const auto space = [](char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

struct Number {
  bool valid = false;
  bool fits = false;
  std::int64_t value = 0;
};

Number ReadNumber(std::string_view text, int base) {
  Number number;
  text = Trimmed(text);
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (base == 0) {
    base = 10;
    if (text.size() > 2 && text[0] == '0') {
      const char letter = static_cast<char>(text[1] | 0x20);
      base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
      if (base != 10) text.remove_prefix(2);
    }
  }
  if (text.empty()) return number;
  std::uint64_t value = 0;
  bool fits = true;
  for (const char letter : text) {
    if (letter == '_') continue;
    const int digit = letter >= '0' && letter <= '9'   ? letter - '0'
                      : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
                      : letter >= 'A' && letter <= 'F' ? letter - 'A' + 10
                                                       : 99;
    if (digit >= base) return number;
    if (value > (std::uint64_t{1} << 57)) fits = false;
    value = value * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(digit);
  }
  number.valid = true;
  number.fits = fits;
  if (!fits) value = 0;
  number.value = negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
  return number;
}

PickleValue ValueOf(const Number& number) {
  return number.fits ? MakeInteger(number.value) : MakeValue(PickleKind::kInteger, kBigIntegerBit);
}

}  // namespace

bool PickleState::MemoIndex(std::string_view line, std::uint64_t& index) {
  const Number number = ReadNumber(line, 10);
  if (!number.valid || !number.fits || number.value < 0) {
    Note(PickleOddity::kIntegerMalformed, "a memo index");
    return Fail(PickleEnd::kRefused, Fault::kInvalidInput, "a memo index that is no number");
  }
  index = static_cast<std::uint64_t>(number.value);
  return true;
}

bool PickleState::Line(PickleOp op, std::string_view line, PickleValue& value) {
  switch (op) {
    case PickleOp::kInt:
      if (line == "00" || line == "01") {
        value = MakeValue(PickleKind::kBool, line[1] == '1' ? 1 : 0);
        return true;
      }
      [[fallthrough]];
    case PickleOp::kLong: {
      if (op == PickleOp::kLong && line.ends_with('L')) line.remove_suffix(1);
      if (line.size() > kHugeDigits) Note(PickleOddity::kIntegerHuge);
      const Number number = ReadNumber(line, 0);
      if (!number.valid) {
        Note(PickleOddity::kIntegerMalformed);
        return Fail(PickleEnd::kRefused, Fault::kInvalidInput, "a line that is no integer");
      }
      value = ValueOf(number);
      return true;
    }
    case PickleOp::kFloat: {
      scratch.assign(line.substr(0, 400));
      char* rest = nullptr;
      (void)std::strtod(scratch.c_str(), &rest);
      if (rest == scratch.c_str() || *rest != '\0') {
        Note(PickleOddity::kIntegerMalformed, "a float");
        return Fail(PickleEnd::kRefused, Fault::kInvalidInput, "a line that is no float");
      }
      value = MakeValue(PickleKind::kFloat);
      return true;
    }
    case PickleOp::kString: {
      // The C unpickler cuts white space off the end, then wants a pair of quotes.
      while (!line.empty() && (line.back() == ' ' || (line.back() >= '\t' && line.back() <= '\r')))
        line.remove_suffix(1);
      if (line.size() < 2 || line.front() != line.back() || (line.front() != '\'' && line.front() != '"')) {
        Note(PickleOddity::kTextMalformed, "STRING without quotes");
        return Fail(PickleEnd::kRefused, Fault::kInvalidInput, "STRING without quotes");
      }
      line = line.substr(1, line.size() - 2);
      if (line.find('\\') == std::string_view::npos) {
        value = TextValue(PickleKind::kText, reinterpret_cast<const std::uint8_t*>(line.data()), line.size());
        return true;
      }
      scratch.clear();
      if (!Unescape(line, scratch)) Note(PickleOddity::kTextMalformed, "a bad escape in STRING");
      value = store.HeldText(PickleKind::kText, scratch);
      return true;
    }
    case PickleOp::kUnicode: {
      bool plain = true;
      for (const char letter : line) plain = plain && letter != '\\' && static_cast<std::uint8_t>(letter) < 0x80;
      if (plain) {
        value = TextValue(PickleKind::kText, reinterpret_cast<const std::uint8_t*>(line.data()), line.size());
        return true;
      }
      scratch.clear();
      if (!UnescapeUnicode(line, scratch)) Note(PickleOddity::kTextMalformed, "a bad escape in UNICODE");
      value = store.HeldText(PickleKind::kText, scratch);
      return true;
    }
    case PickleOp::kPersId: {
      const PickleValue id =
          TextValue(PickleKind::kText, reinterpret_cast<const std::uint8_t*>(line.data()), line.size());
      if (facts.Count(PickleOddity::kPersistentId) == 0) Note(PickleOddity::kPersistentId);
      observer.OnPersistent(id, Offset(), machine);
      value = store.Persistent(id);
      return true;
    }
    default: return Fail(PickleEnd::kRefused, Fault::kInternal, "no line opcode");
  }
}

}  // namespace ringfort::formats
