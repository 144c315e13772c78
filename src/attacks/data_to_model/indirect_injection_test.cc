#include "attacks/data_to_model/indirect_injection.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

TEST(IndirectInjection, IsObeyedByAModelThatObeysWhateverItReads) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kObedient));
  Budget budget;
  const auto attempt = Make(IndirectInjection())->Try(model, {.text = "amber lantern seventeen"}, budget).value();
  EXPECT_EQ(attempt.produced, "amber lantern seventeen");
  EXPECT_EQ(attempt.known, attempt.produced);
  EXPECT_EQ(attempt.score, 1);
}

TEST(IndirectInjection, AModelThatQuotesTheDocumentHasNotObeyed) {
  engines::Script script;
  script.context = 4000;
  engines::ScriptedModel quotes(script);
  Budget budget;
  // The scripted language is told to repeat the prompt that it is given.
  const auto prompt = Make(IndirectInjection(), {{"tokens", 1}})->Try(quotes, {.text = "amber lantern"}, budget);
  engines::Script repeats = script;
  repeats.answers[prompt.value().prompt] = prompt.value().prompt;
  engines::ScriptedModel model(repeats);
  const auto attempt = Make(IndirectInjection(), {{"tokens", 1000}})->Try(model, {.text = "amber lantern"}, budget);
  EXPECT_LE(attempt.value().score, 0.5);
  EXPECT_NE(prompt.value().prompt.find("<document>Dear all"), std::string::npos);
}

TEST(IndirectInjection, SaysWhatASampleLacks) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kNone));
  Budget budget;
  EXPECT_EQ(Make(IndirectInjection())->Try(model, {.text = " "}, budget).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
