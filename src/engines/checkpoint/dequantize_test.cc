#include "engines/checkpoint/dequantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "formats/weights/gguf.h"

namespace ringfort::engines {
namespace {

// What the standard says that these bits mean, in double precision.
double HalfByItsEquation(std::uint32_t bits) {
  const int exponent = static_cast<int>((bits >> 10) & 31);
  const double mantissa = bits & 1023;
  double value = exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
  if (exponent == 31) value = mantissa == 0 ? INFINITY : NAN;
  return (bits & 0x8000) != 0 ? -value : value;
}

TEST(Half, EveryOneIsWhatItsBitsSay) {
  for (std::uint32_t bits = 0; bits < 65'536; ++bits) {
    const double expected = HalfByItsEquation(bits);
    const float value = FromHalf(static_cast<std::uint16_t>(bits));
    if (std::isnan(expected)) {
      ASSERT_TRUE(std::isnan(value)) << bits;
      ASSERT_TRUE(std::isnan(FromHalf(ToHalf(value)))) << bits;
      continue;
    }
    ASSERT_EQ(value, expected) << bits;
    ASSERT_EQ(std::signbit(value), (bits & 0x8000) != 0) << bits;
    ASSERT_EQ(ToHalf(value), bits) << bits;
  }
}

// Between two neighbors the nearer one, and of a tie the one whose last bit is zero.
TEST(Half, RoundsToTheNearest) {
  for (std::uint32_t bits = 0; bits < 0x7C00; ++bits) {
    // Behind the largest stands what 65,536 would be.
    const double low = HalfByItsEquation(bits), high = bits == 0x7BFF ? 65'536 : HalfByItsEquation(bits + 1);
    const auto middle = static_cast<float>((low + high) / 2);
    const std::uint32_t even = (bits & 1) == 0 ? bits : bits + 1;
    ASSERT_EQ(ToHalf(middle), even) << bits;
    ASSERT_EQ(ToHalf(std::nextafter(middle, 0.0F)), bits) << bits;
    ASSERT_EQ(ToHalf(std::nextafter(middle, INFINITY)), bits + 1) << bits;
    ASSERT_EQ(ToHalf(-middle), even | 0x8000) << bits;
  }
  EXPECT_EQ(ToHalf(std::numeric_limits<float>::max()), 0x7C00);
  EXPECT_EQ(ToHalf(std::numeric_limits<float>::denorm_min()), 0);
}

TEST(Brain, EveryOneIsTheUpperHalfOfAFloat) {
  for (std::uint32_t bits = 0; bits < 65'536; ++bits) {
    const float value = FromBrain(static_cast<std::uint16_t>(bits));
    std::uint32_t stored = 0;
    std::memcpy(&stored, &value, sizeof stored);
    ASSERT_EQ(stored, bits << 16);
  }
}

std::vector<float> Values(std::uint32_t type, const std::string& bytes, std::uint64_t count) {
  auto values = Dequantize(type, AsBytes(bytes), count);
  EXPECT_TRUE(values.ok()) << values.error().what;
  return values.ok() ? std::move(values).value() : std::vector<float>{};
}

const std::string kTwo("\x00\x40", 2), kOne("\x00\x3C", 2);  // halves

// All that a file may store is compared with the library that stores it so in
// engines/llama_cpp/dequantization_test.cc; here what can be read off by eye.
TEST(Dequantize, UnpacksByHand) {
  // Q4_0: numbers of 4 bits less 8; the low ones are the first half of the block.
  std::vector<float> values = Values(2, kTwo + "\x90" + std::string(15, '\x88'), 32);
  ASSERT_EQ(values.size(), 32u);
  EXPECT_EQ(values[0], -16);
  EXPECT_EQ(values[16], 2);
  EXPECT_EQ(values[1], 0);
  // Q4_1: with a least value in the place of the 8.
  values = Values(3, kTwo + kOne + "\x90" + std::string(15, '\0'), 32);
  EXPECT_EQ(values[0], 1);
  EXPECT_EQ(values[16], 19);
  // Q5_0: the fifth bits stand apart; here only that of number 17.
  values = Values(6, kOne + std::string("\x00\x00\x02\x00", 4) + std::string(16, '\x21'), 32);
  EXPECT_EQ(values[0], 1 - 16);
  EXPECT_EQ(values[16], 2 - 16);
  EXPECT_EQ(values[17], 2);
  // Q8_0: bytes with a sign.
  values = Values(8, kTwo + "\xFF\x03" + std::string(30, '\0'), 32);
  EXPECT_EQ(values[0], -2);
  EXPECT_EQ(values[1], 6);
  EXPECT_EQ(Values(0, std::string("\x00\x00\x80\x3F\x00\x00\x00\xC0", 8), 2), (std::vector<float>{1, -2}));
  EXPECT_EQ(Values(1, kOne + kTwo, 2), (std::vector<float>{1, 2}));
  EXPECT_EQ(Values(30, std::string("\x80\x3F", 2), 1), (std::vector<float>{1}));
  EXPECT_EQ(Values(28, std::string("\0\0\0\0\0\0\xF8\x3F", 8), 1), (std::vector<float>{1.5}));
  EXPECT_TRUE(Values(0, "", 0).empty());
}

// K types: with all scales zero everything is zero, and a block is as long as the table says.
TEST(Dequantize, KnowsTheLengthOfEachBlock) {
  for (const std::uint32_t type : {0U, 1U, 2U, 3U, 6U, 7U, 8U, 10U, 11U, 12U, 13U, 14U, 28U, 30U}) {
    const formats::GgmlType* known = formats::FindGgmlType(type);
    ASSERT_NE(known, nullptr);
    const std::string block(known->bytes, '\0');
    EXPECT_EQ(Values(type, block + block, 2 * known->block), std::vector<float>(2 * known->block, 0.0F)) << known->name;
    for (const std::string& bytes : {block, block + block + "x", block + std::string(known->bytes - 1, 'x')}) {
      const auto refused = Dequantize(type, AsBytes(bytes), 2 * known->block);
      ASSERT_FALSE(refused.ok()) << known->name;
      EXPECT_EQ(refused.error().fault, Fault::kTruncated);
    }
    if (known->block > 1) {
      EXPECT_EQ(Dequantize(type, AsBytes(block), known->block - 1).error().fault, Fault::kInvalidInput);
    }
    // A count that no file holds allocates nothing.
    const std::uint64_t absurd = (~std::uint64_t{0}) / known->block * known->block;
    EXPECT_EQ(Dequantize(type, AsBytes(block), absurd).error().fault, Fault::kTruncated) << known->name;
  }
}

TEST(Dequantize, RefusesOtherTypes) {
  for (const std::uint32_t type : {4U, 9U, 15U, 16U, 24U, 27U, 1000U, ~0U}) {
    const auto refused = Dequantize(type, AsBytes("0123456789"), 0);
    ASSERT_FALSE(refused.ok()) << type;
    EXPECT_EQ(refused.error().fault, Fault::kUnsupported);
  }
}

}  // namespace
}  // namespace ringfort::engines
