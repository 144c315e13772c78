#include "formats/weights/gguf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace ringfort::formats {
namespace {

std::string Little(std::uint64_t value, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

// Writes a small file piece by piece.
struct Writer {
  std::uint32_t version = 3;
  std::string values, tensors, data;
  std::uint64_t value_count = 0, tensor_count = 0;

  int Wide() const { return version == 1 ? 4 : 8; }
  std::string Text(const std::string& text) const { return Little(text.size(), Wide()) + text; }
  Writer& Value(const std::string& key, std::uint32_t type, const std::string& bytes) {
    values += Text(key) + Little(type, 4) + bytes;
    ++value_count;
    return *this;
  }
  Writer& String(const std::string& key, const std::string& text) { return Value(key, 8, Text(text)); }
  Writer& Tensor(const std::string& name, const std::vector<std::uint64_t>& sides, std::uint32_t type,
                 std::uint64_t offset) {
    tensors += Text(name) + Little(sides.size(), 4);
    for (const auto side : sides) tensors += Little(side, Wide());
    tensors += Little(type, 4) + Little(offset, 8);
    ++tensor_count;
    return *this;
  }
  std::string File(std::size_t alignment = 32) const {
    std::string file =
        "GGUF" + Little(version, 4) + Little(tensor_count, Wide()) + Little(value_count, Wide()) + values + tensors;
    file.resize((file.size() + alignment - 1) / alignment * alignment);
    return file + data;
  }
};

Writer Good(std::uint32_t version = 3) {
  Writer writer;
  writer.version = version;
  writer.String("general.architecture", "llama").Value("llama.context_length", 4, Little(512, 4));
  writer.Value("tokens", 9, Little(8, 4) + Little(2, writer.Wide()) + writer.Text("a") + writer.Text("bc"));
  writer.Value("nested", 9,
               Little(9, 4) + Little(1, writer.Wide()) + Little(4, 4) + Little(2, writer.Wide()) + Little(7, 8));
  writer.Tensor("w", {8, 4}, 0, 0).Tensor("q", {32}, 2, 128);
  writer.data = std::string(128 + 18, 'x');
  return writer;
}

std::vector<GgufFaultKind> Faults(const std::string& file) {
  std::vector<GgufFaultKind> kinds;
  for (const auto& fault : ReadGguf(AsBytes(file)).faults) kinds.push_back(fault.kind);
  return kinds;
}
using Kind = GgufFaultKind;
using Kinds = std::vector<Kind>;

TEST(ReadGguf, ReadsEveryVersion) {
  for (const std::uint32_t version : {1u, 2u, 3u}) {
    const std::string file = Good(version).File();
    const GgufFacts facts = ReadGguf(AsBytes(file));
    ASSERT_FALSE(facts.damage) << facts.damage->what;
    EXPECT_TRUE(facts.faults.empty()) << facts.faults[0].what;
    EXPECT_EQ(facts.Text("general.architecture"), "llama");
    EXPECT_EQ(facts.Find("llama.context_length")->number, 512u);
    EXPECT_EQ(facts.Find("tokens")->number, 2u);
    ASSERT_EQ(facts.tensors.size(), 2u);
    EXPECT_EQ(facts.tensors[0].size, 128u);
    EXPECT_EQ(facts.tensors[1].size, 18u);
    EXPECT_EQ(facts.parameters, 64u);
    EXPECT_EQ(facts.data_end, file.size());
  }
}

TEST(ReadGguf, ReadsEveryScalar) {
  Writer writer;
  const int sizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  for (std::uint32_t type = 0; type < 13; ++type)
    if (sizes[type] != 0) writer.Value("k" + std::to_string(type), type, Little(~0ull, sizes[type]));
  const std::string file = writer.File();
  const GgufFacts facts = ReadGguf(AsBytes(file));
  ASSERT_FALSE(facts.damage);
  EXPECT_EQ(facts.Find("k0")->number, 255u);
  EXPECT_EQ(facts.Find("k1")->number, ~0ull);
  EXPECT_EQ(facts.Find("k3")->number, ~0ull);
  EXPECT_EQ(facts.Find("k10")->number, ~0ull);
}

TEST(ReadGguf, FindsEachFault) {
  EXPECT_EQ(Faults(Good().String("general.architecture", "x").File()), Kinds{Kind::kDuplicateKey});
  EXPECT_EQ(Faults(Good().Tensor("w", {8}, 24, 160).File() + std::string(60, 'x')),
            (Kinds{Kind::kDuplicateTensor, Kind::kTrailingBytes}));
  EXPECT_EQ(Faults(Good().Tensor("o", {16}, 24, 96).File()), Kinds{Kind::kOverlap});
  EXPECT_EQ(Faults(Good().Tensor("o", {16}, 24, 4096).File()), Kinds{Kind::kOutOfBounds});
  EXPECT_EQ(Faults(Good().Tensor("o", {2}, 24, 150).File() + std::string(10, 'x')), Kinds{Kind::kMisaligned});
  EXPECT_EQ(Faults(Good().Tensor("o", {1ull << 40, 1ull << 40}, 0, 0).File()), Kinds{Kind::kSizeOverflow});
  EXPECT_EQ(Faults(Good().Tensor("o", {1ull << 62}, 0, 0).File()), Kinds{Kind::kSizeOverflow});
  EXPECT_EQ(Faults(Good().Tensor("o", {33}, 2, 160).File()), Kinds{Kind::kBadShape});
  EXPECT_EQ(Faults(Good().Tensor("o", {32}, 200, 160).File()), Kinds{Kind::kUnknownType});
  EXPECT_EQ(Faults(Good().File() + std::string(200, 'x')), Kinds{Kind::kTrailingBytes});
  for (const std::uint32_t alignment : {0u, 3u, 33u}) {
    const std::string file = Good().Value("general.alignment", 4, Little(alignment, 4)).File();
    EXPECT_EQ(Faults(file), Kinds{Kind::kBadAlignment});
    EXPECT_TRUE(ReadGguf(AsBytes(file)).damage);
  }
  Writer hole;
  hole.Tensor("a", {4}, 0, 0).Tensor("b", {4}, 0, 4096).data = std::string(4112, 'x');
  EXPECT_EQ(Faults(hole.File()), Kinds{Kind::kHole});
}

TEST(ReadGguf, TakesAnotherAlignment) {
  Writer writer;
  writer.Value("general.alignment", 4, Little(64, 4)).Tensor("a", {4}, 0, 0).Tensor("b", {4}, 0, 64).data =
      std::string(80, 'x');
  EXPECT_EQ(Faults(writer.File(64)), Kinds{});
}

// The shapes of the published attacks: numbers that no file can hold.
TEST(ReadGguf, SeesNumbersThatAreMadeToOverflow) {
  const std::string head = "GGUF" + Little(3, 4);
  for (const std::string& file : {head + Little(1, 8) + Little(0x1555555555555556, 8) + std::string(100, 'x'),
                                  head + Little(0xffffffffffffff, 8) + Little(0, 8) + std::string(100, 'x'),
                                  head + Little(0, 8) + Little(1, 8) + Little(~0ull, 8) + std::string(100, 'x'),
                                  Writer().Value("a", 8, Little(0xfffffffffffffff0, 8)).File(),
                                  Writer().Value("a", 9, Little(4, 4) + Little(0x4000000000000001, 8)).File()}) {
    const GgufFacts facts = ReadGguf(AsBytes(file));
    EXPECT_TRUE(facts.damage);
    ASSERT_FALSE(facts.faults.empty());
    EXPECT_EQ(facts.faults[0].kind, Kind::kAbsurdLength);
  }
}

TEST(ReadGguf, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(ReadGguf(AsBytes("GGUF" + Little(0x03000000, 4) + std::string(64, '\0'))).damage->fault,
            Fault::kUnsupported);
  EXPECT_EQ(ReadGguf(AsBytes("GGUF" + Little(9, 4) + std::string(64, '\0'))).damage->fault, Fault::kUnsupported);
  EXPECT_TRUE(ReadGguf(AsBytes(Writer().Value("a", 13, Little(0, 8)).File())).damage);
  EXPECT_TRUE(ReadGguf(AsBytes(Writer().Tensor("a", {1, 1, 1, 1, 1}, 0, 0).File())).damage);
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += Little(9, 4) + Little(1, 8);
  EXPECT_EQ(ReadGguf(AsBytes(Writer().Value("a", 9, deep + Little(0, 4) + Little(0, 8)).File())).damage->fault,
            Fault::kLimitExceeded);
}

TEST(ReadGguf, CutAnywhereItIsNeverWhole) {
  for (const std::uint32_t version : {1u, 3u}) {
    const std::string file = Good(version).File();
    for (std::size_t size = 0; size < file.size(); ++size) {
      const std::vector<std::uint8_t> cut(file.begin(), file.begin() + long(size));
      EXPECT_TRUE(ReadGguf(cut).damage) << size;
    }
  }
}

TEST(ReadGguf, SurvivesFlippedBits) {
  const std::string file = Good().File();
  std::mt19937 draw(4);
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::uint8_t> bytes(file.begin(), file.end());
    for (int flips = 0; flips < 3; ++flips)
      bytes[draw() % bytes.size()] ^= static_cast<std::uint8_t>(1u << (draw() % 8));
    const GgufFacts facts = ReadGguf(bytes);
    EXPECT_LE(facts.data_end, bytes.size());
    EXPECT_LE(facts.tensors.size(), bytes.size());
  }
}

}  // namespace
}  // namespace ringfort::formats
