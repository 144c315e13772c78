#include "engines/http/url.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace ringfort::engines {
namespace {

TEST(ParseUrl, ReadsWhatPeopleWrite) {
  const Url plain = ParseUrl("http://127.0.0.1:8080").value();
  EXPECT_FALSE(plain.secure);
  EXPECT_EQ(plain.host, "127.0.0.1");
  EXPECT_EQ(plain.port, 8080);
  EXPECT_EQ(plain.path, "");
  EXPECT_EQ(plain.Origin(), "http://127.0.0.1:8080");
  EXPECT_TRUE(plain.IsLoopback());
  const Url secure = ParseUrl("HTTPS://Models.Example.invalid/openai/v1//").value();
  EXPECT_TRUE(secure.secure);
  EXPECT_EQ(secure.port, 443);
  EXPECT_EQ(secure.path, "/openai/v1");
  EXPECT_EQ(secure.Origin(), "https://models.example.invalid");
  EXPECT_FALSE(secure.IsLoopback());
  const Url six = ParseUrl("http://[::1]:80/v1").value();
  EXPECT_EQ(six.host, "::1");
  EXPECT_EQ(six.Authority(), "[::1]");
  EXPECT_TRUE(six.IsLoopback());
  EXPECT_FALSE(ParseUrl("http://127.0.0.1.example.invalid").value().IsLoopback());
}

TEST(ParseUrl, RefusesTheRestWithoutRepeatingIt) {
  for (const std::string wrong :
       {"", "localhost:80", "ftp://a", "http://", "http:///v1", "http://a:0", "http://a:65536",
        "http://a:", "http://a:8x", "http://user:hunter2@a", "http://a?key=hunter2", "http://a#b", "http://a b",
        "http://a\r\nX: 1", "http://[::1", "http://[::1]x", "http://a%41", "http://\xC3\xA4"}) {
    const auto url = ParseUrl(wrong);
    ASSERT_FALSE(url.ok()) << wrong;
    EXPECT_EQ(url.error().fault, Fault::kInvalidInput);
    EXPECT_EQ(url.error().what.find("hunter2"), std::string::npos);
  }
  EXPECT_FALSE(ParseUrl("http://" + std::string(3000, 'a')).ok());
}

TEST(ParseUrl, WhatItShowsItReadsAgain) {
  Random random(7);
  const std::string letters = "ht:/[]1a.@v?#8-";
  for (int round = 0; round < 20000; ++round) {
    std::string text = "http://";
    for (std::uint64_t i = random.Below(12); i > 0; --i) text += letters[random.Below(letters.size())];
    const auto url = ParseUrl(text);
    if (!url.ok()) continue;
    const auto again = ParseUrl(url.value().Origin() + url.value().path);
    ASSERT_TRUE(again.ok()) << text;
    EXPECT_EQ(again.value().host, url.value().host);
    EXPECT_EQ(again.value().port, url.value().port);
    EXPECT_EQ(again.value().path, url.value().path);
  }
}

}  // namespace
}  // namespace ringfort::engines
