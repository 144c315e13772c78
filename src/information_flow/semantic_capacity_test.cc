#include "information_flow/semantic_capacity.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ringfort::information_flow {
namespace {

using Vectors = std::vector<std::vector<double>>;

TEST(SemanticCapacity, SplitsAnEmbedding) {
  const std::vector<double> task = ConceptVector(Vectors{{2, 0, 1}, {4, 0, -1}}).value();
  EXPECT_EQ(task, (std::vector<double>{1, 0, 0}));
  const SignalAndNoise input = MeasureSignal(std::vector<double>{3, 0, 1}, task).value();
  EXPECT_DOUBLE_EQ(input.signal, 9);
  EXPECT_DOUBLE_EQ(input.noise, 1);
  EXPECT_DOUBLE_EQ(MeasureSignal(std::vector<double>{3, 0, 1}, task, 2).value().noise, 3);
  // A band of one bit, signal nine times the noise.
  EXPECT_NEAR(SemanticCapacity(1, input), std::log2(10), 1e-12);
}

TEST(SemanticCapacity, PowersAddUpToTheLength) {
  const std::vector<double> task = ConceptVector(Vectors{{.3, -.7, 2, .1}}).value();
  const std::vector<double> input = {1, 2, -3, 4};
  const SignalAndNoise split = MeasureSignal(input, task).value();
  EXPECT_NEAR(split.signal + split.noise, 30, 1e-12);
}

TEST(SemanticCapacity, BandIsTheEntropyOfWhatIsAllowed) {
  const std::vector<double> policy = {.25, .25, .25, .25};
  EXPECT_NEAR(ActionBandwidth(policy, {true, true, true, true}).value(), 2, 1e-12);
  EXPECT_NEAR(ActionBandwidth(policy, {true, true, false, false}).value(), 1, 1e-12);
  EXPECT_EQ(ActionBandwidth(policy, {false, true, false, false}).value(), 0);
  EXPECT_EQ(ActionBandwidth(policy, {false, false, false, false}).error().what,
            "the policy takes no action that is allowed");
  // Forbidding what dominates may widen the band: it is the choice that is left.
  EXPECT_GT(ActionBandwidth(std::vector<double>{.98, .01, .01}, {false, true, true}).value(),
            ActionBandwidth(std::vector<double>{.98, .01, .01}, {true, true, true}).value());
}

TEST(SemanticCapacity, AtTheEnds) {
  EXPECT_EQ(SemanticCapacity(0, {1, 0}), 0);
  EXPECT_EQ(SemanticCapacity(3, {0, 0}), 0);
  EXPECT_EQ(SemanticCapacity(3, {0, 5}), 0);
  EXPECT_TRUE(std::isinf(SemanticCapacity(3, {1, 0})));
  EXPECT_NEAR(SemanticCapacity(2, {3, 1}), 4, 1e-12);
}

TEST(SemanticCapacity, RefusesWhatHasNoMeaning) {
  EXPECT_FALSE(ConceptVector({}).ok());
  EXPECT_FALSE(ConceptVector(Vectors{{}}).ok());
  EXPECT_FALSE(ConceptVector(Vectors{{1, 2}, {1}}).ok());
  EXPECT_FALSE(ConceptVector(Vectors{{1, 2}, {-1, -2}}).ok());
  EXPECT_FALSE(ConceptVector(Vectors{{1, NAN}}).ok());
  const std::vector<double> task = {1, 0};
  EXPECT_FALSE(MeasureSignal(std::vector<double>{1}, task).ok());
  EXPECT_FALSE(MeasureSignal(std::vector<double>{1, INFINITY}, task).ok());
  EXPECT_FALSE(MeasureSignal(std::vector<double>{1, 1}, task, -1).ok());
  EXPECT_FALSE(ActionBandwidth(task, {true}).ok());
  EXPECT_FALSE(ActionBandwidth(std::vector<double>{.5, .4}, {true, true}).ok());
  EXPECT_FALSE(ActionBandwidth({}, {}).ok());
}

}  // namespace
}  // namespace ringfort::information_flow
