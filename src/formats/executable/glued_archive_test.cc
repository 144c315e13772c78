#include "formats/executable/glued_archive.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringfort::formats {
namespace {

using namespace std::string_literals;

std::string Little(std::uint64_t value, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

// A zip of one empty member; `shift` is added to its offsets.
std::string Zip(std::uint32_t shift = 0) {
  std::string header = "PK\x03\x04"s + Little(20, 2) + std::string(20, '\0') + Little(1, 2) + Little(0, 2) + "a";
  const std::string entry = "PK\x01\x02"s + Little(20, 2) + Little(20, 2) + std::string(20, '\0') + Little(1, 2) +
                            std::string(12, '\0') + Little(shift, 4) + "a";
  return header + entry + "PK\x05\x06"s + std::string(4, '\0') + Little(1, 2) + Little(1, 2) + Little(entry.size(), 4) +
         Little(header.size() + shift, 4) + Little(0, 2);
}

TEST(FindGluedArchive, FindsAPlainZipAtItsStart) {
  const auto archive = FindGluedArchive(AsBytes(Zip()));
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->first_member, 0u);
  EXPECT_EQ(archive->members, 1u);
  EXPECT_EQ(archive->end, Zip().size());
}

TEST(FindGluedArchive, FindsAZipBehindAPrefixByEitherWayOfCounting) {
  const std::string prefix(1000, 'x');
  const auto own = FindGluedArchive(AsBytes(prefix + Zip()));
  ASSERT_TRUE(own);
  EXPECT_EQ(own->begin, 1000u);
  EXPECT_EQ(own->first_member, 1000u);
  const auto whole = FindGluedArchive(AsBytes(prefix + Zip(1000)));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->begin, 0u);
  EXPECT_EQ(whole->first_member, 1000u);
}

TEST(FindGluedArchive, WantsADirectoryThatIsThere) {
  std::string broken = Zip();
  broken[broken.size() - 22 - 47] = 'Q';
  EXPECT_FALSE(FindGluedArchive(AsBytes(broken)));
  EXPECT_FALSE(FindGluedArchive(AsBytes(std::string(200, 'x') + "PK\x05\x06"s + std::string(18, '\0'))));
}

TEST(FindGluedArchive, CutAnywhereItStaysInside) {
  const std::string zip = "prefix" + Zip();
  for (std::size_t size = 0; size < zip.size(); ++size) {
    const std::vector<std::uint8_t> cut(zip.begin(), zip.begin() + long(size));
    EXPECT_FALSE(FindGluedArchive(cut)) << size;
  }
}

}  // namespace
}  // namespace ringfort::formats
