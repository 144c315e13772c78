#include "information_flow/channel_file.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"

namespace ringfort::information_flow {
namespace {

std::string Complaint(std::string_view text) {
  const auto file = ReadChannel(text, "f");
  return file.ok() ? "none" : file.error().what;
}

TEST(ChannelFile, OfLines) {
  const ChannelFile file = ReadChannel("# two by three\n1/3, 1/6, 1/2\r\n\n1/3;1/2 1/6  # last\n", "f").value();
  EXPECT_EQ(file.channel.inputs(), 2u);
  EXPECT_EQ(file.channel.outputs(), 3u);
  EXPECT_NEAR(file.channel.At(1, 2), 1. / 6, 1e-15);
  EXPECT_TRUE(file.prior.empty());
}

TEST(ChannelFile, OfJson) {
  EXPECT_EQ(ReadChannel(" [[1, 0], [0.5, 0.5]]", "f").value().channel.At(1, 1), .5);
  const ChannelFile file = ReadChannel(R"({"counts": [[90, 10], [30, 10]], "prior": [0.25, 0.75]})", "f").value();
  EXPECT_EQ(file.channel.At(1, 0), .75);
  EXPECT_EQ(file.prior[1], .75);
}

TEST(ChannelFile, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(Complaint(""), "f: a channel needs an input and an output at least");
  EXPECT_EQ(Complaint("1 0\n1 x"), "f:2: `x` is not a number");
  EXPECT_EQ(Complaint("1 0\n\n1"), "f:3: the row has 1 entries where the first has 2");
  EXPECT_EQ(Complaint("1/0 0"), "f:1: `1/0` is not a number");
  EXPECT_EQ(Complaint("nan 1"), "f: row 1, entry 1: nan is not a probability");
  EXPECT_EQ(Complaint("0.5 0.4"), "f: row 1 sums to 0.9, not to 1");
  EXPECT_EQ(Complaint("[]"), "f: a channel needs an input and an output at least");
  EXPECT_EQ(Complaint("[1]"), "f: row 1 is not a list of numbers");
  EXPECT_EQ(Complaint("[[1, \"x\"]]"), "f: row 1 holds what is not a number");
  EXPECT_EQ(Complaint("[[1, 0], [1]]"), "f: row 2 has 1 entries where the first has 2");
  EXPECT_EQ(Complaint("{}"), "f: an object needs either `channel` or `counts`");
  EXPECT_EQ(Complaint(R"({"channel": 3})"), "f: the channel is not a list of rows");
  EXPECT_EQ(Complaint(R"({"channel": [[1]], "prior": [0.5, 0.5]})"),
            "f: a prior over 2 inputs does not fit a channel of 1");
  EXPECT_EQ(Complaint(R"({"channel": [[1]], "prior": [2]})"), "f: prior: the distribution sums to 2, not to 1");
}

TEST(ChannelFile, BearsDamage) {
  const std::string sample = R"({"channel": [[0.5, 0.5], [1, 0]], "prior": [0.25, 0.75]})";
  for (std::size_t length = 0; length < sample.size(); ++length)
    EXPECT_FALSE(ReadChannel(sample.substr(0, length), "f").ok()) << length;
  Random random(61);
  for (int trial = 0; trial < 3000; ++trial) {
    std::string damaged = trial % 2 == 0 ? sample : "0.5,0.5\n1,0\n";
    for (int flips = 0; flips < 3; ++flips)
      damaged[random.Below(damaged.size())] ^= static_cast<char>(1 << random.Below(8));
    const auto file = ReadChannel(damaged, "f");
    if (!file.ok()) continue;
    EXPECT_LE(file.value().channel.entries().size(), damaged.size());
  }
  EXPECT_FALSE(ReadChannel(std::string(100'000, '['), "f").ok());
}

}  // namespace
}  // namespace ringfort::information_flow
