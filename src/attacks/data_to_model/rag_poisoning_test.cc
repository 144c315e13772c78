#include "attacks/data_to_model/rag_poisoning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "attacks/data_to_model/secret_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

using testing::ElementsAre;

TEST(RagPoisoning, TheNearestRowsAreThoseOfLeastAngle) {
  const engines::Matrix rows{4, 2, {9, 1, 0, 0, 1, 1, 0, -5}};
  const std::vector<float> question = {2, 2};
  EXPECT_THAT(NearestRows(rows, question, 9), ElementsAre(2, 0, 3, 1));  // longer is not nearer; nothing comes last
  EXPECT_THAT(NearestRows(rows, question, 1), ElementsAre(2));
  EXPECT_THAT(NearestRows({2, 1, {1, 2}}, std::vector<float>{1}, 2), ElementsAre(0, 1));
}

// Embeds a text by its words, and answers with the last word of the first document.
class Reader : public engines::Model {
 public:
  const engines::ModelFacts& Facts() const override { return facts_; }
  engines::Abilities Gives() const override { return {engines::Ability::kGenerate, engines::Ability::kEmbeddings}; }
  engines::Usage Used() const override { return {}; }
  Result<engines::Matrix> Embed(std::span<const std::string> texts) override {
    engines::Matrix rows{texts.size(), 64, std::vector<float>(texts.size() * 64)};
    for (std::size_t row = 0; row < texts.size(); ++row) {
      std::size_t hash = 7;
      for (const char byte : texts[row] + " ") {
        if (byte != ' ') {
          hash = hash * 31 + static_cast<unsigned char>(byte);
          continue;
        }
        rows.values[row * 64 + hash % 64] += 1;
        hash = 7;
      }
    }
    return rows;
  }
  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    const std::size_t end = request.prompt.find(".</document>");
    const std::size_t begin = request.prompt.rfind(' ', end) + 1;
    return engines::Generation{.text = request.prompt.substr(begin, end - begin)};
  }

 private:
  engines::ModelFacts facts_{};
};

const Sample kSample{.text = "Who keeps the north gate of the old town?",
                     .candidates = {"Orla", "The north gate of the old town is kept by Bran.",
                                    "Fish is sold on the quay on Fridays.", "The mill burned down in spring."}};

TEST(RagPoisoning, WinsTheRetrievalAndTheAnswer) {
  Reader reader;
  Budget budget(100);
  const auto attempt = Make(RagPoisoning(), {{"poisons", 2}, {"kept", 3}})->Try(reader, kSample, budget).value();
  EXPECT_EQ(attempt.produced, "Orla");
  EXPECT_EQ(attempt.score, 1);
  EXPECT_EQ(attempt.Number("rank"), 1);
  EXPECT_DOUBLE_EQ(attempt.Number("poisoned"), 2.0 / 3);
  EXPECT_EQ(budget.queries(), 100U - 6 - 1);
  EXPECT_NE(attempt.prompt.find("kept by Bran"), std::string::npos);  // the honest passage is read, too
  EXPECT_EQ(attempt.prompt.find("quay"), std::string::npos);
}

// A collection that holds the question word for word, with another answer behind less, is not won.
TEST(RagPoisoning, MayLoseTheRetrieval) {
  Reader reader;
  Sample sample = kSample;
  sample.candidates.emplace_back(kSample.text + " Bran.");
  Budget budget;
  const auto attempt = Make(RagPoisoning(), {{"poisons", 1}, {"kept", 1}})->Try(reader, sample, budget).value();
  EXPECT_EQ(attempt.produced, "Bran");
  EXPECT_EQ(attempt.score, 0);
  EXPECT_EQ(attempt.Number("poisoned"), 0);
  EXPECT_EQ(attempt.Number("rank"), 2);
}

TEST(RagPoisoning, ManyPassagesAreAllDifferent) {
  Reader reader;
  Budget budget;
  const auto attempt = Make(RagPoisoning(), {{"poisons", 12}, {"kept", 12}})->Try(reader, kSample, budget).value();
  std::set<std::string> read;
  std::size_t documents = 0;
  for (std::size_t at = 0; (at = attempt.prompt.find("<document>", at)) != std::string::npos; ++documents) {
    const std::size_t end = attempt.prompt.find("</document>", at);
    read.insert(attempt.prompt.substr(at, end - at));
    at = end;
  }
  EXPECT_EQ(documents, 12U);
  EXPECT_EQ(read.size(), documents);
}

TEST(RagPoisoning, NeedsACollectionAndABudget) {
  Reader reader;
  Budget budget, small(3);
  const auto attack = Make(RagPoisoning());
  EXPECT_FALSE(attack->Try(reader, {.text = "q", .candidates = {"a"}}, budget).ok());
  EXPECT_FALSE(attack->Try(reader, {.text = "", .candidates = {"a", "b"}}, budget).ok());
  EXPECT_EQ(attack->Try(reader, kSample, small).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(small.queries(), 3U);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
