#include "formats/graph/protobuf_wire.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "formats/graph/protobuf_sample.h"

namespace ringfort::formats {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

// The example of the header.
TEST(ProtobufFields, ReadsNumbersAndBytes) {
  ProtobufFields fields(AsBytes("\x08\x96\x01\x12\x02hi"sv), 100);
  ASSERT_TRUE(fields.Next());
  EXPECT_EQ(fields.number(), 1u);
  EXPECT_EQ(fields.value(), 150u);
  EXPECT_EQ(fields.offset(), 100u);
  ASSERT_TRUE(fields.Next());
  EXPECT_EQ(fields.number(), 2u);
  EXPECT_EQ(fields.text(), "hi");
  EXPECT_EQ(fields.bytes_offset(), 105u);
  EXPECT_FALSE(fields.Next());
  EXPECT_TRUE(fields.ok());
}

TEST(ProtobufFields, ReadsFixedNumbersAndTheLargestVarint) {
  const std::string message =
      "\x0D\x01\x02\x03\x04"s + "\x11\x01\x00\x00\x00\x00\x00\x00\x80"s + sample::Number(3, ~0ull);
  ProtobufFields fields(AsBytes(message));
  ASSERT_TRUE(fields.Next());
  EXPECT_EQ(fields.value(), 0x04030201u);
  ASSERT_TRUE(fields.Next());
  EXPECT_EQ(fields.value(), 0x8000000000000001u);
  ASSERT_TRUE(fields.Next());
  EXPECT_EQ(fields.value(), ~std::uint64_t{0});
  EXPECT_FALSE(fields.Next());
  EXPECT_TRUE(fields.ok());
}

TEST(ProtobufFields, PassesOverNestedGroups) {
  // group 1 { group 2 { 3: 7 } } 4: 9
  ProtobufFields fields(AsBytes("\x0B\x13\x18\x07\x14\x0C\x20\x09"sv));
  ASSERT_TRUE(fields.Next());
  EXPECT_EQ(fields.number(), 1u);
  ASSERT_TRUE(fields.Next());
  EXPECT_EQ(fields.number(), 4u);
  EXPECT_EQ(fields.value(), 9u);
}

TEST(ProtobufFields, RefusesDamage) {
  for (const std::string_view bad : {
           "\x08"sv,                                          // no value
           "\x12\x05hi"sv,                                    // longer than the message
           "\x12\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv,  // absurdly long
           "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"sv,  // more than 64 bits
           "\x00\x01"sv,                                      // field 0
           "\x0C"sv,                                          // end of a group that is not open
           "\x0B\x14"sv,                                      // end of another group
           "\x0E\x01"sv,                                      // wire type 6
           "\x0D\x01\x02"sv,                                  // half a fixed number
       }) {
    ProtobufFields fields(AsBytes(bad));
    EXPECT_FALSE(fields.Next());
    EXPECT_FALSE(fields.ok());
    EXPECT_FALSE(fields.Next()) << "damage is final";
  }
}

TEST(ProtobufFields, RefusesGroupsWithoutEnd) {
  const std::string deep(1000, '\x0B');
  ProtobufFields fields(AsBytes(deep));
  EXPECT_FALSE(fields.Next());
  EXPECT_FALSE(fields.ok());
}

TEST(ProtobufFields, EndsOnRandomBytes) {
  std::mt19937 draw(20261121);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::uint8_t> bytes(draw() % 64);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(draw());
    ProtobufFields fields(bytes);
    std::size_t count = 0;
    while (fields.Next()) ++count;
    EXPECT_LE(count, bytes.size());
  }
}

}  // namespace
}  // namespace ringfort::formats
