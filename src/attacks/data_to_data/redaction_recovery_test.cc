#include "attacks/data_to_data/redaction_recovery.h"

#include <gtest/gtest.h>

#include <variant>

#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::data_to_data {
namespace {

Sample Who() {
  return {"a", "The letter of [[Ada]] was found, and [[Ada]] denied it.", {"Tom", "Eve", "Bob", "Ada", ""}, 0};
}

Result<Attempt> Try(engines::Model& model, const Sample& sample, std::uint64_t queries = Budget::kUnlimited) {
  Budget budget(queries);
  return std::get<MakeAttack>(RedactionRecovery().way)(Settings::Checked({}).value())->Try(model, sample, budget);
}

TEST(ReadRedacted, CutsTheNameOut) {
  const auto redacted = ReadRedacted(Who().text);
  ASSERT_TRUE(redacted.ok());
  EXPECT_EQ(redacted.value().truth, "Ada");
  EXPECT_EQ(redacted.value().With("X"), "The letter of X was found, and X denied it.");
  EXPECT_EQ(ReadRedacted("[[A]]").value().With("B"), "B");
  for (const char* wrong : {"", "Ada", "[[Ada", "[[]]", "[[Ada]] and [[Tom]]", "]][["})
    EXPECT_EQ(ReadRedacted(wrong).error().fault, Fault::kInvalidInput) << wrong;
}

TEST(RedactionRecovery, NamesWhomTheModelKnows) {
  engines::Script script;
  script.language.memorized = {"The letter of Ada was found, and Ada denied it."};
  engines::ScriptedModel knows(script);
  const auto attempt = Try(knows, Who());
  ASSERT_TRUE(attempt.ok()) << attempt.error().what;
  EXPECT_EQ(attempt.value().produced, script.language.memorized[0]);
  EXPECT_EQ(attempt.value().produced, attempt.value().expected);
  EXPECT_EQ(attempt.value().Number("rank"), 1);
  EXPECT_EQ(attempt.value().Number("candidates"), 4);
  EXPECT_GT(attempt.value().score, 1);
  EXPECT_EQ(attempt.value().prompt.find("Ada"), std::string::npos);
  // One that learned the text with another name believes that.
  script.language.memorized = {"The letter of Eve was found, and Eve denied it."};
  engines::ScriptedModel misled(script);
  EXPECT_EQ(Try(misled, Who()).value().produced, script.language.memorized[0]);
  EXPECT_GT(Try(misled, Who()).value().Number("rank"), 1);
}

// By hand: what counts is the text less the name alone, and a tie is no success.
TEST(RedactionRecovery, TakesTheNameItselfAway) {
  const auto sure = [](double sum) {
    const double one[] = {sum};
    return engines::ScriptedScores(one);
  };
  engines::Script script;
  script.scores = {{"x Ada", sure(-41.2)}, {"Ada", sure(-9.1)}, {"x Tom", sure(-40.0)}, {"Tom", sure(-5.0)}};
  engines::ScriptedModel model(script);
  const auto attempt = Try(model, {"a", "x [[Ada]]", {"Tom"}, 0});
  ASSERT_TRUE(attempt.ok());
  EXPECT_EQ(attempt.value().produced, "x Ada");
  EXPECT_NEAR(attempt.value().score, 2.9, 1e-9);
  EXPECT_EQ(attempt.value().Number("rank_without_text"), 2);
  script.scores["x Tom"] = sure(-37.1);
  engines::ScriptedModel tied(script);
  EXPECT_EQ(Try(tied, {"a", "x [[Ada]]", {"Tom"}, 0}).value().produced, "x Tom");
  EXPECT_EQ(Try(tied, {"a", "x [[Ada]]", {"Tom"}, 0}).value().Number("rank"), 2);
}

TEST(RedactionRecovery, HoldsItsBounds) {
  engines::ScriptedModel model;
  EXPECT_EQ(Try(model, Who(), 7).error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(model.Used().queries, 0U);
  EXPECT_EQ(Try(model, {"a", "x [[Ada]]", {}, 0}).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(Try(model, {"a", std::string(300, 'x') + "[[Ada]]", {"Tom"}, 0}).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_data
