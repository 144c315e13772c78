// Attacks on a real model of known width, where one is at hand.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "attacks/family.h"
#include "attacks/text_observer.h"
#include "engines/llama_cpp/llama_cpp_model.h"

namespace ringfort::attacks {
namespace {

class RealModel : public testing::Test {
 protected:
  void SetUp() override {
    // LLaMA, 5 layers, width 64, 512 tokens, all F32.
    const std::string path = RINGFORT_SOURCE_DIR "/../shared/data/models/stories260K.gguf";
    if (!engines::HasLlamaCpp()) GTEST_SKIP() << "built without llama.cpp";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "the shared model stories260K.gguf is not there";
    auto made = engines::LlamaCppModel::Make(path, {.context = 256});
    ASSERT_TRUE(made.ok()) << made.error().what;
    model_ = std::move(made).value();
  }
  Result<Attempt> Try(std::string_view name, const Settings::Given& given, const Sample& sample) {
    const AttackEntry entry = *FindAttack(name);
    return std::get<MakeAttack>(entry.way)(Settings::Checked(entry.card.settings, given).value())
        ->Try(*model_, sample, budget_);
  }
  std::unique_ptr<engines::LlamaCppModel> model_;
  Budget budget_{5000};
};

TEST_F(RealModel, ItsHiddenDimensionIsRecoveredFromLogits) {
  const Attempt attempt = Try("hidden_dimension", {}, {}).value();
  EXPECT_EQ(attempt.score, model_->Facts().hidden_dimension);
  EXPECT_EQ(attempt.score, 64);
}

TEST_F(RealModel, AndThroughTwentyAlternativesWithALogitBias) {
  Sample sample{.text = "Once upon a time"};
  const char* names[] = {"Lily", "Tom", "the dog", "a bird", "Mom"};
  const char* places[] = {" went to the park", " was sad", " found a big box", " liked to play", " said"};
  for (const char* name : names)
    for (const char* place : places)
      for (const char* end : {"", ".", " and", " because"})
        sample.candidates.push_back(std::string(name) + place + end);
  const Attempt attempt = Try("logit_bias_recovery", {{"alternatives", 20}}, sample).value();
  EXPECT_EQ(attempt.score, 64) << attempt.Number("drop");
}

TEST_F(RealModel, EachTextIsSeenWithAllItsViews) {
  const std::vector<std::string> texts = {"Once upon a time there was a girl named Lily. She liked to play.",
                                          "The quarterly report of the Harbor Board was late again, Mr. Voss."};
  const WordProposals proposals(texts);
  const ObserverOptions options{.needs = {.moments = true, .lowercase = true, .conditioned = true, .neighbors = true},
                                .prefix = "Tim had a red ball. ",
                                .neighbors = 5,
                                .proposals = &proposals};
  const auto views = ObserveTexts(*model_, texts, options, budget_).value();
  for (std::size_t i = 0; i < 2; ++i) {
    std::string behind;
    for (const auto& token : views[i].conditioned->tokens) behind += token.text;
    EXPECT_TRUE(texts[i].ends_with(behind)) << behind;
    EXPECT_GE(behind.size() + 8, texts[i].size()) << behind;
    for (const AttackEntry& entry : AllAttacks())
      if (const auto* reader = std::get_if<TextReader>(&entry.way); reader != nullptr && !reader->views.reference) {
        const auto score = reader->read(views[i], Settings::Checked(entry.card.settings).value());
        ASSERT_TRUE(score.has_value()) << entry.card.name;
        EXPECT_TRUE(std::isfinite(*score)) << entry.card.name;
      }
  }
  // The first is what the model was made for.
  EXPECT_GT(views[0].score.Mean(), views[1].score.Mean() + 1);
}

}  // namespace
}  // namespace ringfort::attacks
