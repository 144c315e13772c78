#include "base/bytes.h"

#include <gtest/gtest.h>

#include "base/byte_stream.h"

namespace ringfort {
namespace {

TEST(Cursor, ReadsLittleEndianAndFailsForGoodAtTheEnd) {
  const std::uint8_t bytes[] = {1, 2, 0, 0xFF, 0xFF};
  Cursor cursor(bytes);
  EXPECT_EQ(cursor.U8(), 1);
  EXPECT_EQ(cursor.U16(), 2);
  EXPECT_EQ(cursor.U32(), 0u);
  EXPECT_FALSE(cursor.ok());
  EXPECT_EQ(cursor.offset(), 3u) << "stays where the failing read began";
  EXPECT_EQ(cursor.U8(), 0) << "failed for good";
}

TEST(Cursor, ASizeThatWouldOverflowIsRefused) {
  const std::uint8_t bytes[] = {1, 2, 3};
  Cursor cursor(bytes, 2);
  EXPECT_TRUE(cursor.Take(~std::uint64_t{0}).empty());
  EXPECT_FALSE(cursor.ok());
}

TEST(Slice, NeverLeavesTheView) {
  const std::uint8_t bytes[] = {1, 2, 3};
  EXPECT_EQ(Slice(bytes, 1, 100).size(), 2u);
  EXPECT_TRUE(Slice(bytes, 4, 1).empty());
}

TEST(MemoryStream, SkipsNoFurtherThanItsEnd) {
  MemoryStream stream(AsBytes("hello"));
  EXPECT_EQ(stream.Skip(3), 3u);
  EXPECT_EQ(AsText(stream.Window(1)), "lo");
  EXPECT_EQ(stream.Skip(10), 2u);
  EXPECT_TRUE(stream.Window(1).empty());
}

}  // namespace
}  // namespace ringfort
