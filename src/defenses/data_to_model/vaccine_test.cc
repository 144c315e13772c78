#include "defenses/data_to_model/vaccine.h"

#include <gtest/gtest.h>

#include "defenses/data_to_model/alignment_sample_internal.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::TrainingText;

double Loss(engines::Network& network, const std::vector<TrainingText>& texts) {
  return network.GradientOfWeights(texts, {}).value().loss;
}

TEST(Vaccine, AlignsAndBearsShiftsBetterThanPlainAlignment) {
  const std::vector<TrainingText> alignment = Texts(6, 1);
  const auto aligned = [&](double perturbation) {
    auto network = SampleNetwork();
    if (network == nullptr) return network;
    EXPECT_TRUE(AlignWithVaccine(*network, alignment,
                                 {.steps = 60, .batch = 6, .learning_rate = 5e-3, .perturbation = perturbation})
                    .ok());
    return network;
  };
  const auto plain = aligned(0), hardened = aligned(2);
  if (plain == nullptr) GTEST_SKIP() << "built without libtorch";
  EXPECT_LT(Loss(*plain, alignment), 1);
  EXPECT_LT(Loss(*hardened, alignment), 4);
  // The loss under the shifts that hurt each most, as a step tells it.
  const auto shifted = [&](engines::Network& network) {
    return network.Train(alignment, {.learning_rate = 1e-9, .perturbation = 2}).value().loss;
  };
  EXPECT_LT(shifted(*hardened), shifted(*plain));
}

TEST(Vaccine, RefusesWhatCannotBe) {
  const auto network = SampleNetwork();
  if (network == nullptr) GTEST_SKIP() << "built without libtorch";
  EXPECT_FALSE(AlignWithVaccine(*network, {}, {}).ok());
  EXPECT_FALSE(AlignWithVaccine(*network, Texts(1, 1), {.steps = 0}).ok());
  EXPECT_FALSE(AlignWithVaccine(*network, Texts(1, 1), {.perturbation = -1}).ok());
}

}  // namespace
}  // namespace ringfort::defenses::data_to_model
