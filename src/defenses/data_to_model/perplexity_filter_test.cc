#include "defenses/data_to_model/perplexity_filter.h"

#include <gtest/gtest.h>

#include "defenses/question_text.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::data_to_model {
namespace {

engines::Script Scored() {
  engines::Script script;
  const double plain[] = {-1, -2, -1, -2}, odd[] = {-1, -2, -1, -2, -1, -1, -1, -9, -9};
  script.scores = {{"plain", engines::ScriptedScores(plain)}, {"odd", engines::ScriptedScores(odd)}};
  script.answers = {{"plain", "yes"}, {"odd", "yes"}};
  return script;
}

std::unique_ptr<engines::Model> Around(engines::Model& model, double window, double nats) {
  const DefenseEntry entry = PerplexityFilter();
  return std::get<WrapModel>(entry.way)(
      model, Settings::Checked(entry.card.settings, {{"window", window}, {"nats", nats}}).value(), {});
}

TEST(PerplexityFilter, DeclinesWhatHasASurprisingStretch) {
  engines::ScriptedModel model(Scored());
  const auto windowed = Around(model, 2, 4), whole = Around(model, 0, 4);
  EXPECT_EQ(windowed->Generate({.prompt = "plain"}).value().text, "yes");
  EXPECT_EQ(windowed->Generate({.prompt = "odd"}).value().text, kDeclined);
  EXPECT_EQ(windowed->Generate({.prompt = "odd"}).value().finish, engines::FinishReason::kFiltered);
  EXPECT_EQ(whole->Generate({.prompt = "odd"}).value().text, "yes") << "27 / 9 = 3 nats on the whole";
}

TEST(PerplexityFilter, ReadsTheLastQuestionOfAChat) {
  engines::ScriptedModel model(Scored());
  const auto filtered = Around(model, 2, 4);
  engines::GenerateRequest request;
  request.messages = {{"user", "odd"}, {"assistant", "well"}, {"user", "plain"}};
  EXPECT_EQ(filtered->Generate(request).value().text, "yes");
  request.messages = {{"user", "plain"}, {"assistant", "well"}, {"user", "odd"}};
  EXPECT_EQ(filtered->Generate(request).value().text, kDeclined);
  EXPECT_GT(filtered->Used().queries, 2u) << "scoring is paid for";
}

TEST(PerplexityFilter, GeneratesNothingUnfilteredWhereThereAreNoScores) {
  engines::Script script = Scored();
  script.gives = script.gives.Without({engines::Ability::kScores});
  engines::ScriptedModel model(script);
  const auto filtered = Around(model, 2, 4);
  EXPECT_FALSE(filtered->Gives().Has(engines::Ability::kGenerate));
  EXPECT_EQ(filtered->Generate({.prompt = "plain"}).error().fault, Fault::kUnsupported);
}

}  // namespace
}  // namespace ringfort::defenses::data_to_model
