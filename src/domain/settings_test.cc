#include "domain/settings.h"

#include <gtest/gtest.h>

#include <limits>

namespace ringfort {
namespace {

constexpr SettingCard kCards[] = {{"fraction", 0.2, 0.01, 1, "share of tokens kept"},
                                  {"alternatives", 5, 1, 20, "how many"}};

TEST(Settings, TakesTheUsualValueOfWhatIsNotGiven) {
  const Settings settings = Settings::Checked(kCards, {{"fraction", 0.5}}).value();
  EXPECT_EQ(settings["fraction"], 0.5);
  EXPECT_EQ(settings.Count("alternatives"), 5u);
  EXPECT_EQ(settings.Canonical(), "alternatives=5 fraction=0.5");
}

TEST(Settings, SaysWhatItDoesNotKnow) {
  const auto unknown = Settings::Checked(kCards, {{"fractoin", 0.5}});
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().what, "there is no setting `fractoin`; there are: fraction, alternatives");
  EXPECT_FALSE(Settings::Checked(kCards, {{"fraction", 2}}).ok());
  EXPECT_FALSE(Settings::Checked(kCards, {{"fraction", std::numeric_limits<double>::quiet_NaN()}}).ok());
  EXPECT_FALSE(Settings::Checked({}, {{"fraction", 0.5}}).ok());
}

TEST(Settings, TellsNeighboringDoublesApart) {
  const Settings one = Settings::Checked(kCards, {{"fraction", 0.1}}).value();
  const Settings other = Settings::Checked(kCards, {{"fraction", 0.1 + 0x1p-56}}).value();
  EXPECT_NE(one.Canonical(), other.Canonical());
}

}  // namespace
}  // namespace ringfort
