#include "defenses/marked_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engines/scripted/scripted_model.h"
#include "watermarks/mark_evidence.h"

namespace ringfort::defenses {
namespace {

using engines::Ability;
using watermarks::SchemeKind;
using watermarks::SchemeRule;

std::unique_ptr<const watermarks::MarkingScheme> Scheme(const SchemeRule& rule) {
  return std::move(watermarks::MarkingScheme::Make(rule)).value();
}

double Probability(engines::Model& model, const SchemeRule& rule, bool chat) {
  std::vector<std::vector<engines::Token>> texts;
  for (std::uint64_t i = 0; i < 8; ++i) {
    engines::GenerateRequest request{.maximum_tokens = 60, .temperature = 1, .seed = 100 * i + 1};
    if (chat)
      request.messages = {{"user", "tell"}};
    else
      request.prompt = "tell";
    const auto answer = model.Generate(request);
    EXPECT_TRUE(answer.ok()) << answer.error().what;
    texts.push_back(model.Tokenize(answer.value().text).value());
  }
  return watermarks::FindMark(*Scheme(rule), texts).probability;
}

TEST(MarkedModel, MarksByLogitsAlsoInAChat) {
  engines::ScriptedModel bare;
  const SchemeRule rule{.bias = 4};
  MarkedModel marked(bare, Scheme(rule));
  EXPECT_EQ(marked.Gives(), bare.Gives());
  EXPECT_LT(Probability(marked, rule, false), 1e-5);
  EXPECT_LT(Probability(marked, rule, true), 1e-5);
  EXPECT_GT(Probability(bare, rule, true), 1e-3);
}

TEST(MarkedModel, MarksByBiasesWhereThereAreNoLogits) {
  engines::Script script;
  script.gives = {Ability::kGenerate, Ability::kTokens, Ability::kLogitBias, Ability::kChat};
  engines::ScriptedModel bare(script);
  const SchemeRule rule{.bias = 4};
  MarkedModel marked(bare, Scheme(rule));
  EXPECT_LT(Probability(marked, rule, false), 1e-5);
  EXPECT_FALSE(marked.Gives().Has(Ability::kChat));
  EXPECT_EQ(marked.Generate({.messages = {{"user", "tell"}}}).error().fault, Fault::kUnsupported);
  const auto bounded = marked.Generate({.prompt = "tell", .maximum_tokens = 7, .temperature = 1, .seed = 5});
  ASSERT_TRUE(bounded.ok());
  EXPECT_LE(bounded.value().tokens.size(), 7U);
  EXPECT_TRUE(marked.Generate({.prompt = "", .maximum_tokens = 3}).ok());
}

TEST(MarkedModel, GivesNothingItCannotMark) {
  engines::Script script;
  script.gives = {Ability::kGenerate, Ability::kTokens};
  engines::ScriptedModel bare(script);
  MarkedModel marked(bare, Scheme({}));
  EXPECT_FALSE(marked.Gives().Has(Ability::kGenerate));
  EXPECT_EQ(marked.Generate({.prompt = "tell"}).error().fault, Fault::kUnsupported);
}

// Who passes an editor on is heard first.
class OnlyX : public engines::LogitsEditor {
 public:
  void Edit(std::span<const engines::Token>, std::span<float> logits) override {
    for (std::size_t v = 0; v < logits.size(); ++v)
      if (v != 'x') logits[v] = -std::numeric_limits<float>::infinity();
  }
};

TEST(MarkedModel, KeepsTheEditorOfTheRequest) {
  engines::ScriptedModel bare;
  OnlyX editor;
  for (const SchemeRule rule : {SchemeRule{}, SchemeRule{.kind = SchemeKind::kGumbel, .width = 2}}) {
    MarkedModel marked(bare, Scheme(rule));
    const auto said = marked.Generate({.prompt = "a", .maximum_tokens = 3, .temperature = 1, .editor = &editor});
    ASSERT_TRUE(said.ok());
    EXPECT_EQ(said.value().text, "xxx");
  }
}

TEST(KeepShares, IsTemperatureThenCountThenShare) {
  constexpr float kNever = -std::numeric_limits<float>::infinity();
  std::vector<float> logits = {2, 1, 0, std::nanf("")};
  KeepShares(logits, 0.5, 0, 1);  // e^4, e^2, 1
  const double total = std::exp(4.0) + std::exp(2.0) + 1;
  EXPECT_NEAR(std::exp(logits[0]), std::exp(4.0) / total, 1e-6);
  EXPECT_NEAR(std::exp(logits[2]), 1 / total, 1e-6);
  EXPECT_EQ(logits[3], kNever);
  logits = {0, 0, 0, 0};
  KeepShares(logits, 1, 2, 1);
  EXPECT_NEAR(std::exp(logits[1]), 0.5, 1e-6);
  EXPECT_EQ(logits[2], kNever);
  logits = {2, 1, 0};
  KeepShares(logits, 1, 0, 0.5);
  EXPECT_EQ(logits, (std::vector<float>{0, kNever, kNever}));
  std::vector<float> none;
  KeepShares(none, 1, 0, 1);
}

}  // namespace
}  // namespace ringfort::defenses
