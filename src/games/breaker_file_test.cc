#include "games/breaker_file.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"

namespace ringfort::games {
namespace {

constexpr char kJson[] = R"({"schema": "ringfort.breaker/1", "service_utility": 3, "least_capacity": "1/2",
 "windows_in_a_row": 2,
 "windows": [{"name": "12:00", "capacity": 5, "attacks": [{"name": "jailbreak", "loss": 8, "posterior": 0.1}]},
  {"capacity": null, "attacks": [{"name": "jailbreak", "posterior": "nan"}]}]})";

constexpr char kTable[] =
    "window, attack, loss, posterior, capacity\n"
    "12:00,jailbreak,8,0.1,5\n"
    "12:00,extraction,2,,\n"
    "12:01,,,,4\n"
    "12:02,jailbreak,inf,0.5,\n";

std::string Complaint(std::string_view text) {
  const auto file = ReadBreaker(text, "b");
  return file.ok() ? std::string() : file.error().what;
}

TEST(BreakerFile, IsReadFromJson) {
  const auto read = ReadBreaker(kJson, "b");
  ASSERT_TRUE(read.ok()) << read.error().what;
  const BreakerFile& file = read.value();
  EXPECT_EQ(file.rule.service_utility, 3);
  EXPECT_EQ(file.rule.least_capacity, 0.5);
  EXPECT_EQ(file.rule.windows, 2U);
  ASSERT_EQ(file.windows.size(), 2U);
  EXPECT_EQ(file.windows[0].name, "12:00");
  EXPECT_EQ(file.windows[0].capacity, 5);
  EXPECT_EQ(file.windows[0].attacks[0].loss, 8);
  EXPECT_EQ(file.windows[1].name, "window 2");
  EXPECT_FALSE(file.windows[1].capacity);
  EXPECT_FALSE(file.windows[1].attacks[0].loss);
  EXPECT_FALSE(file.windows[1].attacks[0].posterior);
}

TEST(BreakerFile, IsReadFromATable) {
  const auto read = ReadBreaker(kTable, "b");
  ASSERT_TRUE(read.ok()) << read.error().what;
  const BreakerFile& file = read.value();
  ASSERT_EQ(file.windows.size(), 3U);
  EXPECT_EQ(file.windows[0].capacity, 5);
  ASSERT_EQ(file.windows[0].attacks.size(), 2U);
  EXPECT_EQ(file.windows[0].attacks[1].name, "extraction");
  EXPECT_FALSE(file.windows[0].attacks[1].posterior);
  EXPECT_TRUE(file.windows[1].attacks.empty());
  EXPECT_EQ(file.windows[1].capacity, 4);
  EXPECT_FALSE(file.windows[2].attacks[0].loss);
  EXPECT_FALSE(file.windows[2].capacity);
}

TEST(BreakerFile, SaysWhereItIsWrong) {
  const auto with = [](std::string text, std::string_view what, std::string_view by) {
    text.replace(text.find(what), what.size(), by);
    return Complaint(text);
  };
  EXPECT_EQ(with(kJson, "\"loss\": 8", "\"loss\": \"much\""), "b:3: the loss is no number: `much`");
  EXPECT_EQ(with(kJson, "\"loss\": 8", "\"los\": 8"), "b:3: an attack has no member `los`");
  EXPECT_EQ(with(kJson, "\"name\": \"jailbreak\", \"loss\"", "\"loss\""), "b:3: an attack needs a `name`");
  EXPECT_EQ(with(kJson, "\"windows_in_a_row\": 2", "\"windows_in_a_row\": 1.5"),
            "b:2: `windows_in_a_row` must be a whole number from 1");
  EXPECT_EQ(with(kJson, "\"capacity\": 5", "\"capacity\": []"), "b:3: the capacity is no number");
  EXPECT_EQ(with(kTable, "0.1", "ten"), "b:2: the posterior is no number: `ten`");
  EXPECT_EQ(with(kTable, "loss", "cost"), "b:1: there is no column `cost`: window, attack, loss, posterior, capacity");
  EXPECT_EQ(with(kTable, "2,,\n", "2,,6\n"), "b:3: window `12:00` has two capacities");
  EXPECT_EQ(with(kTable, "12:02", ""), "b:5: the window has no name");
  EXPECT_NE(with(kTable, "12:01,,,,4", "12:01"), "");
  EXPECT_EQ(Complaint("attack,loss\n"), "b:1: the column `window` is missing");
  EXPECT_NE(Complaint(""), "");
}

TEST(BreakerFile, BearsWhatIsCutOffOrDamaged) {
  Random random(22);
  for (const std::string& whole : {std::string(kJson), std::string(kTable)})
    for (int i = 0; i < 2'000; ++i) {
      std::string damaged = whole.substr(0, i < 200 ? random.Below(whole.size()) : whole.size());
      for (int flips = 0; flips < 3 && !damaged.empty(); ++flips)
        damaged[random.Below(damaged.size())] ^= static_cast<char>(1U << random.Below(7));
      const auto read = ReadBreaker(damaged, "b");
      if (!read.ok() || read.value().windows.empty()) continue;
      const auto decided = JudgeBreaker({3, 2, 2}, read.value().windows);
      ASSERT_TRUE(decided.ok());
      EXPECT_EQ(decided.value().windows.size(), read.value().windows.size());
    }
}

}  // namespace
}  // namespace ringfort::games
