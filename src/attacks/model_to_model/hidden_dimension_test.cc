#include "attacks/model_to_model/hidden_dimension.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_model {
namespace {

DenseMatrix Drawn(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  DenseMatrix matrix(rows, columns);
  Random random(seed);
  for (double& value : matrix.values) value = 2 * random.Uniform() - 1;
  return matrix;
}

TEST(HiddenDimension, FollowsTheExampleOfItsHeader) {
  DenseMatrix logits(3, 3);
  logits.values = {1, 0, 1, 0, 1, 1, 1, 1, 2};
  const auto values = SingularValues(logits).value();
  EXPECT_NEAR(values[0], 3, 1e-12);
  EXPECT_NEAR(values[1], 1, 1e-12);
  EXPECT_EQ(LargestDrop(values).rank, 2u);
}

TEST(StolenOutputLayer, IsTheLayerUpToAMatrix) {
  const DenseMatrix hidden = Drawn(50, 8, 1), turned_layer = Drawn(8, 70, 2);
  DenseMatrix layer(70, 8);
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = 0; j < 70; ++j) layer.At(j, i) = turned_layer.At(i, j);
  const DenseMatrix stolen = StolenOutputLayer(Product(hidden, turned_layer), 8).value();
  EXPECT_LT(AlignmentError(stolen, layer).value(), 1e-12);
  // Another layer is not met by any matrix.
  EXPECT_GT(AlignmentError(stolen, Drawn(70, 8, 3)).value(), 0.5);
  EXPECT_FALSE(StolenOutputLayer(Product(hidden, turned_layer), 51).ok());
}

class HiddenDimensionTest : public testing::Test {
 protected:
  Result<Attempt> Try(engines::Model& model, double rows = 8192) {
    const AttackEntry entry = HiddenDimension();
    return std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings, {{"rows", rows}}).value())
        ->Try(model, {}, budget_);
  }
  Budget budget_{100, 100'000};
};

TEST_F(HiddenDimensionTest, IsExactOnModelsOfAnyWidth) {
  for (const std::uint32_t dimension : {2u, 7u, 16u, 40u, 100u}) {
    engines::ScriptedModel model({.language = {.seed = dimension, .hidden_dimension = dimension}});
    const Attempt attempt = Try(model).value();
    EXPECT_EQ(attempt.score, dimension);
    EXPECT_GE(attempt.Number("rows"), dimension * 4.0 / 3);
  }
}

TEST_F(HiddenDimensionTest, DrawsWhatMoreRowsShowUntilTheyShowNoMore) {
  engines::ScriptedModel model({.language = {.seed = 5, .hidden_dimension = 100}});
  const Attempt attempt = Try(model).value();
  std::vector<std::pair<double, double>> points;
  for (const BudgetPoint& point : attempt.curve.points) points.emplace_back(point.spent, point.gained);
  EXPECT_EQ(points,
            (std::vector<std::pair<double, double>>{{8, 8}, {16, 16}, {32, 32}, {64, 64}, {128, 100}, {256, 100}}));
}

TEST_F(HiddenDimensionTest, SaysNothingWhereItSeesNoCliff) {
  engines::ScriptedModel model({.language = {.hidden_dimension = 100}});
  EXPECT_EQ(Try(model, 64).value().score, 0);
}

TEST_F(HiddenDimensionTest, StopsWhenTheBudgetIsSpent) {
  engines::ScriptedModel model({.language = {.hidden_dimension = 100}});
  budget_ = Budget(1);
  EXPECT_EQ(Try(model).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(model.calls(), 1u);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_model
