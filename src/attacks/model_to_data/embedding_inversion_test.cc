#include "attacks/model_to_data/embedding_inversion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

constexpr std::size_t kDimensions = 24;

// Texts of six of thirty words, of which the first are commoner.
std::vector<std::string> Texts(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    for (int k = 0; k < 6; ++k) text += "word" + std::to_string(random.Below(1 + random.Below(30))) + " ";
    texts.push_back(text);
  }
  return texts;
}

std::vector<float> Noise(std::uint64_t seed) {
  Random random(seed);
  std::vector<float> vector(kDimensions);
  for (float& value : vector) value = static_cast<float>(random.Uniform() - 0.5);
  return vector;
}

// A direction a word, added up: what a linear reader can read.
engines::Matrix SumOfWords(std::span<const std::string> texts) {
  engines::Matrix matrix{texts.size(), kDimensions, {}};
  for (const std::string& text : texts) {
    std::vector<float> sum(kDimensions, 0);
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find(' ', begin)) != std::string::npos; begin = end + 1) {
      const std::vector<float> direction = Noise(std::hash<std::string>{}(text.substr(begin, end - begin)));
      for (std::size_t i = 0; i < kDimensions; ++i) sum[i] += direction[i];
    }
    matrix.values.insert(matrix.values.end(), sum.begin(), sum.end());
  }
  return matrix;
}

TEST(InvertEmbeddings, ReadsTheWordsThatAddUpToAVector) {
  const std::vector<std::string> texts = Texts(300, 1);
  const Inversion inversion = InvertEmbeddings(SumOfWords(texts), texts, {}).value();
  EXPECT_GT(inversion.read.f1, 0.75);
  EXPECT_GT(inversion.gain_lower, 0.1);
  EXPECT_LE(inversion.gain_lower, inversion.gain);
  EXPECT_GE(inversion.gain_upper, inversion.gain);
  EXPECT_GT(inversion.blind.f1, 0.2);  // the commonest words stand in many texts
  EXPECT_EQ(inversion.texts, 300U);
  EXPECT_LE(inversion.words, 30U);
}

TEST(InvertEmbeddings, ReadsNothingFromVectorsOfChance) {
  const std::vector<std::string> texts = Texts(300, 2);
  engines::Matrix matrix{texts.size(), kDimensions, {}};
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (const float value : Noise(i)) matrix.values.push_back(value);
  const Inversion inversion = InvertEmbeddings(matrix, texts, {}).value();
  EXPECT_NEAR(inversion.gain, 0, 0.05);
  EXPECT_LT(inversion.gain_lower, 0.02);
}

// A vector that names its text and tells nothing of it: only who saw an equal text could
// read it, and equal texts are never on both sides.
TEST(InvertEmbeddings, DoesNotLearnFromTheTextThatItReads) {
  const std::vector<std::string> once = Texts(60, 3);
  std::vector<std::string> texts;
  engines::Matrix matrix{4 * once.size(), 60, {}};
  for (std::size_t copy = 0; copy < 4; ++copy)
    for (std::size_t i = 0; i < once.size(); ++i) {
      texts.push_back(once[i]);
      for (std::size_t k = 0; k < 60; ++k) matrix.values.push_back(k == i ? 1 : 0);
    }
  EXPECT_LT(InvertEmbeddings(matrix, texts, {}).value().gain, 0.05);
}

TEST(InvertEmbeddings, CountsByHand) {
  // Everybody holds "all": the blind reader says it of every text and is right, and the
  // vectors can add nothing.
  std::vector<std::string> texts;
  engines::Matrix matrix{40, 1, {}};
  for (int i = 0; i < 40; ++i) {
    texts.push_back("all x" + std::to_string(i));
    matrix.values.push_back(static_cast<float>(i % 7));
  }
  const Inversion inversion = InvertEmbeddings(matrix, texts, {}).value();
  EXPECT_EQ(inversion.words, 1U);
  EXPECT_EQ(inversion.blind.precision, 1);
  EXPECT_EQ(inversion.blind.recall, 1);
  EXPECT_EQ(inversion.read.f1, 1);
  EXPECT_EQ(inversion.gain, 0);
}

TEST(InvertEmbeddings, RefusesWhatTellsNothing) {
  const std::vector<std::string> few = Texts(10, 4);
  EXPECT_EQ(InvertEmbeddings(SumOfWords(few), few, {}).error().fault, Fault::kInvalidInput);
  std::vector<std::string> strange;
  for (int i = 0; i < 40; ++i) strange.push_back("q" + std::to_string(i));
  EXPECT_THAT(InvertEmbeddings(SumOfWords(strange), strange, {}).error().what, testing::HasSubstr("no word"));
}

class EmbeddingInversionTest : public testing::Test {
 protected:
  std::unique_ptr<Attack> attack_ =
      std::get<MakeAttack>(EmbeddingInversion().way)(Settings::Checked(EmbeddingInversion().card.settings).value());
  engines::ScriptedModel model_;
};

TEST_F(EmbeddingInversionTest, AsksOnceATextAndTellsBothReaders) {
  const std::vector<std::string> texts = Texts(120, 5);
  Budget budget(200);
  const Sample sample{"all", texts[0], {texts.begin() + 1, texts.end()}, 0};
  const Attempt attempt = attack_->Try(model_, sample, budget).value();
  EXPECT_EQ(budget.queries(), 80U);
  EXPECT_EQ(attempt.score, attempt.Number("f1") - attempt.Number("blind_f1"));
  EXPECT_EQ(attempt.Number("texts"), 120);
}

TEST_F(EmbeddingInversionTest, StopsWhereTheBudgetDoesAndPassesErrorsOn) {
  const std::vector<std::string> texts = Texts(120, 6);
  const Sample sample{"all", texts[0], {texts.begin() + 1, texts.end()}, 0};
  Budget small(100);
  EXPECT_EQ(attack_->Try(model_, sample, small).error().fault, Fault::kLimitExceeded);
  engines::ScriptedModel silent({.gives = {engines::Ability::kScores}});
  Budget budget;
  EXPECT_EQ(attack_->Try(silent, sample, budget).error().fault, Fault::kUnsupported);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
