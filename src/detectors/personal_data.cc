#include "detectors/personal_data.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace ringfort::detectors {
namespace {

constexpr DetectorCard kCard{
    .name = "personal_data",
    .goal = "Find personal data that has a form",
    .reference = "RFC 5321, E.164, ISO 13616, ISO/IEC 7812; rules ours",
    .scale = "0 none, 0.5 one piece, towards 1 with more",
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsUpper(c) || (c >= 'a' && c <= 'z'); }
bool IsWord(char c) { return IsDigit(c) || IsLetter(c) || c == '_'; }

struct CountryLength {
  std::string_view country;
  std::size_t length;
};

// ISO 13616 registry, the countries with most accounts.
constexpr CountryLength kIbanLengths[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22},
    {"BR", 29}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DK", 18}, {"DO", 28}, {"EE", 20},
    {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18},
    {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30},
    {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"MC", 27}, {"MD", 24},
    {"ME", 22}, {"MK", 19}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NL", 18}, {"NO", 15}, {"PK", 24}, {"PL", 28},
    {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"SA", 24}, {"SE", 24}, {"SI", 19}, {"SK", 24},
    {"SM", 27}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VG", 24}, {"XK", 20}};

std::size_t IbanLength(std::string_view country) {
  for (const CountryLength& entry : kIbanLengths)
    if (entry.country == country) return entry.length;
  return 0;
}

// Where the digits and separators from `begin` on end; fills `digits`. At most one
// separator stands between two digits, but for ") ".
struct Number {
  std::size_t end = 0;
  std::string digits{};
  std::size_t groups = 0;
  bool plus = false;
  bool parenthesis = false;
  bool dots_only = true;  // all separators are dots
};

Number ReadNumber(std::string_view text, std::size_t begin) {
  Number number;
  std::size_t place = begin;
  if (place < text.size() && text[place] == '+') {
    number.plus = true;
    ++place;
  }
  bool in_group = false;
  while (place < text.size() && number.digits.size() < 24) {
    const char c = text[place];
    if (IsDigit(c)) {
      if (!in_group) ++number.groups;
      in_group = true;
      number.digits += c;
      number.end = ++place;
      continue;
    }
    const bool separator = c == ' ' || c == '-' || c == '.' || c == '(' || c == ')';
    if (!separator || number.end == 0) {
      if (c == '(' && number.end == 0) {
        number.parenthesis = true;
        ++place;
        continue;
      }
      break;
    }
    // At most two of them on end.
    if (place - number.end >= 2) break;
    number.parenthesis = number.parenthesis || c == '(' || c == ')';
    number.dots_only = number.dots_only && c == '.';
    in_group = false;
    ++place;
  }
  return number;
}

std::optional<PersonalMatch> Email(std::string_view text, std::size_t at) {
  const auto is_local = [](char c) { return IsWord(c) || c == '.' || c == '%' || c == '+' || c == '-'; };
  constexpr std::size_t kLongestLocal = 64;
  constexpr std::size_t kLongestDomain = 253;
  std::size_t begin = at;
  while (begin > 0 && at - begin < kLongestLocal && is_local(text[begin - 1])) --begin;
  while (begin < at && (text[begin] == '.' || text[begin] == '-')) ++begin;
  if (begin == at || text[at - 1] == '.') return std::nullopt;
  std::size_t end = at + 1;
  while (end < text.size() && end - at <= kLongestDomain &&
         (IsDigit(text[end]) || IsLetter(text[end]) || text[end] == '-' || (text[end] == '.' && text[end - 1] != '.')))
    ++end;
  while (end > at + 1 && !IsLetter(text[end - 1]) && !IsDigit(text[end - 1])) --end;
  const std::string_view domain = text.substr(at + 1, end - at - 1);
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view top = domain.substr(dot + 1);
  if (top.size() < 2 || !std::all_of(top.begin(), top.end(), IsLetter)) return std::nullopt;
  return PersonalMatch{PersonalKind::kEmail, begin, end - begin};
}

std::optional<PersonalMatch> Iban(std::string_view text, std::size_t begin) {
  if (begin + 4 > text.size() || !IsUpper(text[begin]) || !IsUpper(text[begin + 1]) || !IsDigit(text[begin + 2]))
    return std::nullopt;
  const std::size_t length = IbanLength(text.substr(begin, 2));
  std::size_t read = 0, place = begin;
  while (place < text.size() && read < length) {
    if (IsDigit(text[place]) || IsUpper(text[place]))
      ++read;
    else if (text[place] != ' ' || text[place - 1] == ' ')
      break;
    ++place;
  }
  if (length == 0 || read != length || (place < text.size() && IsWord(text[place])) ||
      !IsIban(text.substr(begin, place - begin)))
    return std::nullopt;
  return PersonalMatch{PersonalKind::kIban, begin, place - begin};
}

std::optional<PersonalMatch> NetworkAddress(std::string_view text, std::size_t begin) {
  std::array<unsigned, 4> parts{};
  std::size_t place = begin;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t start = place;
    while (place < text.size() && IsDigit(text[place]) && place - start < 4)
      parts[i] = parts[i] * 10 + static_cast<unsigned>(text[place++] - '0');
    if (place == start || place - start > 3 || parts[i] > 255 || (place - start > 1 && text[start] == '0'))
      return std::nullopt;
    if (i < 3 && (place >= text.size() || text[place++] != '.')) return std::nullopt;
  }
  // A fifth part makes it a version or a section.
  if (place < text.size() &&
      (IsWord(text[place]) || (text[place] == '.' && place + 1 < text.size() && IsDigit(text[place + 1]))))
    return std::nullopt;
  const bool documentation = (parts[0] == 192 && parts[1] == 0 && parts[2] == 2) ||
                             (parts[0] == 198 && parts[1] == 51 && parts[2] == 100) ||
                             (parts[0] == 203 && parts[1] == 0 && parts[2] == 113);
  const bool nobody = parts[0] == 0 || parts[0] == 127 || (parts[0] == 169 && parts[1] == 254) || parts[0] >= 224;
  if (documentation || nobody) return std::nullopt;
  return PersonalMatch{PersonalKind::kNetworkAddress, begin, place - begin};
}

std::optional<PersonalMatch> SocialSecurity(std::string_view text, std::size_t begin) {
  constexpr std::string_view kForm = "ddd-dd-dddd";
  if (text.size() - begin < kForm.size()) return std::nullopt;
  const std::string_view number = text.substr(begin, kForm.size());
  for (std::size_t i = 0; i < kForm.size(); ++i)
    if (kForm[i] == 'd' ? !IsDigit(number[i]) : number[i] != '-') return std::nullopt;
  const std::size_t end = begin + kForm.size();
  if (end < text.size() && (IsWord(text[end]) || text[end] == '-')) return std::nullopt;
  const std::string_view area = number.substr(0, 3);
  if (area == "000" || area == "666" || area[0] == '9' || number.substr(4, 2) == "00" || number.substr(7) == "0000")
    return std::nullopt;
  return PersonalMatch{PersonalKind::kSocialSecurity, begin, kForm.size()};
}

bool AllEqual(std::string_view digits) { return digits.find_first_not_of(digits[0]) == std::string_view::npos; }

std::optional<PersonalMatch> CardOrPhone(std::string_view text, std::size_t begin) {
  const Number number = ReadNumber(text, begin);
  if (number.end == 0 || (number.end < text.size() && IsWord(text[number.end]))) return std::nullopt;
  const std::size_t digits = number.digits.size();
  if (!number.plus && digits >= 13 && digits <= 19 && number.digits[0] >= '3' && number.digits[0] <= '6' &&
      !number.parenthesis && !AllEqual(number.digits) && PassesLuhn(number.digits))
    return PersonalMatch{PersonalKind::kCard, begin, number.end - begin};
  // Without a plus a phone number is known by groups only: 3-3-4 or (3) 3-4, or a leading 0.
  const std::string_view whole = text.substr(begin, number.end - begin);
  const bool american = digits == 10 && number.groups == 3 && whole.size() >= 12 && IsDigit(whole[whole.size() - 4]) &&
                        !IsDigit(whole[whole.size() - 5]);
  const bool trunk =
      digits >= 9 && digits <= 12 && whole[0] == '0' && whole[1] != '0' && number.groups >= 2 && number.groups <= 6;
  const bool international = number.plus && digits >= 7 && digits <= 15 && number.digits[0] != '0';
  if (!(american || trunk || international)) return std::nullopt;
  return PersonalMatch{PersonalKind::kPhone, begin, number.end - begin};
}

}  // namespace

bool PassesLuhn(std::string_view digits) {
  unsigned sum = 0;
  bool twice = false;
  std::size_t count = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    if (*digit == ' ' || *digit == '-') continue;
    if (!IsDigit(*digit)) return false;
    unsigned value = static_cast<unsigned>(*digit - '0') * (twice ? 2 : 1);
    if (value > 9) value -= 9;
    sum += value;
    twice = !twice;
    ++count;
  }
  return count > 1 && sum % 10 == 0;
}

bool IsIban(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (!IsDigit(c) && !IsUpper(c)) return false;
    plain += c;
  }
  if (plain.size() < 5 || plain.size() != IbanLength(std::string_view(plain).substr(0, 2))) return false;
  std::rotate(plain.begin(), plain.begin() + 4, plain.end());
  unsigned remainder = 0;
  for (const char c : plain)
    remainder = IsDigit(c) ? (remainder * 10 + static_cast<unsigned>(c - '0')) % 97
                           : (remainder * 100 + static_cast<unsigned>(c - 'A') + 10) % 97;
  return remainder == 1;
}

std::vector<PersonalMatch> FindPersonalData(std::string_view text) {
  std::vector<PersonalMatch> matches;
  const auto add = [&](const std::optional<PersonalMatch>& match) {
    if (!match) return false;
    // An e-mail is found at its @ and may take back digits that were read as something else.
    while (!matches.empty() && matches.back().begin + matches.back().length > match->begin) matches.pop_back();
    matches.push_back(*match);
    return true;
  };
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const bool fresh = i == 0 || !IsWord(text[i - 1]);
    bool found = false;
    if (c == '@') {
      found = add(Email(text, i));
    } else if (fresh && IsUpper(c)) {
      found = add(Iban(text, i));
    } else if (fresh && IsDigit(c) && (i == 0 || (text[i - 1] != '.' && text[i - 1] != '+'))) {
      found = add(NetworkAddress(text, i)) || add(SocialSecurity(text, i)) || add(CardOrPhone(text, i));
      if (!found) {
        // The rest of a number that is nothing is nothing either.
        while (i < text.size() && (IsDigit(text[i]) || (text[i] == '.' && i + 1 < text.size() && IsDigit(text[i + 1]))))
          ++i;
        continue;
      }
    } else if (fresh && (c == '+' || c == '(')) {
      found = add(CardOrPhone(text, i));
    }
    i = found ? matches.back().begin + matches.back().length : i + 1;
  }
  return matches;
}

double PersonalDataScore(std::string_view text) {
  const double matches = static_cast<double>(FindPersonalData(text).size());
  return matches / (1 + matches);
}

DetectorEntry PersonalData() { return {kCard, PersonalDataScore}; }

}  // namespace ringfort::detectors
