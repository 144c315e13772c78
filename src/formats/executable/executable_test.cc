#include "formats/executable/executable.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/file.h"

namespace ringfort::formats {
namespace {

using namespace std::string_literals;

std::string Little(std::uint64_t value, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) text += static_cast<char>(i < 8 ? value >> (8 * i) : 0);
  return text;
}

// A 64-bit ELF shared library with one segment of 32 bytes behind its headers.
std::string Elf() {
  std::string elf =
      "\x7f"
      "ELF\x02\x01\x01"s +
      std::string(9, '\0') + Little(3, 2) + Little(62, 2) + Little(1, 4) + Little(0, 8) + Little(64, 8) + Little(0, 8) +
      Little(0, 4) + Little(64, 2) + Little(56, 2) + Little(1, 2) + Little(0, 2) + Little(0, 2) + Little(0, 2);
  elf += Little(1, 4) + Little(5, 4) + Little(120, 8) + Little(0, 16) + Little(32, 8) + Little(32, 8) + Little(4096, 8);
  return elf + std::string(32, 'c');
}

TEST(ReadExecutable, ReadsAnElfLibrary) {
  const auto facts = ReadExecutable(AsBytes(Elf() + "behind"));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->kind, ExecutableKind::kElf);
  EXPECT_EQ(facts->bits, 64);
  EXPECT_EQ(facts->machine, "x86-64");
  EXPECT_EQ(facts->type, "shared library");
  EXPECT_EQ(facts->image_end, 152u);
  EXPECT_FALSE(facts->damage);
}

TEST(ReadExecutable, ReadsTheProgramThatRunsThisTest) {
  const auto file = MappedFile::Open("/proc/self/exe");
  ASSERT_TRUE(file.ok());
  const auto facts = ReadExecutable(file.value().bytes());
  ASSERT_TRUE(facts);
  EXPECT_FALSE(facts->damage);
  EXPECT_EQ(facts->image_end, file.value().bytes().size());
}

TEST(ReadExecutable, SaysWhereAnElfIsCutOff) {
  const std::string elf = Elf();
  const auto facts = ReadExecutable(AsBytes(std::string_view(elf).substr(0, 140)));
  ASSERT_TRUE(facts && facts->damage);
  EXPECT_EQ(facts->damage->fault, Fault::kTruncated);
}

TEST(ReadExecutable, ReadsPeAndItsEnd) {
  std::string pe = "MZ"s + std::string(58, '\0') + Little(64, 4) + "PE\0\0"s + Little(0xaa64, 2) + Little(1, 2) +
                   std::string(12, '\0') + Little(240, 2) + Little(0x2022, 2) + Little(0x20b, 2) +
                   std::string(238, '\0') + ".text\0\0\0"s + Little(100, 4) + Little(4096, 4) + Little(50, 4) +
                   Little(400, 4) + std::string(16, '\0');
  pe.resize(450);
  const auto facts = ReadExecutable(AsBytes(pe + "tail"));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->kind, ExecutableKind::kPe);
  EXPECT_EQ(facts->machine, "arm64");
  EXPECT_EQ(facts->type, "shared library");
  EXPECT_EQ(facts->image_end, 450u);
}

TEST(ReadExecutable, ReadsUniversalMachOButNotJava) {
  const std::string count = "\xca\xfe\xba\xbe\0\0\0\x01"s;
  const std::string arm = "\x01\0\0\x0c\0\0\0\0\0\0\0\x40\0\0\0\x20\0\0\0\x0e"s;
  EXPECT_TRUE(ReadExecutable(AsBytes(count + arm + std::string(100, '\0'))));
  EXPECT_FALSE(ReadExecutable(AsBytes("\xca\xfe\xba\xbe\0\0\0\x41\0\x10"s + std::string(100, '\0'))));
}

TEST(ReadExecutable, TakesAPortableExecutableWithoutAWholePeHeader) {
  const auto facts = ReadExecutable(AsBytes("MZqFpD='\n" + std::string(200, ' ')));
  ASSERT_TRUE(facts);
  EXPECT_TRUE(facts->portable);
}

TEST(ReadExecutable, NeverStepsOutsideOnCutOrFlippedBytes) {
  const std::string elf = Elf();
  for (std::size_t size = 0; size < elf.size(); ++size) {
    const std::vector<std::uint8_t> cut(elf.begin(), elf.begin() + long(size));
    const auto facts = ReadExecutable(cut);
    EXPECT_LE(facts ? facts->image_end : 0, cut.size());
  }
  std::mt19937 draw(1);
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::uint8_t> bytes(elf.begin(), elf.end());
    for (int flips = 0; flips < 3; ++flips)
      bytes[4 + draw() % (bytes.size() - 4)] ^= static_cast<std::uint8_t>(1u << (draw() % 8));
    const auto facts = ReadExecutable(bytes);
    EXPECT_LE(facts ? facts->image_end : 0, bytes.size());
  }
}

}  // namespace
}  // namespace ringfort::formats
