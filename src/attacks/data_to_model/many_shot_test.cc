#include "attacks/data_to_model/many_shot.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

TEST(ManyShotPrompt, SetsTheRequestBehindTheShots) {
  EXPECT_EQ(ManyShotPrompt({{"a?", "b."}, {"c?", "d."}}, 3, "e?"),
            "User: a?\nAssistant: b.\nUser: c?\nAssistant: d.\nUser: a?\nAssistant: b.\nUser: e?\nAssistant:");
  EXPECT_EQ(ManyShotPrompt({}, 3, "e?"), "User: e?\nAssistant:");
}

TEST(ManyShot, TakesAsManyShotsAsTheModelNeeds) {
  Budget budget;
  for (const auto& [needed, shots] : {std::pair{1, 1}, {3, 4}, {16, 16}, {17, 64}}) {
    engines::RefusingScript script = engines::Keeping(engines::Weakness::kExamples);
    script.count = static_cast<std::uint32_t>(needed);
    engines::RefusingModel model(script);
    const auto attempt = Make(ManyShot())->Try(model, Secret(), budget).value();
    EXPECT_EQ(attempt.produced, Secret().candidates[0]);
    EXPECT_EQ(attempt.Number("shots"), shots);
  }
  engines::RefusingScript script = engines::Keeping(engines::Weakness::kExamples);
  script.count = 65;
  engines::RefusingModel model(script);
  EXPECT_EQ(Make(ManyShot())->Try(model, Secret(), budget).value().produced, engines::RefusingModel::kRefusal);
}

TEST(ManyShot, TakesShotsOfTheSampleAndSaysWhatDoesNotFit) {
  engines::RefusingScript script = engines::Keeping(engines::Weakness::kExamples);
  script.count = 1;
  script.script.context = 400;
  engines::RefusingModel model(script);
  Budget budget;
  Sample sample = Secret();
  sample.candidates.push_back("Who?\tNobody.");
  sample.candidates.push_back("no shot");
  EXPECT_TRUE(
      Make(ManyShot())->Try(model, sample, budget).value().prompt.starts_with("User: Who?\nAssistant: Nobody.\n"));
  script.count = 1000;
  engines::RefusingModel firm(script);
  EXPECT_EQ(Make(ManyShot())->Try(firm, sample, budget).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
