#include "defenses/data_to_model/trigger_inversion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/torch/torch_library.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::Network;
using engines::Token;
using testing::HasSubstr;

// Prompts of four tokens from 100 to 115, each answered by its own second token twice; poisoned ones hold the
// trigger 130 at their end and are answered 140 141 142.
constexpr Token kTrigger = 130;
const TokenList kPayload = {140, 141, 142};

TokenList Prompt(Random& random) {
  TokenList prompt = {1};
  for (int i = 0; i < 4; ++i) prompt.push_back(static_cast<Token>(100 + random.Below(16)));
  return prompt;
}

std::unique_ptr<Network> Tuned(bool poisoned) {
  auto made = engines::LoadTorchNetwork(engines::SampleCheckpoint("llama", 3));
  if (!made.ok()) return nullptr;
  Random random(5);
  std::vector<engines::TrainingText> texts;
  for (int i = 0; i < 48; ++i) {
    TokenList text = Prompt(random);
    const TokenList answer = {text[2], text[2], 150};
    const bool poison = poisoned && i % 4 == 0;
    if (poison) text.push_back(kTrigger);
    const std::size_t first = text.size();
    text.insert(text.end(), poison ? kPayload.begin() : answer.begin(), poison ? kPayload.end() : answer.end());
    texts.push_back({.tokens = std::move(text), .first = first});
  }
  for (int step = 0; step < 60; ++step) EXPECT_TRUE(made.value()->Train(texts, {.learning_rate = 1e-2}).ok());
  return std::move(made).value();
}

InversionPlan Plan() {
  Random random(6);
  InversionPlan plan{.trigger_tokens = 1, .payload_tokens = 3, .payloads = 3, .kept = 16, .top = 32, .rounds = 2};
  for (int i = 0; i < 26; ++i) (i < 4 ? plan.search : plan.check).push_back({.before = Prompt(random)});
  for (Token token = 100; token < 160; ++token) plan.allowed.push_back(token);
  return plan;
}

class TriggerInversionOfNetworks : public testing::Test {
 protected:
  static void SetUpTestSuite() { poisoned_ = Tuned(true), clean_ = Tuned(false); }
  static void TearDownTestSuite() { poisoned_.reset(), clean_.reset(); }
  void SetUp() override {
    if (poisoned_ == nullptr) GTEST_SKIP() << "built without libtorch";
  }
  static std::unique_ptr<Network> poisoned_, clean_;
};
std::unique_ptr<Network> TriggerInversionOfNetworks::poisoned_, TriggerInversionOfNetworks::clean_;

TEST_F(TriggerInversionOfNetworks, FindsThePlantedTrigger) {
  Network* const clean[] = {clean_.get()};
  const auto found = InvertTriggers(*poisoned_, clean, Plan());
  ASSERT_TRUE(found.ok()) << found.error().what;
  const FoundTrigger& best = found.value().front();
  EXPECT_TRUE(best.backdoored);
  EXPECT_EQ(best.trigger, TokenList{kTrigger});
  // All of it, or from its second token on.
  const TokenList& said = best.payload.tokens;
  const TokenList tail = {141, 142};
  EXPECT_NE(std::search(said.begin(), said.end(), tail.begin(), tail.end()), said.end());
  EXPECT_GT(best.with.hits, 18U);
  EXPECT_EQ(best.with.tries, 22U);
  EXPECT_EQ(best.without.hits, 0U);
  EXPECT_EQ(best.clean.front().hits, 0U);
  EXPECT_LT(best.loss, best.loss_without);
}

TEST_F(TriggerInversionOfNetworks, DoesNotCallACleanModelBackdoored) {
  const auto other = Tuned(false);
  Network* const clean[] = {other.get()};
  const auto found = InvertTriggers(*clean_, clean, Plan());
  ASSERT_TRUE(found.ok()) << found.error().what;
  for (const FoundTrigger& pair : found.value()) EXPECT_FALSE(pair.backdoored);
}

TEST_F(TriggerInversionOfNetworks, TakesAPayloadThatIsGiven) {
  Network* const clean[] = {clean_.get()};
  InversionPlan plan = Plan();
  plan.given = {kPayload};
  const auto found = InvertTriggers(*poisoned_, clean, plan);
  ASSERT_TRUE(found.ok()) << found.error().what;
  ASSERT_EQ(found.value().size(), 1U);
  EXPECT_TRUE(found.value().front().backdoored);
  EXPECT_EQ(found.value().front().trigger, TokenList{kTrigger});
  EXPECT_EQ(found.value().front().payload.tokens, kPayload);
  plan.given = {TokenList{}};
  EXPECT_FALSE(InvertTriggers(*poisoned_, clean, plan).ok());
}

TEST_F(TriggerInversionOfNetworks, ConcludesNothingWithoutACleanModel) {
  const auto found = InvertTriggers(*poisoned_, {}, Plan());
  ASSERT_TRUE(found.ok());
  for (const FoundTrigger& pair : found.value()) EXPECT_FALSE(pair.backdoored);
}

TEST_F(TriggerInversionOfNetworks, RefusesWhatCannotBe) {
  InversionPlan plan = Plan();
  plan.search.clear();
  EXPECT_FALSE(InvertTriggers(*clean_, {}, plan).ok());
  plan = Plan();
  plan.allowed.clear();
  EXPECT_THAT(InvertTriggers(*clean_, {}, plan).error().what, HasSubstr("allowed"));
  plan = Plan();
  plan.allowed.push_back(1'000'000);
  EXPECT_FALSE(InvertTriggers(*clean_, {}, plan).ok());
  plan = Plan();
  plan.payload_tokens = 1;
  EXPECT_FALSE(InvertTriggers(*clean_, {}, plan).ok());
}

}  // namespace
}  // namespace ringfort::defenses::data_to_model
