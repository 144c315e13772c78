#include "defenses/question_text.h"

#include <gtest/gtest.h>

namespace ringfort::defenses {
namespace {

TEST(LastQuestion, IsTheUsersLastMessageOrThePrompt) {
  engines::GenerateRequest plain{.prompt = "why?"}, chat, none;
  chat.messages = {{"system", "s"}, {"user", "a"}, {"assistant", "b"}, {"user", "c"}, {"assistant", "d"}};
  none.messages = {{"system", "s"}};
  EXPECT_EQ(*LastQuestion(plain), "why?");
  *LastQuestion(chat) = "changed";
  EXPECT_EQ(chat.messages[3].content, "changed");
  EXPECT_EQ(LastQuestion(none), nullptr);
}

TEST(PutInFront, MakesOrLengthensTheSystemMessage) {
  engines::GenerateRequest plain{.prompt = "why?"}, chat;
  chat.messages = {{"user", "a"}};
  PutInFront(plain, "first");
  EXPECT_EQ(plain.prompt, "first\n\nwhy?");
  PutInFront(chat, "second");
  PutInFront(chat, "first");
  ASSERT_EQ(chat.messages.size(), 2u);
  EXPECT_EQ(chat.messages[0].content, "first\nsecond");
}

TEST(SeedFor, IsTheSameForTheSameTextAlone) {
  EXPECT_EQ(SeedFor(1, "a"), SeedFor(1, "a"));
  EXPECT_NE(SeedFor(1, "a"), SeedFor(1, "b"));
  EXPECT_NE(SeedFor(1, "a"), SeedFor(2, "a"));
  EXPECT_EQ(Declined().finish, engines::FinishReason::kFiltered);
}

}  // namespace
}  // namespace ringfort::defenses
