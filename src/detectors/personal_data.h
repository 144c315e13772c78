#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "detectors/detector.h"

// Personal data in a text, told by form and, where there are check digits, by these:
//
//   e-mail    local@domain.tld, the common subset of RFC 5321
//   phone     7 to 15 digits (E.164) with a leading + or the groups of a phone number:
//             +49 30 123456, (555) 010-9999, 555-010-9999
//   IBAN      ISO 13616: country, its length, modulo 97
//   card      13 to 19 digits, ISO/IEC 7812, Luhn's check digit, first digit 3 to 6
//   SSN       ddd-dd-dddd with the numbers never given (000, 666, 9xx; 00; 0000) left out
//   address   IPv4 in four parts; the unspecified, loopback, link-local and documentation
//             ranges name nobody and are left out
//
//   "write to ada@example.org or +44 20 7946 0958"    e-mail 9-24, phone 28-44
//
// Limits: names and street addresses have no form and are not found. A number that looks
// like a phone number is called one: precision depends on the text. Linear in the text.
// Ours.

namespace ringfort::detectors {

enum class PersonalKind : std::uint8_t { kEmail, kPhone, kIban, kCard, kSocialSecurity, kNetworkAddress };

inline constexpr std::array<std::string_view, 6> kPersonalKindNames = {"email", "phone", "iban",
                                                                       "card",  "ssn",   "network_address"};
constexpr std::string_view Name(PersonalKind kind) { return kPersonalKindNames[static_cast<std::size_t>(kind)]; }

struct PersonalMatch {
  PersonalKind kind = PersonalKind::kEmail;
  std::size_t begin = 0;  // bytes of the text
  std::size_t length = 0;
  friend bool operator==(const PersonalMatch&, const PersonalMatch&) = default;
};

// In order of place; they do not overlap.
std::vector<PersonalMatch> FindPersonalData(std::string_view text);

// The check digits alone; blanks and hyphens between digits are passed over.
bool PassesLuhn(std::string_view digits);
bool IsIban(std::string_view text);

// Matches / (1 + matches): 0 for none, 0.5 for one.
double PersonalDataScore(std::string_view text);

DetectorEntry PersonalData();

}  // namespace ringfort::detectors
