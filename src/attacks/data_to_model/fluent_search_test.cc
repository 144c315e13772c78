#include "attacks/data_to_model/fluent_search.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/refusing_sample_internal.h"
#include "engines/window_loss.h"

namespace ringfort::attacks::data_to_model {
namespace {

constexpr std::size_t kWindow = 3;

double Surprise(engines::Model& model, const std::string& text) {
  const std::vector<std::string> texts = {text};
  return engines::LargestWindowLoss(model.Score(texts).value()[0], kWindow);
}

TEST(FluentSearch, FindsAgreementWithoutSurprise) {
  int rose = 0;
  for (std::uint64_t language = 1; language <= 6; ++language) {
    engines::RefusingScript script = engines::Keeping(engines::Weakness::kLikelyOpening);
    script.script.language.seed = language;
    engines::RefusingModel model(script);
    Budget budget;
    const Settings::Given given = {{"steps", 100}, {"words", 3}, {"window", kWindow}, {"slack", 0}};
    const auto attempt = Make(FluentSearch(), given)->Try(model, Secret(), budget).value();
    rose += attempt.Number("log_probability_after") > attempt.Number("log_probability_before") ? 1 : 0;
    EXPECT_LE(Surprise(model, attempt.prompt), Surprise(model, Secret().text));
    EXPECT_GT(attempt.Number("admitted"), 0);
    EXPECT_LT(attempt.Number("admitted"), 1) << "some were too surprising, or the bound does nothing";
  }
  EXPECT_GE(rose, 2);
}

TEST(FluentSearch, CountsWhatItLooksAtAndKeepsToTheBudget) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kLikelyOpening));
  Budget budget, five(5);
  const auto attempt = Make(FluentSearch(), {{"steps", 20}})->Try(model, Secret(), budget).value();
  EXPECT_EQ(attempt.Number("questions"), 23 + 20 * attempt.Number("admitted"))
      << "two before, twenty looked at, one at the end, and one for each that was admitted";
  EXPECT_EQ(Make(FluentSearch())->Try(model, Secret(), five).error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
