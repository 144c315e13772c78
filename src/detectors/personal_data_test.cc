#include "detectors/personal_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/random.h"

namespace ringfort::detectors {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Found(std::string_view text) {
  std::vector<std::string> found;
  for (const PersonalMatch& match : FindPersonalData(text))
    found.push_back(std::string(Name(match.kind)) + " " + std::string(text.substr(match.begin, match.length)));
  return found;
}

TEST(PersonalData, FollowsTheExampleOfItsHeader) {
  EXPECT_THAT(FindPersonalData("write to ada@example.org or +44 20 7946 0958"),
              ElementsAre(PersonalMatch{PersonalKind::kEmail, 9, 15}, PersonalMatch{PersonalKind::kPhone, 28, 16}));
}

TEST(PersonalData, FindsEachKind) {
  EXPECT_THAT(Found("mail <first.last+tag@mail.example.co.uk>."),
              ElementsAre("email first.last+tag@mail.example.co.uk"));
  EXPECT_THAT(Found("call (555) 010-9999 or 555-010-9999 or 030 123 45678"),
              ElementsAre("phone (555) 010-9999", "phone 555-010-9999", "phone 030 123 45678"));
  // The examples of the IBAN registry and of card makers' test pages.
  EXPECT_THAT(Found("pay GB29 NWBK 6016 1331 9268 19 now"), ElementsAre("iban GB29 NWBK 6016 1331 9268 19"));
  EXPECT_THAT(Found("DE89370400440532013000"), ElementsAre("iban DE89370400440532013000"));
  EXPECT_THAT(Found("card 4111 1111 1111 1111, 378282246310005"),
              ElementsAre("card 4111 1111 1111 1111", "card 378282246310005"));
  EXPECT_THAT(Found("ssn 219-09-9999"), ElementsAre("ssn 219-09-9999"));
  EXPECT_THAT(Found("from 93.184.216.34:80"), ElementsAre("network_address 93.184.216.34"));
}

TEST(PersonalData, LeavesOutWhatOnlyLooksLikeIt) {
  for (const char* text : {"4111 1111 1111 1112",
                           "0000 0000 0000 0000",
                           "GB29 NWBK 6016 1331 9268 18",
                           "ZZ29NWBK60161331926819",
                           "version 1.2.3.4.5",
                           "127.0.0.1",
                           "192.0.2.7",
                           "256.1.1.1",
                           "01.02.03.04",
                           "666-12-1234",
                           "123-00-1234",
                           "in 1999 or 2000",
                           "2026-11-21",
                           "1234567",
                           "a@b",
                           "@handle",
                           "x@y.",
                           "3.14159265358979",
                           "12:30:45",
                           "10,000,000",
                           "a..@b",
                           "order 123456789012"})
    EXPECT_TRUE(Found(text).empty()) << text << ": " << Found(text).front();
}

TEST(PersonalData, CheckDigitsCatchEveryWrongDigit) {
  const std::string card = "4111111111111111", iban = "GB29NWBK60161331926819";
  EXPECT_TRUE(PassesLuhn(card));
  EXPECT_TRUE(IsIban(iban));
  for (std::size_t i = 0; i < card.size(); ++i)
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = card;
      wrong[i] = digit;
      EXPECT_EQ(PassesLuhn(wrong), wrong == card);
    }
  for (std::size_t i = 8; i < iban.size(); ++i)
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = iban;
      wrong[i] = digit;
      EXPECT_EQ(IsIban(wrong), wrong == iban);
    }
  EXPECT_FALSE(PassesLuhn(""));
  EXPECT_FALSE(PassesLuhn("0"));
  EXPECT_FALSE(PassesLuhn("41x1"));
}

TEST(PersonalData, Counts) {
  EXPECT_EQ(PersonalDataScore("nothing"), 0);
  EXPECT_EQ(PersonalDataScore("a@b.cd"), .5);
  EXPECT_NEAR(PersonalDataScore("a@b.cd and e@f.gh"), 2.0 / 3, 1e-15);
}

TEST(PersonalData, BearsAnyBytesAndNeverOverlaps) {
  Random random(2);
  const std::string letters = "0123456789.-+()@ aGB\xFF";
  for (int round = 0; round < 2000; ++round) {
    std::string text(random.Below(80), ' ');
    for (char& byte : text) byte = letters[random.Below(letters.size())];
    std::size_t end = 0;
    for (const PersonalMatch& match : FindPersonalData(text)) {
      EXPECT_GE(match.begin, end) << text;
      EXPECT_GT(match.length, 0u);
      end = match.begin + match.length;
    }
    EXPECT_LE(end, text.size());
  }
  EXPECT_EQ(FindPersonalData(std::string(1 << 20, '@')).size(), 0u);
  EXPECT_LE(FindPersonalData(std::string(1 << 20, '1')).size(), 1u);
}

}  // namespace
}  // namespace ringfort::detectors
