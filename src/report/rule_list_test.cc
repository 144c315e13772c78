#include "report/rule_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/json.h"
#include "report/report_sample_internal.h"

namespace ringfort {
namespace {

using ::testing::HasSubstr;
const std::vector<const RuleCard*> kRules = {&sample::kPickle, &sample::kName};

TEST(RuleList, Table) {
  EXPECT_THAT(WriteRuleTable(kRules), HasSubstr("RF-SMP-001  critical  Loading this file runs a system command\n"));
  EXPECT_THAT(WriteRuleTable(kRules), HasSubstr("2 rules\n"));
}

TEST(RuleList, JsonHasEveryField) {
  const auto parsed = ParseJson(WriteRuleJson(kRules));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.value()["rules"][1]["id"], "RF-SMP-004");
  EXPECT_EQ(parsed.value()["rules"][1]["fix"], "Rename the file to what it is.");
  EXPECT_EQ(parsed.value()["rules"][0]["threats"].size(), 3u);
}

TEST(RuleList, MarkdownCellsCannotBreakTheTable) {
  static constexpr RuleCard kOdd{"RF-ODD-001", "odd", Severity::kLow, "a | b <i>", "why", "fix", {}};
  const std::vector<const RuleCard*> rules = {&kOdd};
  const std::string text = WriteRuleMarkdown(rules);
  EXPECT_THAT(text, HasSubstr("| [RF-ODD-001](#rf-odd-001) | low | a \\| b \\<i> |\n"));
  EXPECT_THAT(text, HasSubstr("*Threats:* none"));
}

}  // namespace
}  // namespace ringfort
