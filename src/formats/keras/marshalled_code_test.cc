#include "formats/keras/marshalled_code.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace ringfort::formats {
namespace {

using namespace std::string_literals;

TEST(DecodeMimeBase64, DecodesWhatKerasWrites) {
  EXPECT_EQ(DecodeMimeBase64("aGVsbG8=\n"), "hello");
  EXPECT_EQ(DecodeMimeBase64("aGVs\nbG8"), "hello");
  EXPECT_EQ(DecodeMimeBase64("_-8"), "\xFF\xEF");
  EXPECT_FALSE(DecodeMimeBase64("not base64!"));
  EXPECT_FALSE(DecodeMimeBase64(""));
}

TEST(MarshalledStrings, FindsNamesOfEveryKindOnce) {
  const std::string code = "\xE3garbage\xDA\x06system\xFA\x04"s + "echo" + "u\x03\0\0\0yes"s + "\xDA\x06system"s;
  const auto strings = MarshalledStrings(AsBytes(code));
  EXPECT_EQ(strings, (std::vector<std::string_view>{"system", "echo", "yes"}));
}

TEST(MarshalledStrings, TakesNoStringPastTheEnd) {
  EXPECT_TRUE(MarshalledStrings(AsBytes("\xDA\x06syste"s)).empty());
  EXPECT_TRUE(MarshalledStrings(AsBytes("u\xFF\xFF\xFF\xFFyes"s)).empty());
  std::mt19937 draw(20261121);
  for (int round = 0; round < 500; ++round) {
    std::string noise(draw() % 200, '\0');
    for (char& byte : noise) byte = static_cast<char>(draw());
    EXPECT_LE(MarshalledStrings(AsBytes(noise), 5).size(), 5u);
  }
}

TEST(LooksLikeMarshalledCode, AsksForTheTypeByte) {
  EXPECT_TRUE(LooksLikeMarshalledCode(AsBytes("\xE3"s + std::string(20, '\0'))));
  EXPECT_FALSE(LooksLikeMarshalledCode(AsBytes(std::string(20, 'x'))));
  EXPECT_FALSE(LooksLikeMarshalledCode(AsBytes("\xE3"s)));
}

}  // namespace
}  // namespace ringfort::formats
