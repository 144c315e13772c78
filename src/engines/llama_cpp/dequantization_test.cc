#include <ggml.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/random.h"
#include "engines/checkpoint/dequantize.h"
#include "engines/checkpoint/gguf_checkpoint.h"
#include "engines/llama_cpp/llama_cpp_model.h"

// What engines/checkpoint/ reads of a file, against the library that writes such files.

namespace ringfort::engines {
namespace {

std::string StoriesPath() { return RINGFORT_SOURCE_DIR "/../shared/data/models/stories260K.gguf"; }

// Steps between two numbers, counted over the numbers that a float can hold.
std::int64_t StepsApart(float a, float b) {
  const auto place = [](float value) {
    std::int32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? -static_cast<std::int64_t>(bits & 0x7FFFFFFF) : static_cast<std::int64_t>(bits);
  };
  return std::abs(place(a) - place(b));
}

class StoredType : public testing::TestWithParam<ggml_type> {};

// Numbers as weights have them, and rows of one number, of zeros, and with one far outside.
TEST_P(StoredType, IsReadAsTheLibraryReadsIt) {
  constexpr std::int64_t kRow = 512, kRows = 64;
  Random random(static_cast<std::uint64_t>(GetParam()) + 1);
  std::vector<float> numbers;
  for (std::int64_t row = 0; row < kRows; ++row)
    for (std::int64_t i = 0; i < kRow; ++i) {
      const double normal = std::sqrt(-2 * std::log(1 - random.Uniform())) * std::cos(6.283185307 * random.Uniform());
      const double value = row == 0 ? 0 : row == 1 ? 0.37 : row == 2 && i == 100 ? 50 : 0.03 * normal * double(row);
      numbers.push_back(static_cast<float>(value));
    }
  std::vector<std::uint8_t> stored(kRows * ggml_row_size(GetParam(), kRow));
  ggml_quantize_init(GetParam());
  ASSERT_EQ(ggml_quantize_chunk(GetParam(), numbers.data(), stored.data(), 0, kRows, kRow, nullptr), stored.size());
  std::vector<float> theirs(numbers.size());
  ggml_get_type_traits(GetParam())->to_float(stored.data(), theirs.data(), kRows * kRow);
  const auto ours = Dequantize(static_cast<std::uint32_t>(GetParam()), stored, numbers.size());
  ASSERT_TRUE(ours.ok()) << ours.error().what;
  double apart = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    ASSERT_LE(StepsApart(ours.value()[i], theirs[i]), 1) << i << ": " << ours.value()[i] << ", " << theirs[i];
    apart = std::max(apart, std::abs(double(theirs[i]) - double(numbers[i])));
  }
  EXPECT_LT(apart, 20);  // they were stored at all
  EXPECT_NE(theirs, std::vector<float>(numbers.size(), 0.0F));
}

// Bytes that nobody wrote as numbers: every scale, sign and bit that a block can hold.
TEST_P(StoredType, IsReadAsTheLibraryReadsItWhateverTheBytes) {
  constexpr std::int64_t kCount = 256 * 400;
  Random random(static_cast<std::uint64_t>(GetParam()) + 100);
  std::vector<std::uint8_t> stored(ggml_row_size(GetParam(), kCount));
  for (std::uint8_t& byte : stored) byte = static_cast<std::uint8_t>(random.Below(256));
  std::vector<float> theirs(kCount);
  ggml_get_type_traits(GetParam())->to_float(stored.data(), theirs.data(), kCount);
  const auto ours = Dequantize(static_cast<std::uint32_t>(GetParam()), stored, kCount);
  ASSERT_TRUE(ours.ok()) << ours.error().what;
  double largest = 0;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    if (std::isnan(theirs[i])) {
      ASSERT_TRUE(std::isnan(ours.value()[i])) << i;
      continue;
    }
    // A difference of two products may be rounded twice or once: in steps of the block's largest.
    if (i % 256 == 0) {
      largest = 0;
      for (std::size_t j = i; j < i + 256; ++j)
        if (std::isfinite(theirs[j])) largest = std::max(largest, std::abs(double(theirs[j])));
    }
    const double tolerance = 4e-7 * largest;
    const bool near = StepsApart(ours.value()[i], theirs[i]) <= 1 ||
                      std::abs(double(ours.value()[i]) - double(theirs[i])) <= tolerance;
    ASSERT_TRUE(near) << i << ": " << ours.value()[i] << ", " << theirs[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Dequantization, StoredType,
                         testing::Values(GGML_TYPE_F16, GGML_TYPE_BF16, GGML_TYPE_Q4_0, GGML_TYPE_Q4_1, GGML_TYPE_Q5_0,
                                         GGML_TYPE_Q5_1, GGML_TYPE_Q8_0, GGML_TYPE_Q2_K, GGML_TYPE_Q3_K, GGML_TYPE_Q4_K,
                                         GGML_TYPE_Q5_K, GGML_TYPE_Q6_K),
                         [](const auto& info) { return std::string(ggml_type_name(info.param)); });

TEST(Half, IsRoundedAsTheLibraryRoundsIt) {
  Random random(3);
  for (int i = 0; i < 200'000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random.Next());
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (std::isnan(value)) continue;
    ASSERT_EQ(ToHalf(value), ggml_fp32_to_fp16(value)) << value;
  }
}

// Both engines must see the same tokens, or nothing that they compute can be compared.
TEST(TokenVocabularyOfARealModel, CutsAsLlamaCppDoes) {
  if (!std::filesystem::exists(StoriesPath())) GTEST_SKIP() << "the shared model stories260K.gguf is not there";
  const auto file = MappedFile::Open(StoriesPath());
  ASSERT_TRUE(file.ok());
  const auto checkpoint = ReadGgufCheckpoint(file.value().bytes());
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.error().what;
  auto llama = LlamaCppModel::Make(StoriesPath());
  ASSERT_TRUE(llama.ok()) << llama.error().what;
  std::vector<std::string> texts = {
      "",
      " ",
      "     ",
      "\n",
      "\n\n\n a\n",
      "\t\ttabs\t",
      "Once upon a time, there was a little girl named Lily.",
      "  two  spaces   three    four ",
      "0123456789 3.14159 1,000,000",
      "don't won't we're I'll",
      "UPPER lower MiXeD",
      "!?.,;:-_()[]{}<>@#$%^&*+=|\\/~`\"'",
      "<s> </s> <unk> <pad>",
      "na\xC3\xAFve caf\xC3\xA9 \xC3\x9C"
      "ber",
      "\xE4\xBD\xA0\xE5\xA5\xBD\xEF\xBC\x8C\xE4\xB8\x96\xE7\x95\x8C",
      "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82",
      "\xF0\x9F\x98\x80\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB ok",
      "a\xE2\x96\x81"
      "b",
      "\xC2\xA0\xE2\x80\x8B\xEF\xBB\xBF",
      "\xFF\xFE\xFD",
      "\xC3",
      "\xC3 (",
      "\xE2\x82 a",
      "\xF0\x9F\x98",
      "\x80\x81 stray",
      std::string("a zero\0 inside", 14),
      std::string(3000, 'a'),
  };
  Random random(9);
  const std::vector<std::string> parts = {"the ",     "little ",          "girl", " ",    "\n",
                                          "\xC3\xA9", "\xF0\x9F\x98\x80", "7",    "ing ", "Tim"};
  while (texts.size() < 160) {
    std::string text;
    for (std::uint64_t left = random.Below(40); left > 0; --left)
      text += random.Below(4) == 0 ? std::string(1, static_cast<char>(random.Below(256)))
                                   : parts[random.Below(parts.size())];
    texts.push_back(text);
  }
  for (const std::string& text : texts) {
    const auto ours = checkpoint.value().vocabulary.Tokenize(text);
    const auto theirs = llama.value()->Tokenize(text);
    ASSERT_TRUE(ours.ok() && theirs.ok()) << text;
    EXPECT_EQ(ours.value(), theirs.value()) << text;
    EXPECT_EQ(checkpoint.value().vocabulary.Detokenize(ours.value()), llama.value()->Detokenize(theirs.value()).value())
        << text;
  }
}

}  // namespace
}  // namespace ringfort::engines
