#include "judges/classifier_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "base/random.h"

namespace ringfort::judges {
namespace {

TrainedClassifier Trained() {
  std::vector<LabeledAnswer> answers;
  for (int i = 0; i < 8; ++i)
    answers.push_back(
        {"p", i % 2 == 0 ? "flour and water" : "I cannot help", "", "prompt " + std::to_string(i), i % 2 == 0});
  return TrainClassifier(answers).value();
}

TEST(ClassifierFile, ComesBackAsItWas) {
  const TrainedClassifier trained = Trained();
  const std::string text = WriteClassifier(trained);
  const TrainedClassifier read = ReadClassifier(text, "w.json").value();
  EXPECT_EQ(WriteClassifier(read), text);
  EXPECT_EQ(read.answers, 8u);
  ClassifierJudge before(trained.model), after(read.model);
  for (const char* answer : {"flour", "I cannot help with water", "else"})
    EXPECT_NEAR(before.Decide({"", answer, ""}).score, after.Decide({"", answer, ""}).score, 1e-7);
}

TEST(ClassifierFile, KnowsWhatItLearnedFrom) {
  const TrainedClassifier read = ReadClassifier(WriteClassifier(Trained()), "w.json").value();
  EXPECT_TRUE(read.Saw({"", "", "", "prompt 3", true}));
  EXPECT_FALSE(read.Saw({"", "", "", "prompt 9", true}));
}

TEST(ClassifierFile, RefusesWhatIsBroken) {
  const auto refused = [](std::string_view members) {
    const auto read = ReadClassifier("{\"schema\": \"ringfort.judge_classifier/1\"," + std::string(members) + "}", "w");
    return !read.ok() && read.error().what.starts_with("w: ");
  };
  const std::string begin = "\"version\": \"1\", \"answers\": 2, \"intercept\": 0.5, ";
  EXPECT_FALSE(refused(begin + "\"weights\": [[3, 1.5]], \"seen\": []"));
  EXPECT_TRUE(refused("\"version\": \"0\""));
  EXPECT_TRUE(refused(begin + "\"weights\": [[3, 1.5], [3, 1]], \"seen\": []"));
  EXPECT_TRUE(refused(begin + "\"weights\": [[65538, 1]], \"seen\": []"));
  EXPECT_TRUE(refused(begin + "\"weights\": [[-1, 1]], \"seen\": []"));
  EXPECT_TRUE(refused(begin + "\"weights\": [[1, 1e9]], \"seen\": []"));
  EXPECT_TRUE(refused(begin + "\"weights\": [[1]], \"seen\": []"));
  EXPECT_TRUE(refused(begin + "\"weights\": {}, \"seen\": []"));
  EXPECT_TRUE(refused(begin + "\"weights\": [], \"seen\": [\"x\"]"));
  EXPECT_TRUE(refused(begin + "\"weights\": []"));
  EXPECT_FALSE(ReadClassifier("[]", "w").ok());
}

TEST(ClassifierFile, BearsDamage) {
  const std::string whole = WriteClassifier(Trained());
  for (std::size_t size = 0; size + 1 < whole.size(); size += 7)
    EXPECT_FALSE(ReadClassifier(whole.substr(0, size), "w").ok()) << size;
  Random random(3);
  for (int round = 0; round < 300; ++round) {
    std::string text = whole;
    text[random.Below(text.size())] ^= static_cast<char>(1U << random.Below(8));
    const auto read = ReadClassifier(text, "w");
    if (read.ok()) {
      EXPECT_EQ(read.value().model.weights.size(), kClassifierFeatures);
    }
  }
}

}  // namespace
}  // namespace ringfort::judges
