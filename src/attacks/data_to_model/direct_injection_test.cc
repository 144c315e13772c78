#include "attacks/data_to_model/direct_injection.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

TEST(DirectInjection, IsObeyedByAModelThatObeysWhateverItReads) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kObedient));
  Budget budget;
  const auto attempt = Make(DirectInjection())->Try(model, {.text = "amber lantern seventeen"}, budget).value();
  EXPECT_EQ(attempt.produced, "amber lantern seventeen");
  EXPECT_EQ(attempt.known, attempt.produced);
  EXPECT_EQ(attempt.score, 1);
}

TEST(DirectInjection, TriesFiveWaysOnAModelThatDoesNotAndNeedsAnOperator) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kNone));
  Budget budget;
  const auto attempt = Make(DirectInjection())->Try(model, {.text = "amber lantern"}, budget).value();
  EXPECT_EQ(attempt.Number("questions"), 5);
  EXPECT_LT(attempt.score, 0.5);
  EXPECT_TRUE(attempt.prompt.starts_with("system: "));
  EXPECT_TRUE(DirectInjection().card.needs.Has(engines::Ability::kChat));
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
