#include "defenses/model_to_model/query_distance_detection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/random.h"
#include "datasets/text_set.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::model_to_model {
namespace {

constexpr std::size_t kDimension = 20;
constexpr std::size_t kUsualDistances = 100;
constexpr double kUsualNormality = 0.92;

class DistanceWatcherTest : public testing::Test {
 protected:
  std::vector<float> Natural() {
    std::vector<float> point(kDimension);
    for (float& x : point)
      x = static_cast<float>(std::sqrt(-2 * std::log(1 - random_.Uniform())) * std::cos(2 * M_PI * random_.Uniform()));
    return point;
  }
  static std::int32_t Answer(const std::vector<float>& point) { return point[0] > 0; }
  Random random_{31};
  DistanceWatcher watcher_{kUsualNormality, kUsualDistances};
};

TEST(NormalityOfDistances, TellsBunchesFromASpread) {
  std::vector<double> bunched(200, 0.1), spread;
  for (int i = 0; i < 20; ++i) bunched.push_back(10 + i);
  for (int i = 1; i < 200; ++i) spread.push_back(std::sqrt(2) * std::tan(3 * (i / 200.0 - 0.5)) / 3 + 5);
  EXPECT_LT(*NormalityOfDistances(bunched), 0.6);
  EXPECT_GT(*NormalityOfDistances(spread), *NormalityOfDistances(bunched));
  EXPECT_EQ(NormalityOfDistances({1, 1, 1, 1}), 0) << "nothing is less normal";
  EXPECT_FALSE(NormalityOfDistances({}).has_value());
}

TEST_F(DistanceWatcherTest, IsSilentOnQuestionsOfManyPeople) {
  for (int i = 0; i < 1500; ++i) {
    const auto point = Natural();
    ASSERT_FALSE(watcher_.Watch(point, Answer(point))) << i;
  }
}

// Seeds, and steps of one size from what was asked before: how substitutes are trained.
TEST_F(DistanceWatcherTest, CatchesQuestionsMadeFromQuestions) {
  std::vector<std::vector<float>> asked;
  int caught = -1;
  for (int i = 0; i < 1500 && caught < 0; ++i) {
    std::vector<float> point = Natural();
    if (i >= 100) {
      point = asked[random_.Below(asked.size())];
      for (float& x : point) x += random_.Uniform() < 0.5 ? 0.1F : -0.1F;
    }
    asked.push_back(point);
    if (watcher_.Watch(point, Answer(point))) caught = i;
  }
  EXPECT_GE(caught, 100);
  EXPECT_LT(caught, 400);
  EXPECT_TRUE(watcher_.Watch(Natural(), 0)) << "an alarm stays";
}

TEST_F(DistanceWatcherTest, CatchesWhoAsksTheSameAgainAndAgain) {
  int caught = -1;
  for (int i = 0; i < 300 && caught < 0; ++i)
    if (watcher_.Watch(std::vector<float>(3, 1.0F), 0)) caught = i;
  EXPECT_EQ(caught, 100);
}

TEST_F(DistanceWatcherTest, BearsPointsThatAreNone) {
  EXPECT_FALSE(watcher_.Watch(std::vector<float>{NAN}, 0));
  EXPECT_FALSE(watcher_.Watch({}, 0));
}

TEST(PointOfText, CountsWordsAndForgetsCaseOrderAndPoints) {
  const std::vector<float> point = PointOfText("The cat, the dog");
  double squares = 0;
  for (const float count : point) squares += count * count;
  EXPECT_NEAR(squares, 1, 1e-6);
  EXPECT_EQ(point, PointOfText("dog THE the cat!"));
  EXPECT_NE(point, PointOfText("the cat, a dog"));
  EXPECT_NEAR(*std::ranges::max_element(point), 2 / std::sqrt(6.0), 1e-6) << "two of `the`, one of each other";
  EXPECT_EQ(PointOfText("?!"), std::vector<float>(point.size(), 0));
}

class WatchedModelTest : public testing::Test {
 protected:
  static std::unique_ptr<engines::Model> Around(engines::Model& inner, double distances = kUsualDistances) {
    const DefenseEntry entry = QueryDistanceDetection();
    return std::get<WrapModel>(entry.way)(
        inner, Settings::Checked(entry.card.settings, {{"distances", distances}}).value(), {});
  }
  static std::vector<std::string> Paragraphs() {
    std::vector<std::string> texts;
    const auto set = datasets::ReadTextSet(std::string(RINGFORT_SOURCE_DIR) + "/examples/secrets/held_out.jsonl");
    if (set.ok())
      for (const datasets::TextSample& sample : set.value().samples) texts.push_back(sample.text.substr(0, 120));
    return texts;
  }
  static std::vector<std::string> Candidates() {
    std::vector<std::string> texts;
    for (int i = 0; i < 200; ++i) texts.push_back("the seal on crate 11 reads " + std::to_string(100 + i));
    return texts;
  }
  engines::ScriptedModel model_;
};

TEST_F(WatchedModelTest, AnswersPeopleWhoAskWhatTheyLike) {
  std::vector<std::string> texts = Paragraphs();
  ASSERT_EQ(texts.size(), 600u);
  const auto watched = Around(model_);
  Random random(5);
  for (int order = 0; order < 3; ++order) {
    watched->MeetNewClient();
    for (std::size_t i = 0; i + 1 < texts.size(); ++i) std::swap(texts[i], texts[i + random.Below(texts.size() - i)]);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto answer = watched->Generate({.prompt = texts[i], .maximum_tokens = 1});
      ASSERT_TRUE(answer.ok()) << i << ' ' << answer.error().what;
    }
  }
}

TEST_F(WatchedModelTest, RefusesWhoTriesAllSecretsAndSaysWhy) {
  const auto watched = Around(model_);
  const auto refused = watched->Score(Candidates());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kUnsupported);
  EXPECT_TRUE(refused.error().what.starts_with("alarm: ")) << refused.error().what;
  EXPECT_EQ(model_.Used().queries, 0u);
  const std::vector<std::string> one = {"how are you?"};
  EXPECT_FALSE(watched->Score(one).ok()) << "an alarm stays";
  EXPECT_FALSE(watched->Embed(one).ok());
  EXPECT_FALSE(watched->Generate({.prompt = "how are you?", .maximum_tokens = 1}).ok());
  EXPECT_FALSE(watched->Generate({.messages = {{"user", "hello"}}, .maximum_tokens = 1}).ok());
  EXPECT_FALSE(watched->Logits(std::vector<engines::Token>{65}).ok());
  EXPECT_FALSE(watched->HiddenStates(std::vector<engines::Token>{65}).ok());
  watched->MeetNewClient();
  EXPECT_TRUE(watched->Score(one).ok()) << "another client is asked nothing";
}

TEST_F(WatchedModelTest, SeesEveryKindOfQuestion) {
  for (int kind = 0; kind < 4; ++kind) {
    const auto watched = Around(model_, 20);
    bool caught = false;
    for (const std::string& text : Candidates()) {
      const std::vector<std::string> one = {text};
      if (kind == 0) caught = !watched->Embed(one).ok();
      if (kind == 1) caught = !watched->Generate({.prompt = text, .maximum_tokens = 1}).ok();
      if (kind == 2) caught = !watched->Generate({.messages = {{"user", text}}, .maximum_tokens = 1}).ok();
      if (kind == 3) caught = !watched->Logits(model_.Tokenize(text).value()).ok();
      if (caught) break;
    }
    EXPECT_TRUE(caught) << kind;
  }
}

TEST_F(WatchedModelTest, AnswersAsTheModelItself) {
  const auto watched = Around(model_);
  const std::vector<std::string> texts = {"a text", "another"};
  EXPECT_EQ(watched->Score(texts).value()[1].Sum(), model_.Score(texts).value()[1].Sum());
  EXPECT_EQ(watched->Embed(texts).value().values, model_.Embed(texts).value().values);
  EXPECT_EQ(watched->Generate({.prompt = "a", .maximum_tokens = 5}).value().text,
            model_.Generate({.prompt = "a", .maximum_tokens = 5}).value().text);
  EXPECT_EQ(watched->Logits(std::vector<engines::Token>{-3}).error().what,
            model_.Logits(std::vector<engines::Token>{-3}).error().what);
}

}  // namespace
}  // namespace ringfort::defenses::model_to_model
