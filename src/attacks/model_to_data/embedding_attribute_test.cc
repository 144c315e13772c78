#include "attacks/model_to_data/embedding_attribute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

struct Labeled {
  std::vector<std::string> texts{};
  std::vector<std::string> attributes{};
  engines::Matrix embeddings{};
};

// `values` authors in turn; `share` of a vector tells which, the rest is noise; the words
// say it if `spoken`.
Labeled Authors(std::size_t count, std::size_t values, double share, bool spoken) {
  Random random(11);
  Labeled set;
  set.embeddings = {count, 8, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t author = i % values;
    set.attributes.push_back("author " + std::to_string(author));
    set.texts.push_back("text " + std::to_string(random.Below(1000)) + " of " + std::to_string(i) +
                        (spoken ? " by author" + std::to_string(author) : ""));
    for (std::size_t k = 0; k < 8; ++k)
      set.embeddings.values.push_back(static_cast<float>((k == author ? share : 0) + random.Uniform()));
  }
  return set;
}

AttributeReading Read(const Labeled& set) {
  return ReadAttribute(set.embeddings, set.texts, set.attributes, {}).value();
}

TEST(ReadAttribute, TellsWhatStandsInTheVectors) {
  const AttributeReading reading = Read(Authors(150, 3, 2, false));
  EXPECT_GT(reading.accuracy, 0.95);
  EXPECT_NEAR(reading.blind_accuracy, 1.0 / 3, 1e-9);
  EXPECT_LT(reading.words_accuracy, 0.5);  // the words do not say it
  EXPECT_GT(reading.gain_lower, 0.5);
  EXPECT_EQ(reading.values, 3U);
}

TEST(ReadAttribute, TellsNothingOfVectorsOfChance) {
  const AttributeReading reading = Read(Authors(150, 3, 0, true));
  EXPECT_LT(reading.gain_lower, 0.03);
  EXPECT_LT(reading.accuracy, 0.5);
  EXPECT_GT(reading.words_accuracy, 0.95);  // whoever holds the text knows
}

TEST(ReadAttribute, MeasuresAgainstTheCommonestValue) {
  Labeled set = Authors(100, 2, 0, false);
  for (std::size_t i = 0; i < 80; ++i) set.attributes[i] = "author 0";  // 90 of 100
  const AttributeReading reading = Read(set);
  EXPECT_NEAR(reading.blind_accuracy, 0.9, 1e-9);
  EXPECT_NEAR(reading.gain, 0, 0.03);
}

TEST(ReadAttribute, RefusesWhatIsNoAttribute) {
  Labeled set = Authors(40, 2, 1, false);
  set.attributes.assign(40, "one");
  EXPECT_THAT(ReadAttribute(set.embeddings, set.texts, set.attributes, {}).error().what, testing::HasSubstr("values"));
  for (std::size_t i = 0; i < 40; ++i) set.attributes[i] = std::to_string(i);
  EXPECT_FALSE(ReadAttribute(set.embeddings, set.texts, set.attributes, {}).ok());
  set.attributes.assign(40, "one");
  set.attributes[3] = "two";
  EXPECT_THAT(ReadAttribute(set.embeddings, set.texts, set.attributes, {}).error().what, testing::HasSubstr("fewer"));
  EXPECT_FALSE(ReadAttribute({}, {}, {}, {}).ok());
}

TEST(EmbeddingAttribute, ReadsValueAndTextFromTheSample) {
  engines::ScriptedModel model;
  const AttackEntry entry = EmbeddingAttribute();
  const auto attack = std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings).value());
  Sample sample{"authors", "author", {}, 0};
  for (int i = 0; i < 60; ++i) {
    sample.candidates.push_back((i % 2 == 0 ? "loud\tAAAA" : "low\tzzzz") + std::to_string(i));
  }
  Budget budget(100);
  const Attempt attempt = attack->Try(model, sample, budget).value();
  EXPECT_GT(attempt.Number("accuracy"), 0.9);  // other letters, other vectors
  EXPECT_EQ(budget.queries(), 40U);
  sample.candidates[3] = "no tab";
  EXPECT_EQ(attack->Try(model, sample, budget).error().fault, Fault::kInvalidInput);
  Budget none(10);
  sample.candidates[3] = "low\tzz";
  EXPECT_EQ(attack->Try(model, sample, none).error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
