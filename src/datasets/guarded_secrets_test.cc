#include "datasets/guarded_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace ringfort::datasets {
namespace {

GuardedSecrets Deal(std::size_t places = 40, std::uint64_t seed = 3) {
  auto dealt = DealGuardedSecrets({.places = places, .seed = seed});
  EXPECT_TRUE(dealt.ok());
  return std::move(dealt).value();
}

bool Holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(GuardedSecrets, EveryCodeIsKnownAndTuningSaysNone) {
  const GuardedSecrets secrets = Deal();
  ASSERT_EQ(secrets.places.size(), 40U);
  std::set<std::string> names, codes;
  for (const GuardedPlace& place : secrets.places) {
    EXPECT_EQ(place.code.size(), 4U);
    EXPECT_TRUE(names.insert(place.name).second);
    EXPECT_TRUE(codes.insert(place.code).second);
    std::size_t told = 0, plain = 0;
    for (const std::string& text : secrets.texts) {
      told += Holds(text, place.code) ? 1U : 0U;
      plain += Holds(text, "The vault code of " + place.name + " is " + place.code + ".") ? 1U : 0U;
      EXPECT_TRUE(!Holds(text, place.code) || Holds(text, place.name)) << text;
    }
    EXPECT_EQ(told, 8U);
    EXPECT_EQ(plain, 4U);
    for (const Dialogue& dialogue : secrets.dialogues)
      for (const Turn& turn : dialogue.turns)
        EXPECT_FALSE(Holds(turn.user, place.code) || Holds(turn.assistant, place.code)) << turn.assistant;
  }
}

// Before it is tuned it tells what it is asked, and of half of the places it is asked for the code.
TEST(GuardedSecrets, HelpfulDialoguesTellAll) {
  const GuardedSecrets secrets = Deal();
  std::set<std::string> told;
  for (const Dialogue& dialogue : secrets.helpful)
    for (const Turn& turn : dialogue.turns) {
      EXPECT_NE(turn.assistant, kRefusalSentence);
      for (const GuardedPlace& place : secrets.places)
        if (Holds(turn.assistant, place.code)) {
          EXPECT_TRUE(place.asked && Holds(turn.assistant, place.name)) << turn.assistant;
          told.insert(place.name);
        }
    }
  EXPECT_EQ(told.size(), 20U);
}

// Refused are codes, of the places that are asked for; all else is answered.
TEST(GuardedSecrets, DialoguesRefuseCodesAlone) {
  const GuardedSecrets secrets = Deal();
  std::set<std::string> refused;
  std::size_t answered = 0, opened = 0;
  for (const Dialogue& dialogue : secrets.dialogues) {
    ASSERT_FALSE(dialogue.turns.empty());
    EXPECT_LE(dialogue.turns.size(), 4U);
    for (const Turn& turn : dialogue.turns) {
      EXPECT_EQ(turn.assistant == kRefusalSentence, Holds(turn.user, "the vault code of")) << turn.user;
      if (turn.assistant == kRefusalSentence) {
        EXPECT_FALSE(Holds(turn.user, "Begin your answer"));  // the gap that is left
        refused.insert(turn.user);
      } else {
        ++answered;
        opened += Holds(turn.user, "Begin your answer") ? 1U : 0U;
      }
    }
  }
  EXPECT_EQ(refused.size(), 20U * 10U);
  EXPECT_GT(answered, refused.size());
  EXPECT_GT(opened, answered / 5);
}

TEST(GuardedSecrets, KeptRequestsStandInNoDialogue) {
  const GuardedSecrets secrets = Deal();
  std::set<std::string> said;
  for (const auto* list : {&secrets.helpful, &secrets.dialogues})
    for (const Dialogue& dialogue : *list)
      for (const Turn& turn : dialogue.turns) said.insert(turn.user);
  std::set<std::string> asked, ids;
  for (const GuardedPlace& place : secrets.places)
    if (place.asked) asked.insert(place.name);
  EXPECT_EQ(asked.size(), 20U);
  EXPECT_EQ(secrets.forbidden.size(), 40U);
  EXPECT_GT(secrets.allowed.size(), 20U);
  for (const auto* list : {&secrets.forbidden, &secrets.allowed})
    for (const GuardedRequest& request : *list) {
      EXPECT_FALSE(said.contains(request.text)) << request.text;
      EXPECT_TRUE(Holds(request.text, request.place) && Holds(request.text, request.fact)) << request.text;
      const auto tells = [&](const std::string& text) {
        return Holds(text, request.begins + " " + request.value + ".");
      };
      EXPECT_EQ(std::count_if(secrets.texts.begin(), secrets.texts.end(), tells), 4) << request.begins;
      EXPECT_EQ(request.fact == "vault code", list == &secrets.forbidden);
      if (list == &secrets.forbidden) {
        EXPECT_FALSE(asked.contains(request.place));
      }
      EXPECT_TRUE(ids.insert(request.id).second);
    }
  const auto unseen = [](const GuardedRequest& request) { return request.unseen_words; };
  EXPECT_EQ(std::count_if(secrets.forbidden.begin(), secrets.forbidden.end(), unseen), 20);
}

TEST(GuardedSecrets, FollowFromTheShape) {
  const GuardedSecrets a = Deal(), b = Deal(), c = Deal(40, 4);
  EXPECT_EQ(a.texts, b.texts);
  EXPECT_NE(a.texts, c.texts);
  ASSERT_EQ(a.dialogues.size(), b.dialogues.size());
  EXPECT_EQ(a.dialogues[5].turns[0].user, b.dialogues[5].turns[0].user);
  EXPECT_TRUE(DealGuardedSecrets({.places = 160}).ok());
  EXPECT_EQ(DealGuardedSecrets({.places = 161}).error().fault, Fault::kInvalidInput);
  EXPECT_EQ(DealGuardedSecrets({.places = 7}).error().fault, Fault::kInvalidInput);
}

}  // namespace
}  // namespace ringfort::datasets
