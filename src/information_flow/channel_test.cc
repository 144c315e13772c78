#include "information_flow/channel.h"

#include <gtest/gtest.h>

#include <limits>

#include "information_flow/random_channel_internal.h"

namespace ringfort::information_flow {
namespace {

using Rows = std::vector<std::vector<double>>;

std::string Complaint(const Rows& rows) {
  const Result<Channel> channel = Channel::Create(rows);
  return channel.ok() ? "none" : channel.error().what;
}

TEST(Channel, KeepsItsRows) {
  const Channel channel = Channel::Create(Rows{{.8, .2}, {.3, .7}}).value();
  EXPECT_EQ(channel.inputs(), 2u);
  EXPECT_EQ(channel.At(1, 0), .3);
  EXPECT_EQ(channel.Row(0)[1], .2);
}

TEST(Channel, RoundsRowsThatNearlySumToOne) {
  const Channel channel = Channel::Create(Rows{{.5 + 4e-10, .5}}).value();
  EXPECT_NEAR(channel.At(0, 0) + channel.At(0, 1), 1, 1e-15);
}

TEST(Channel, SaysWhatIsWrongAndWhere) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Complaint({}), "a channel needs an input and an output at least");
  EXPECT_EQ(Complaint({{}}), "a channel needs an input and an output at least");
  EXPECT_EQ(Complaint({{1, 0}, {1}}), "row 2 has 1 entries where the first row has 2");
  EXPECT_EQ(Complaint({{1, 0}, {.5, .4}}), "row 2 sums to 0.9, not to 1");
  EXPECT_EQ(Complaint({{1.5, -.5}}), "row 1, entry 2: -0.5 is not a probability");
  EXPECT_EQ(Complaint({{.5, .5}, {nan, 1}}), "row 2, entry 1: nan is not a probability");
  EXPECT_EQ(Complaint({{std::numeric_limits<double>::infinity()}}), "row 1, entry 1: inf is not a probability");
  EXPECT_FALSE(Channel::Create(2, 2, {1, 0, 1}).ok());
  EXPECT_FALSE(Channel::FromCounts(2, 2, {1, 0, 0, 0}).ok());
  EXPECT_EQ(Channel::Create(std::size_t{1} << 40, 8, {}).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(NoiselessChannel(1'000'000).error().fault, Fault::kLimitExceeded);
  EXPECT_FALSE(BinaryChannel(.5, 1.5).ok());
}

TEST(Channel, OneBehindTheOther) {
  const Channel flip = BinaryChannel(.1, .9).value();
  const Channel twice = Cascade(flip, flip).value();
  EXPECT_NEAR(twice.At(0, 1), .18, 1e-15);
  EXPECT_FALSE(Cascade(flip, NoiselessChannel(3).value()).ok());
}

TEST(Channel, CascadesAssociate) {
  Random random(1);
  for (int trial = 0; trial < 50; ++trial) {
    const Channel a = RandomChannel(3, 4, random), b = RandomChannel(4, 2, random), c = RandomChannel(2, 5, random);
    const Channel left = Cascade(Cascade(a, b).value(), c).value();
    const Channel right = Cascade(a, Cascade(b, c).value()).value();
    for (std::size_t i = 0; i < left.entries().size(); ++i) EXPECT_NEAR(left.entries()[i], right.entries()[i], 1e-14);
  }
}

TEST(Channel, SideBySide) {
  const Channel both = Parallel(BinaryChannel(0, 1).value(), BinaryChannel(.25, .75).value()).value();
  EXPECT_EQ(both.inputs(), 4u);
  EXPECT_EQ(both.At(2, 3), .25);
  EXPECT_EQ(both.At(2, 1), 0);
  const Channel seen = Joint(BinaryChannel(.5, 1).value(), BinaryChannel(.25, .75).value()).value();
  EXPECT_EQ(seen.outputs(), 4u);
  EXPECT_EQ(seen.At(0, 1), .125);
  EXPECT_FALSE(Joint(both, seen).ok());
  const Channel large = NoiselessChannel(1000).value();
  EXPECT_EQ(Parallel(large, large).error().fault, Fault::kLimitExceeded);
}

TEST(Distribution, IsCheckedToo) {
  EXPECT_TRUE(Distribution(std::vector<double>{.25, .75}).ok());
  EXPECT_FALSE(Distribution({}).ok());
  EXPECT_EQ(Distribution(std::vector<double>{.25, .7}).error().what, "the distribution sums to 0.95, not to 1");
}

}  // namespace
}  // namespace ringfort::information_flow
