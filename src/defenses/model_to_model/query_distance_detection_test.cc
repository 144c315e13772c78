#include "defenses/model_to_model/query_distance_detection.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace ringfort::defenses::model_to_model {
namespace {

constexpr std::size_t kDimension = 20;

class QueryDistanceDetectionTest : public testing::Test {
 protected:
  std::unique_ptr<QueryWatcher> Made() {
    const DefenseEntry entry = QueryDistanceDetection();
    return std::get<WatchQueries>(entry.way)(Settings::Checked(entry.card.settings).value());
  }
  std::vector<float> Natural() {
    std::vector<float> point(kDimension);
    for (float& x : point)
      x = static_cast<float>(std::sqrt(-2 * std::log(1 - random_.Uniform())) * std::cos(2 * M_PI * random_.Uniform()));
    return point;
  }
  static std::int32_t Answer(const std::vector<float>& point) { return point[0] > 0; }
  Random random_{31};
};

TEST(NormalityOfDistances, TellsBunchesFromASpread) {
  std::vector<double> bunched(200, 0.1), spread;
  for (int i = 0; i < 20; ++i) bunched.push_back(10 + i);
  for (int i = 1; i < 200; ++i) spread.push_back(std::sqrt(2) * std::tan(3 * (i / 200.0 - 0.5)) / 3 + 5);
  EXPECT_LT(*NormalityOfDistances(bunched), 0.6);
  EXPECT_GT(*NormalityOfDistances(spread), *NormalityOfDistances(bunched));
  EXPECT_FALSE(NormalityOfDistances({1, 1, 1, 1}).has_value());
  EXPECT_FALSE(NormalityOfDistances({}).has_value());
}

TEST_F(QueryDistanceDetectionTest, IsSilentOnQuestionsOfManyPeople) {
  const auto watcher = Made();
  for (int i = 0; i < 1500; ++i) {
    const auto point = Natural();
    ASSERT_FALSE(watcher->Watch(point, Answer(point))) << i;
  }
}

// Seeds, and steps of one size from what was asked before: how substitutes are trained.
TEST_F(QueryDistanceDetectionTest, CatchesQuestionsMadeFromQuestions) {
  const auto watcher = Made();
  std::vector<std::vector<float>> asked;
  int caught = -1;
  for (int i = 0; i < 1500 && caught < 0; ++i) {
    std::vector<float> point = Natural();
    if (i >= 100) {
      point = asked[random_.Below(asked.size())];
      for (float& x : point) x += random_.Uniform() < 0.5 ? 0.1F : -0.1F;
    }
    asked.push_back(point);
    if (watcher->Watch(point, Answer(point))) caught = i;
  }
  EXPECT_GE(caught, 100);
  EXPECT_LT(caught, 400);
  EXPECT_TRUE(watcher->Watch(Natural(), 0)) << "an alarm stays";
}

TEST_F(QueryDistanceDetectionTest, BearsPointsThatAreNone) {
  const auto watcher = Made();
  EXPECT_FALSE(watcher->Watch(std::vector<float>{NAN}, 0));
  EXPECT_FALSE(watcher->Watch({}, 0));
  for (int i = 0; i < 300; ++i) EXPECT_FALSE(watcher->Watch(std::vector<float>(3, 1.0F), 0));
}

}  // namespace
}  // namespace ringfort::defenses::model_to_model
