#include "defenses/model_to_data/memorization_filter.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses::model_to_data {
namespace {

using engines::FinishReason;

TEST(LettersOf, DropsCaseAndWhatIsNoLetter) {
  EXPECT_EQ(LettersOf("The K-E-Y, No. 7!\n caf\xc3\xa9"), "thekeyno7caf\xc3\xa9");
}

TEST(KnownWindows, HoldsEveryWindowAndHardlyAnyOther) {
  Random random(9);
  const auto drawn = [&](std::size_t size) {
    std::string text;
    while (text.size() < size) text += static_cast<char>('a' + random.Below(26));
    return text;
  };
  const std::vector<std::string> texts = {drawn(5000), drawn(3000), drawn(7)};
  const KnownWindows windows(texts, 12);
  for (const std::string& text : texts)
    for (std::size_t i = 0; i + 12 <= text.size(); ++i) EXPECT_TRUE(windows.Holds(text.substr(i, 12)));
  int wrong = 0;
  for (int i = 0; i < 20'000; ++i) wrong += windows.Holds(drawn(12));
  EXPECT_LE(wrong, 1);
  EXPECT_EQ(windows.FirstEnd("zz" + texts[0].substr(100, 13), 0), 14u);
  EXPECT_EQ(windows.FirstEnd(texts[0], texts[0].size()), std::string::npos);
  EXPECT_FALSE(KnownWindows({}, 4).Holds("abcd"));
}

class MemorizationFilterTest : public testing::Test {
 protected:
  std::unique_ptr<engines::Model> Defended(engines::Model& model) {
    const DefenseEntry entry = MemorizationFilter();
    return std::get<WrapModel>(entry.way)(model, Settings::Checked(entry.card.settings, {{"characters", 12}}).value(),
                                          {.protected_texts = protected_});
  }
  const std::vector<std::string> protected_ = {"The blue key is under the third stone."};
  const engines::Script knows_{.language = {.memorized = protected_}};
  const engines::GenerateRequest request_{.prompt = "The blue ", .maximum_tokens = 29};
};

TEST_F(MemorizationFilterTest, TakesBackTheTokenThatCompletesAWindow) {
  engines::ScriptedModel model(knows_);
  ASSERT_EQ(model.Generate(request_).value().text, protected_[0].substr(9));
  const auto said = Defended(model)->Generate(request_).value();
  EXPECT_EQ(said.text.substr(0, 4), "key ");
  EXPECT_EQ(said.tokens.size(), 29u);
  EXPECT_EQ(KnownWindows(protected_, 12).FirstEnd(LettersOf(request_.prompt + said.text), 7), std::string::npos);
  std::string joined;
  for (const auto& token : said.tokens) joined += token.text;
  EXPECT_EQ(joined, said.text);
}

TEST_F(MemorizationFilterTest, EndsTheAnswerWhereItCannotChooseAnotherToken) {
  engines::Script script = knows_;
  script.gives = script.gives.Without({engines::Ability::kLogitBias});
  engines::ScriptedModel model(script);
  const auto said = Defended(model)->Generate(request_).value();
  EXPECT_EQ(said.finish, FinishReason::kFiltered);
  EXPECT_EQ(said.text, "key i");  // "thebluekeyis" would have been 12
}

TEST_F(MemorizationFilterTest, LetsOtherTextPassUnchanged) {
  engines::ScriptedModel model(knows_);
  const engines::GenerateRequest other{.prompt = "What about", .maximum_tokens = 20, .temperature = 1, .seed = 4};
  EXPECT_EQ(Defended(model)->Generate(other).value().text, model.Generate(other).value().text);
  const std::vector<std::string> texts = {protected_[0]};
  EXPECT_EQ(Defended(model)->Score(texts).value()[0].Sum(), model.Score(texts).value()[0].Sum());
}

// The adaptive attacker who asks for capitals, or for dashes between the letters.
TEST_F(MemorizationFilterTest, ShoutingAndSpacingDoNotGetPast) {
  for (const char* answer : {"THE BLUE KEY IS UNDER THE THIRD STONE", "t-h-e b-l-u-e k-e-y i-s u-n-d-e-r"}) {
    engines::Script script;
    script.answers["say it"] = answer;
    script.gives = script.gives.Without({engines::Ability::kLogitBias});
    engines::ScriptedModel model(script);
    const auto said = Defended(model)->Generate({.prompt = "say it", .maximum_tokens = 60}).value();
    EXPECT_EQ(said.finish, FinishReason::kFiltered) << said.text;
  }
}

}  // namespace
}  // namespace ringfort::defenses::model_to_data
