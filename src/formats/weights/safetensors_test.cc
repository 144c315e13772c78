#include "formats/weights/safetensors.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace ringfort::formats {
namespace {

std::string File(const std::string& header, const std::string& data, std::uint64_t claimed = 0) {
  std::string text;
  const std::uint64_t size = claimed != 0 ? claimed : header.size();
  for (int i = 0; i < 8; ++i) text += static_cast<char>(size >> (8 * i));
  return text + header + data;
}
std::string Tensor(const std::string& name, const std::string& type, const std::string& shape, std::uint64_t begin,
                   std::uint64_t end) {
  return fmt::format(R"("{}":{{"dtype":"{}","shape":{},"data_offsets":[{},{}]}})", name, type, shape, begin, end);
}

const std::string kGood =
    File(R"({"__metadata__":{"format":"pt","license":"mit"},)" + Tensor("a", "F32", "[2,3]", 0, 24) + "," +
             Tensor("b", "BF16", "[4]", 24, 32) + "}  ",
         std::string(32, 'x'));

std::vector<SafetensorsFaultKind> Faults(const std::string& header, std::size_t data) {
  const SafetensorsFacts facts = ReadSafetensors(AsBytes(File(header, std::string(data, 'x'))));
  EXPECT_FALSE(facts.damage) << facts.damage->what;
  std::vector<SafetensorsFaultKind> kinds;
  for (const auto& fault : facts.faults) kinds.push_back(fault.kind);
  return kinds;
}
using Kind = SafetensorsFaultKind;
using Kinds = std::vector<Kind>;

TEST(ReadSafetensors, ReadsAWholeFile) {
  const SafetensorsFacts facts = ReadSafetensors(AsBytes(kGood));
  EXPECT_FALSE(facts.damage || facts.cut_off);
  EXPECT_TRUE(facts.faults.empty());
  ASSERT_EQ(facts.tensors.size(), 2u);
  EXPECT_EQ(facts.tensors[0].shape, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(facts.parameters, 10u);
  EXPECT_EQ(facts.metadata[1].second, "mit");
  EXPECT_EQ(facts.data_end, kGood.size());
}

TEST(ReadSafetensors, ReadsTypesBelowAByte) {
  EXPECT_EQ(Faults("{" + Tensor("a", "F4", "[3,2]", 0, 3) + "}", 3), Kinds{});
  EXPECT_EQ(Faults("{" + Tensor("a", "F6_E2M3", "[4]", 0, 3) + "}", 3), Kinds{});
  EXPECT_EQ(Faults("{" + Tensor("a", "F4", "[3]", 0, 2) + "}", 2), Kinds{Kind::kSizeMismatch});
}

TEST(ReadSafetensors, FindsEachFault) {
  const std::string a = Tensor("a", "U8", "[4]", 0, 4);
  EXPECT_EQ(Faults("{" + a + "," + Tensor("b", "U8", "[4]", 2, 6) + "}", 6), Kinds{Kind::kOverlap});
  EXPECT_EQ(Faults("{" + a + "," + Tensor("b", "U8", "[4]", 6, 10) + "}", 10), Kinds{Kind::kHole});
  EXPECT_EQ(Faults("{" + a + "}", 9), Kinds{Kind::kTrailingBytes});
  EXPECT_EQ(Faults("{" + Tensor("a", "U8", "[5]", 0, 4) + "}", 4), Kinds{Kind::kSizeMismatch});
  EXPECT_EQ(Faults("{" + Tensor("a", "Q9", "[4]", 0, 4) + "}", 4), Kinds{Kind::kUnknownType});
  EXPECT_EQ(Faults("{" + Tensor("a", "U8", "[4294967296,4294967296]", 0, 4) + "}", 4), Kinds{Kind::kSizeMismatch});
  EXPECT_EQ(Faults("{" + a + "," + Tensor("b", "U8", "[1]", 900, 901) + "}", 4), Kinds{Kind::kOutOfBounds});
  EXPECT_EQ(Faults("{" + a + R"(,"code":"import os"})", 4), Kinds{Kind::kBadEntry});
  EXPECT_EQ(Faults(R"({"__metadata__":{"x":[1]},)" + a + "}", 4), Kinds{Kind::kBadEntry});
  EXPECT_EQ(Faults("{" + a + "}\n\n", 4), Kinds{Kind::kPadding});
}

TEST(ReadSafetensors, FindsDuplicateKeysAmongFewAndAmongMany) {
  const std::string a = Tensor("a", "U8", "[4]", 0, 4);
  EXPECT_EQ(Faults("{" + a + "," + a + "}", 4), Kinds{Kind::kDuplicateKey});
  EXPECT_EQ(Faults(R"({"__metadata__":{"x":"1","x":"2"},)" + a + "}", 4), Kinds{Kind::kDuplicateKey});
  std::string many = "{";
  for (int i = 0; i < 200; ++i) many += Tensor(fmt::format("t{}", i), "U8", "[1]", unsigned(i), unsigned(i) + 1) + ",";
  const auto kinds = Faults(many + Tensor("t150", "U8", "[1]", 200, 201) + "}", 201);
  EXPECT_EQ(kinds, Kinds{Kind::kDuplicateKey});
}

TEST(ReadSafetensors, RefusesHeadersThatCannotBe) {
  for (const std::string& file :
       {std::string(), std::string(7, '\0'), File("[]", ""), File(" {}", ""), File("{}", "", 1000),
        File("{}", "", ~0ull), File("{}", "", 100'000'001), File("{\"a\":", ""), File(std::string(100, '['), ""),
        File("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}", "")})
    EXPECT_TRUE(ReadSafetensors(AsBytes(file)).damage) << file.substr(8, 20);
}

TEST(ReadSafetensors, CutAnywhereItIsNeverWhole) {
  for (std::size_t size = 0; size < kGood.size(); ++size) {
    const std::vector<std::uint8_t> cut(kGood.begin(), kGood.begin() + long(size));
    const SafetensorsFacts facts = ReadSafetensors(cut);
    EXPECT_TRUE(facts.damage || facts.cut_off) << size;
  }
}

TEST(ReadSafetensors, SurvivesFlippedBits) {
  std::mt19937 draw(3);
  for (int round = 0; round < 5000; ++round) {
    std::vector<std::uint8_t> bytes(kGood.begin(), kGood.end());
    for (int flips = 0; flips < 3; ++flips)
      bytes[draw() % bytes.size()] ^= static_cast<std::uint8_t>(1u << (draw() % 8));
    const SafetensorsFacts facts = ReadSafetensors(bytes);
    EXPECT_LE(facts.data_end, bytes.size());
  }
}

}  // namespace
}  // namespace ringfort::formats
