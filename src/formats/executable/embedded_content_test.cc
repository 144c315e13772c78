#include "formats/executable/embedded_content.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace ringfort::formats {
namespace {

using namespace std::string_literals;
using Bytes = std::vector<std::uint8_t>;

Bytes RandomBytes(std::size_t size, unsigned seed) {
  std::mt19937_64 draw(seed);
  Bytes bytes(size);
  for (std::size_t i = 0; i + 8 <= size; i += 8) {
    const std::uint64_t word = draw();
    std::memcpy(&bytes[i], &word, 8);
  }
  return bytes;
}

std::vector<Embedded> Find(ByteView bytes) {
  std::vector<Embedded> found;
  FindEmbedded(bytes, [&](const Embedded& one) { found.push_back(one); });
  return found;
}

void Put(Bytes& bytes, std::size_t at, const std::string& what) {
  std::copy(what.begin(), what.end(), bytes.begin() + long(at));
}

std::string Little(std::uint64_t value, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

std::string Elf() {
  return "\x7f"
         "ELF\x02\x01\x01"s +
         std::string(9, '\0') + Little(2, 2) + Little(62, 2) + Little(1, 4) + Little(0x400000, 8) +
         std::string(20, '\0') + Little(64, 2) + Little(56, 2) + Little(0, 2) + Little(64, 2) + Little(0, 4);
}
std::string Pe() {
  std::string dos = "MZ\x90\0"s + std::string(56, '\0') + Little(128, 4) + std::string(64, 'x');
  return dos + "PE\0\0"s + Little(0x8664, 2) + Little(1, 2) + std::string(12, '\0') + Little(240, 2) + Little(0x22, 2) +
         Little(0x20b, 2) + std::string(300, '\0');
}
std::string ZipHeader() {
  return "PK\x03\x04"s + Little(20, 2) + Little(0, 2) + Little(0, 2) + Little(0x6000, 2) + Little(0x5a21, 2) +
         Little(0, 4) + Little(3, 4) + Little(3, 4) + Little(5, 2) + Little(0, 2) + "a.txtabc";
}

// Each kind of thing, put at an odd place in random bytes, is found there and only there.
struct Case {
  std::string bytes;
  EmbeddedKind kind;
};
std::vector<Case> Cases() {
  return {
      {Elf(), EmbeddedKind::kElf},
      {Pe(), EmbeddedKind::kPe},
      {"\xcf\xfa\xed\xfe"s + Little(0x0100000c, 4) + Little(0, 4) + Little(2, 4) + Little(1, 4) + Little(72, 4) +
           Little(0, 8) + Little(0x19, 4) + Little(72, 4) + std::string(24, '\0') + Little(0, 8) + Little(200, 8) +
           std::string(200, '\0'),
       EmbeddedKind::kMachO},
      {ZipHeader(), EmbeddedKind::kZip},
      {"\x80\x02"
       "cposix\nsystem\nq\0X\x04\0\0\0echo\x85R."s,
       EmbeddedKind::kPickle},
      {"cos\nsystem\n(S'echo'\ntR."s, EmbeddedKind::kPickle},
      {"(S'echo ringfort-inert'\nios\nsystem\n."s, EmbeddedKind::kPickle},
      {"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x04"
       "echo\x85R."s,
       EmbeddedKind::kPickle},
      {"\x80\x03X\x08\0\0\0builtinsq\0X\x04\0\0\0evalq\x01\x93."s, EmbeddedKind::kPickle},
      {"\x80\x04\x95\x03\0\0\0\0\0\0\0K\x07."s, EmbeddedKind::kFramedPickle},
      {"#!/bin/sh\necho ringfort-inert\n"s, EmbeddedKind::kScript},
      {"<script>alert('ringfort-inert')</script>"s, EmbeddedKind::kScript},
      {"powershell -enc SQBFAFgA"s, EmbeddedKind::kScript},
  };
}

TEST(FindEmbedded, FindsEachKindAtEveryAlignment) {
  for (const Case& one : Cases()) {
    SCOPED_TRACE(Name(one.kind));
    for (std::size_t at = 5000; at < 5070; ++at) {
      Bytes bytes = RandomBytes(1 << 16, 7);
      Put(bytes, at, one.bytes);
      const auto found = Find(bytes);
      ASSERT_EQ(found.size(), 1u) << "at " << at << " of " << int(one.bytes[0]);
      EXPECT_EQ(found[0].kind, one.kind);
      // INST stands behind its mark and arguments.
      EXPECT_EQ(found[0].offset, one.bytes[0] == '(' ? at + one.bytes.find('\n') + 1 : at);
    }
  }
}

TEST(FindEmbedded, FindsWhatStandsInTheVeryLastBytes) {
  for (const Case& one : Cases()) {
    Bytes bytes = RandomBytes(1000, 3);
    bytes.insert(bytes.end(), one.bytes.begin(), one.bytes.end());
    EXPECT_EQ(Find(bytes).size(), 1u) << Name(one.kind);
  }
}

TEST(FindEmbedded, SaysWhichNameAPickleCalls) {
  const auto found = Find(AsBytes("cposix\nsystem\n."));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].what, "posix.system");
  EXPECT_FALSE(found[0].has_header);
}

TEST(FindEmbedded, TakesTwoWordsForANameOnlyBeforeStackGlobal) {
  const std::string words = "\x8c\x05posix\x94\x8c\x06system\x94";
  EXPECT_EQ(Find(AsBytes(words + "\x93.")).size(), 1u);
  EXPECT_EQ(Find(AsBytes(words + "\x95" + std::string(8, '\1') + "\x93.")).size(), 1u);  // in a frame of its own
  EXPECT_TRUE(Find(AsBytes(words + "\x8c\x0cnameless one\x93.")).empty());
}

TEST(FindEmbedded, KnowsDeviceCode) {
  std::string cuda = Elf();
  cuda[18] = static_cast<char>(190);
  Bytes bytes(200);
  Put(bytes, 64, cuda);
  const auto found = Find(bytes);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].device_code);
}

// One wrong field each: all of these begin with the right magic.
TEST(FindEmbedded, IsNotFooledByAMagicAlone) {
  std::string elf = Elf();
  elf[6] = 2;
  std::string machine = Elf();
  machine[18] = 0x77, machine[19] = 0x77;
  std::string pe = Pe();
  pe[60] = 60;
  std::string method = ZipHeader();
  method[8] = 77;
  for (const std::string& text :
       {elf, machine, pe, method, "cos\nsin\n"s, "cos\nsystem"s, "\x8c\x02os\x94\x8c\x04path\x94\x93"s, "#!/bin/sh"s,
        "#!/etc/passwd\nabcdefghijkl"s, "<script>never closed"s, "powershell is a shell"s, "PK\x03\x04"s,
        "\x7f"
        "ELF"s,
        "7z\xBC\xAF\x27\x1C\0\x04"s + std::string(40, 'x'), "\x80\x04\x95\x03\0\0\0\0\0\0\0K\x07!"s}) {
    Bytes bytes(200, 0);
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.resize(bytes.size() + 600);
    EXPECT_TRUE(Find(bytes).empty()) << text.substr(0, 12);
  }
}

TEST(FindEmbedded, ChunksFindWhatTheWholeFinds) {
  Bytes bytes = RandomBytes(1 << 16, 11);
  std::size_t at = 100;
  for (const Case& one : Cases()) Put(bytes, at, one.bytes), at += 4801;
  const auto whole = Find(bytes);
  EXPECT_EQ(whole.size(), Cases().size());
  for (const std::size_t step : {1000u, 4096u, 7777u}) {
    std::vector<std::uint64_t> offsets;
    for (std::size_t begin = 0; begin < bytes.size(); begin += step) {
      const std::size_t from = begin > kEmbeddedContext ? begin - kEmbeddedContext : 0;
      const std::size_t to = std::min(bytes.size(), begin + step + kEmbeddedContext);
      const ByteView window = ByteView(bytes).subspan(from, to - from);
      FindEmbedded(window, begin - from, std::min(begin + step, bytes.size()) - from,
                   [&](const Embedded& found) { offsets.push_back(from + found.offset); });
    }
    ASSERT_EQ(offsets.size(), whole.size()) << step;
    for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_EQ(offsets[i], whole[i].offset);
  }
}

// The two ways to filter agree, also on bytes full of near misses.
TEST(FindEmbedded, AgreesWithThePortableSearch) {
  std::mt19937 draw(5);
  const std::string alphabet =
      "\x7f"
      "ELFPKMZ\x03\x04\x80\x95"
      "cposix\nsystem\x8c\x02\x06\x94#!/binsh<script>\0\xca\xfe\xed\xfa\xcf"s;
  for (int round = 0; round < 300; ++round) {
    Bytes bytes(draw() % 3000);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(alphabet[draw() % alphabet.size()]);
    for (const Case& one : Cases())
      if (bytes.size() > one.bytes.size() && draw() % 3 == 0)
        Put(bytes, draw() % (bytes.size() - one.bytes.size()), one.bytes);
    std::vector<std::uint64_t> portable;
    FindEmbeddedPortably(bytes, 0, bytes.size(), [&](const Embedded& found) { portable.push_back(found.offset); });
    std::vector<std::uint64_t> fast;
    for (const Embedded& found : Find(bytes)) fast.push_back(found.offset);
    ASSERT_EQ(fast, portable);
  }
}

TEST(FindEmbedded, RandomBytesAndWeightsNeverAlarm) {
  EXPECT_TRUE(Find(RandomBytes(std::size_t{64} << 20, 20261121)).empty());
  std::mt19937 draw(20261121);
  std::normal_distribution<float> weight(0.0F, 0.02F);
  Bytes bytes(std::size_t{16} << 20);
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    const float value = weight(draw);
    std::memcpy(&bytes[i], &value, 4);
  }
  EXPECT_TRUE(Find(bytes).empty());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(std::lround(weight(draw) * 1000.0F));
  EXPECT_TRUE(Find(bytes).empty());
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    const std::uint64_t token = draw() % 50000;
    std::memcpy(&bytes[i], &token, 8);
  }
  EXPECT_TRUE(Find(bytes).empty());
}

TEST(FindEmbedded, CutAnywhereItStaysInside) {
  for (const Case& one : Cases())
    for (std::size_t size = 0; size < one.bytes.size(); ++size) {
      // A heap block of exactly that size, so that a sanitizer sees a step outside.
      const Bytes cut(one.bytes.begin(), one.bytes.begin() + long(size));
      for (const Embedded& found : Find(cut)) EXPECT_LT(found.offset, cut.size());
    }
}

}  // namespace
}  // namespace ringfort::formats
