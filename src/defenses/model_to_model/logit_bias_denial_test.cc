#include "defenses/model_to_model/logit_bias_denial.h"

#include <gtest/gtest.h>

#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::model_to_model {
namespace {

class LogitBiasDenialTest : public testing::Test {
 protected:
  std::unique_ptr<engines::Model> Defended(double only_with_probabilities) {
    const DefenseEntry entry = LogitBiasDenial();
    return std::get<WrapModel>(entry.way)(
        model_, Settings::Checked(entry.card.settings, {{"with_probabilities_only", only_with_probabilities}}).value(),
        {});
  }
  engines::ScriptedModel model_;
  engines::GenerateRequest biased_{.prompt = "the", .maximum_tokens = 2, .logit_bias = {{.token = 'z', .bias = 50}}};
};

TEST_F(LogitBiasDenialTest, RefusesABiasAndNothingElse) {
  const auto defended = Defended(0);
  EXPECT_FALSE(defended->Gives().Has(engines::Ability::kLogitBias));
  EXPECT_EQ(defended->Generate(biased_).error().fault, Fault::kUnsupported);
  const engines::GenerateRequest plain{.prompt = "the", .maximum_tokens = 2, .top_alternatives = 3};
  EXPECT_EQ(defended->Generate(plain).value().tokens[0].alternatives.size(), 3u);
}

TEST_F(LogitBiasDenialTest, MayTakeABiasWithoutProbabilities) {
  const auto defended = Defended(1);
  const auto said = defended->Generate(biased_).value();
  EXPECT_EQ(said.text, "zz");
  for (const auto& token : said.tokens) EXPECT_EQ(token.log_probability, 0);
  biased_.top_alternatives = 1;
  EXPECT_EQ(defended->Generate(biased_).error().fault, Fault::kUnsupported);
}

}  // namespace
}  // namespace ringfort::defenses::model_to_model
