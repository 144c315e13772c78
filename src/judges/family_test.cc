#include "judges/family.h"

#include <gtest/gtest.h>

#include <set>

namespace ringfort::judges {
namespace {

TEST(JudgeFamily, CardsAreWholeAndNamesDiffer) {
  std::set<std::string_view> names;
  for (const JudgeCard* card : Family()) {
    EXPECT_TRUE(names.insert(card->name).second) << card->name;
    EXPECT_FALSE(card->version.empty() || card->question.empty() || card->reference.empty()) << card->name;
    const auto judge = MakeRuleJudge(card->name);
    EXPECT_EQ(judge == nullptr, card->needs_training || card->needs_model) << card->name;
    if (judge) {
      EXPECT_EQ(judge->Card().name, card->name);
    }
  }
  EXPECT_EQ(MakeRuleJudge("nobody"), nullptr);
}

}  // namespace
}  // namespace ringfort::judges
