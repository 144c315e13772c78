#include "formats/weights/numpy_array.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace ringfort::formats {
namespace {

using namespace std::string_literals;

std::string Npy(const std::string& header, const std::string& data, int major = 1) {
  std::string text = "\x93NUMPY"s + static_cast<char>(major) + '\0';
  const std::size_t size = header.size() + 1;
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i) text += static_cast<char>(size >> (8 * i));
  return text + header + "\n" + data;
}
std::string Header(const std::string& descr, const std::string& shape) {
  return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }";
}

TEST(ReadNumpy, ReadsAnArray) {
  const std::string file = Npy(Header("'<f4'", "(3, 4)"), std::string(48, 'x'));
  const NumpyFacts facts = ReadNumpy(AsBytes(file));
  EXPECT_FALSE(facts.damage);
  EXPECT_TRUE(facts.faults.empty());
  EXPECT_EQ(facts.type, "<f4");
  EXPECT_EQ(facts.shape, (std::vector<std::uint64_t>{3, 4}));
  EXPECT_EQ(facts.data_end, file.size());
  EXPECT_FALSE(facts.holds_objects);
}

// Sizes by hand: what NumPy's itemsize says.
TEST(ReadNumpy, KnowsItemSizes) {
  const std::vector<std::pair<std::string, std::uint64_t>> cases = {
      {"'|b1'", 1},
      {"'<c16'", 16},
      {"'<U10'", 40},
      {"'|S7'", 7},
      {"'<M8[ns]'", 8},
      {"'|V3'", 3},
      {"[('a', '<i4'), ('b', '<f8', (2, 3))]", 52},
      {"('<f4', (2, 2))", 16},
      {"[('p', [('x', '<f4'), ('y', '<f4')])]", 8},
      {"[(('title', 'name'), '<i2')]", 2},
  };
  for (const auto& [descr, size] : cases) {
    const std::string file = Npy(Header(descr, "(2,)"), std::string(2 * size, 'x'));
    const NumpyFacts facts = ReadNumpy(AsBytes(file));
    EXPECT_EQ(facts.item_size, size) << descr;
    EXPECT_TRUE(facts.faults.empty() && !facts.damage) << descr;
  }
}

TEST(ReadNumpy, SeesObjectsWhereverTheyHide) {
  for (const char* descr : {"'|O'", "'O'", "'O8'", "'object'", "'i4,O'", "[('a', '<i4'), ('b', '|O')]",
                            "[('a', [('b', 'O')])]", "('O', (2,))", "'numpy.object_'"})
    EXPECT_TRUE(ReadNumpy(AsBytes(Npy(Header(descr, "(2,)"), "\x80\x04N."))).holds_objects) << descr;
  EXPECT_FALSE(ReadNumpy(AsBytes(Npy(Header("'<f4'", "()"), "xxxx"))).holds_objects);
}

TEST(ReadNumpy, ReportsWhatStandsBehindTheArray) {
  const NumpyFacts facts = ReadNumpy(AsBytes(Npy(Header("'<f4'", "(2,)"), std::string(8, 'x') + "rest")));
  ASSERT_EQ(facts.faults.size(), 1u);
  EXPECT_EQ(facts.faults[0].kind, NumpyFaultKind::kTrailingBytes);
  EXPECT_EQ(facts.faults[0].offset, facts.data_end);
}

TEST(ReadNumpy, ReportsCodeOverflowAndMissingKeys) {
  const auto first = [](const std::string& header) {
    const NumpyFacts facts = ReadNumpy(AsBytes(Npy(header, "xxxx")));
    return facts.faults.empty() ? -1 : static_cast<int>(facts.faults[0].kind);
  };
  EXPECT_EQ(first("__import__('os').system('echo ringfort-inert')"), int(NumpyFaultKind::kCodeInHeader));
  EXPECT_EQ(first(Header("'<f4'", "(eval('1'),)")), int(NumpyFaultKind::kCodeInHeader));
  EXPECT_EQ(first(Header("'<f8'", "(9223372036854775807, 4)")), int(NumpyFaultKind::kSizeOverflow));
  EXPECT_EQ(first("{'descr': '<f4'}"), int(NumpyFaultKind::kBadHeader));
  EXPECT_EQ(first(Header("'<f4'", "(-1,)")), int(NumpyFaultKind::kBadHeader));
  EXPECT_EQ(first(Header("'<f4'", "(2,)")), int(NumpyFaultKind::kTooShort));
}

TEST(ReadNumpy, CutAnywhereItIsNeverWhole) {
  for (const int major : {1, 2, 3}) {
    const std::string file = Npy(Header("'<f4'", "(3, 4)"), std::string(48, 'x'), major);
    for (std::size_t size = 0; size < file.size(); ++size) {
      const std::vector<std::uint8_t> cut(file.begin(), file.begin() + long(size));
      const NumpyFacts facts = ReadNumpy(cut);
      EXPECT_TRUE(facts.damage || !facts.faults.empty()) << size;
    }
  }
}

TEST(ReadNumpy, SurvivesFlippedBits) {
  const std::string file = Npy(Header("[('a', '<i4'), ('b', '|O')]", "(3, 4)"), std::string(48, 'x'));
  std::mt19937 draw(2);
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::uint8_t> bytes(file.begin(), file.end());
    for (int flips = 0; flips < 2; ++flips)
      bytes[draw() % bytes.size()] ^= static_cast<std::uint8_t>(1u << (draw() % 8));
    EXPECT_LE(ReadNumpy(bytes).data_end, bytes.size());
  }
}

}  // namespace
}  // namespace ringfort::formats
