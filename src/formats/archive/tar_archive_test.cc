#include "formats/archive/tar_archive.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "formats/archive/decompression.h"
#include "formats/archive/sample_archive.h"

namespace ringfort::formats {
namespace {

struct Seen {
  std::string name, content;
};

std::vector<Seen> ReadAll(TarReader& reader) {
  std::vector<Seen> seen;
  while (reader.Next()) {
    Seen one{reader.member().name, {}};
    for (ByteView window = reader.content().Window(1); !window.empty(); window = reader.content().Window(1)) {
      one.content += AsText(window);
      reader.content().Skip(window.size());
    }
    seen.push_back(std::move(one));
  }
  return seen;
}

std::string Sample() {
  return TarMemberBytes("a/data.pkl", "content") + TarMemberBytes("b", std::string(700, 'b'), '0', false) + TarEnd();
}

TEST(TarArchive, ReadsUstarAndOldHeaders) {
  const std::string bytes = Sample();
  MemoryStream stream(AsBytes(bytes));
  TarReader reader(stream);
  const auto seen = ReadAll(reader);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].name, "a/data.pkl");
  EXPECT_EQ(seen[0].content, "content");
  EXPECT_EQ(seen[1].content.size(), 700u);
  EXPECT_EQ(reader.error(), nullptr);
  EXPECT_EQ(reader.stray_bytes(), 0u);
}

TEST(TarArchive, ReadsFromACompressedStream) {
  const std::string bytes = Deflated(Sample(), 31);
  auto plain = Decompress(Codec::kGzip, AsBytes(bytes));
  TarReader reader(*plain);
  EXPECT_EQ(ReadAll(reader).size(), 2u);
  EXPECT_EQ(reader.error(), nullptr);
}

TEST(TarArchive, ReadsLongNames) {
  const std::string name(300, 'n');
  ASSERT_EQ(name.size() + 10, 310u);
  const std::string pax_record = "310 path=" + name + "\n";
  for (const std::string& head :
       {TarMemberBytes("././@LongLink", name + '\0', 'L'), TarMemberBytes("pax", pax_record, 'x')}) {
    const std::string bytes = head + TarMemberBytes("short", "1") + TarMemberBytes("next", "2") + TarEnd();
    MemoryStream stream(AsBytes(bytes));
    TarReader reader(stream);
    const auto seen = ReadAll(reader);
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0].name, name);
    EXPECT_EQ(seen[1].name, "next") << "an override holds for one member";
  }
}

TEST(TarArchive, FindsTheNextHeaderBehindADamagedOne) {
  std::string bytes = TarMemberBytes("lost", "1") + TarMemberBytes("found", "2") + TarEnd();
  bytes[0] = 'X';  // the checksum no longer holds
  MemoryStream stream(AsBytes(bytes));
  TarReader reader(stream);
  const auto seen = ReadAll(reader);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].name, "found");
  ASSERT_NE(reader.error(), nullptr);
  EXPECT_EQ(reader.error()->offset, 0u);
}

TEST(TarArchive, AChecksumThatIsNoNumberIsDamage) {
  std::string bytes = TarMemberBytes("lost", "1") + TarMemberBytes("found", "2") + TarEnd();
  bytes.replace(148, 8, "********");
  MemoryStream stream(AsBytes(bytes));
  TarReader reader(stream);
  EXPECT_EQ(ReadAll(reader).size(), 1u);
  EXPECT_NE(reader.error(), nullptr);
}

TEST(TarArchive, ReadsOnBehindTheEndMark) {
  const std::string bytes = Sample() + TarMemberBytes("late", "x") + TarEnd();
  MemoryStream stream(AsBytes(bytes));
  TarReader reader(stream);
  bool late = false;
  while (reader.Next()) late |= reader.member().after_end && reader.member().name == "late";
  EXPECT_TRUE(late);
}

TEST(TarArchive, AnAbsurdSizeIsDamageNotWork) {
  std::string header = TarHeader("huge", 0);
  header.replace(124, 12, "\x80\0\0\0\x3F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12);
  unsigned sum = 0;
  header.replace(148, 8, "        ");
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::string octal(6, '0');
  for (std::size_t i = 6; i-- > 0; sum >>= 3) octal[i] = static_cast<char>('0' + (sum & 7));
  header.replace(148, 7, octal + '\0');
  MemoryStream stream(AsBytes(header));
  TarReader reader(stream);
  EXPECT_TRUE(reader.Next());
  EXPECT_EQ(reader.member().size, std::uint64_t{0x3FFFFFFFFFFFFFFF});
  EXPECT_FALSE(reader.Next());
  EXPECT_NE(reader.error(), nullptr);
}

TEST(TarArchive, ASizeThatIsNoneIsDamage) {
  for (const std::string size : {"9223372036854775807", "99999999999999999999", "-1", "7x", ""}) {
    const std::string rest = " size=" + size + "\n";
    const std::string bytes =
        TarMemberBytes("pax", std::to_string(rest.size() + (rest.size() < 8 ? 1 : 2)) + rest, 'x') +
        TarMemberBytes("a", "content") + TarEnd();
    MemoryStream stream(AsBytes(bytes));
    TarReader reader(stream);
    EXPECT_EQ(ReadAll(reader).size(), 1u) << size;
    EXPECT_NE(reader.error(), nullptr) << size;
  }
}

TEST(TarArchive, TruncationIsAnErrorUntilTheEndMark) {
  const std::string bytes = Sample();
  const std::size_t mark = bytes.size() - TarEnd().size();
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    MemoryStream stream(AsBytes(std::string_view(bytes).substr(0, size)));
    TarReader reader(stream);
    (void)ReadAll(reader);
    EXPECT_EQ(reader.error() == nullptr, size >= mark + 512) << size;
  }
}

TEST(TarArchive, BitFlipsNeverHang) {
  std::mt19937 draw(3);
  const std::string bytes = TarMemberBytes("././@LongLink", "name", 'L') + Sample();
  for (int round = 0; round < 3000; ++round) {
    std::string flipped = bytes;
    for (int i = 0; i < 4; ++i) flipped[draw() % flipped.size()] ^= static_cast<char>(1u << draw() % 8);
    MemoryStream stream(AsBytes(flipped));
    TarReader reader(stream);
    EXPECT_LE(ReadAll(reader).size(), 5u);
  }
}

}  // namespace
}  // namespace ringfort::formats
