#include "engines/ability.h"

#include <gtest/gtest.h>

#include "engines/model.h"

namespace ringfort::engines {
namespace {

TEST(Abilities, AreASet) {
  constexpr Abilities gives = {Ability::kScores, Ability::kGenerate};
  static_assert(gives.Has(Ability::kScores) && !gives.Has(Ability::kLogits));
  EXPECT_TRUE(gives.Has(Abilities{Ability::kGenerate}));
  EXPECT_FALSE(gives.Has(Abilities{Ability::kGenerate, Ability::kLogits}));
  EXPECT_EQ((Abilities{Ability::kGenerate, Ability::kLogits}.Without(gives)), Abilities{Ability::kLogits});
  EXPECT_EQ(gives.With({Ability::kWeights}).Names(), "scores, generate, weights");
  EXPECT_EQ(Abilities{}.Names(), "");
}

class Silent : public Model {
 public:
  const ModelFacts& Facts() const override { return facts_; }
  Abilities Gives() const override { return {}; }
  Usage Used() const override { return {}; }

 private:
  ModelFacts facts_{.name = "silent", .engine = "none"};
};

TEST(Model, SaysWhatItsEngineLacks) {
  Silent model;
  const auto scores = model.Score(std::vector<std::string>{"a"});
  ASSERT_FALSE(scores.ok());
  EXPECT_EQ(scores.error().fault, Fault::kUnsupported);
  EXPECT_EQ(scores.error().what, "the none engine does not give scores");
  EXPECT_EQ(model.UseAdapter("a.gguf", 1).error().what, "the none engine does not give adapters");
}

}  // namespace
}  // namespace ringfort::engines
