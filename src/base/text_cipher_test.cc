#include "base/text_cipher.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace ringfort {
namespace {

constexpr TextCipher kAll[] = {TextCipher::kBase64, TextCipher::kRot13, TextCipher::kReversed, TextCipher::kLeetspeak,
                               TextCipher::kMorse};

TEST(TextCipher, WritesAsTheHeaderSays) {
  EXPECT_EQ(Encipher(TextCipher::kBase64, "key 7"), "a2V5IDc=");
  EXPECT_EQ(Encipher(TextCipher::kRot13, "key 7"), "xrl 7");
  EXPECT_EQ(Encipher(TextCipher::kReversed, "key 7"), "7 yek");
  EXPECT_EQ(Encipher(TextCipher::kLeetspeak, "key 7"), "k3y #7");
  EXPECT_EQ(Encipher(TextCipher::kMorse, "Key 7"), "-.- . -.-- / --...");
  EXPECT_EQ(Encipher(TextCipher::kReversed, "a\xC3\xA9"),
            "\xC3\xA9"
            "a")
      << "characters stay whole";
}

// RFC 4648, section 10.
TEST(TextCipher, Base64OfTheStandard) {
  const std::pair<const char*, const char*> known[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : known) {
    EXPECT_EQ(Encipher(TextCipher::kBase64, plain), coded);
    EXPECT_EQ(Decipher(TextCipher::kBase64, coded), plain);
  }
}

TEST(TextCipher, EachHasAnExactInverse) {
  Random random(3);
  for (int i = 0; i < 300; ++i) {
    std::string bytes, letters;
    for (std::uint64_t left = random.Below(40); left > 0; --left) {
      bytes += static_cast<char>(random.Below(256));
      const std::uint64_t drawn = random.Below(37);
      if (drawn < 36 || letters.empty() || letters.back() == ' ')
        letters += "abcdefghijklmnopqrstuvwxyz0123456789"[drawn % 36];
      else
        letters += ' ';
    }
    letters += 'z';
    for (const TextCipher cipher : kAll) {
      EXPECT_EQ(Decipher(cipher, Encipher(cipher, letters)), letters) << Name(cipher);
      if (cipher == TextCipher::kBase64 || cipher == TextCipher::kRot13 || cipher == TextCipher::kLeetspeak) {
        EXPECT_EQ(Decipher(cipher, Encipher(cipher, bytes)), bytes) << Name(cipher);
      }
    }
  }
  EXPECT_EQ(Decipher(TextCipher::kReversed, Encipher(TextCipher::kReversed, "na\xC3\xAFve \xE2\x82\xAC")),
            "na\xC3\xAFve \xE2\x82\xAC");
}

TEST(TextCipher, ReadsNothingOutOfWhatIsNone) {
  EXPECT_FALSE(Decipher(TextCipher::kBase64, "I'm sorry").has_value());
  EXPECT_FALSE(Decipher(TextCipher::kBase64, "Zg=").has_value());
  EXPECT_FALSE(Decipher(TextCipher::kBase64, "Z===").has_value());
  EXPECT_FALSE(Decipher(TextCipher::kMorse, "I'm sorry").has_value());
  EXPECT_FALSE(Decipher(TextCipher::kMorse, "........").has_value());
  EXPECT_FALSE(Decipher(TextCipher::kMorse, "").has_value());
  for (const TextCipher cipher : kAll) Encipher(cipher, std::string("\0\xFF\x80", 3));
}

}  // namespace
}  // namespace ringfort
