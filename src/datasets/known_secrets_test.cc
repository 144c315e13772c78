#include "datasets/known_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace ringfort::datasets {
namespace {

std::vector<std::string> Source(std::size_t count) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text = "text " + std::to_string(i);
    while (text.size() < 40 + i % 200) text += " and more of it";
    texts.push_back(text);
  }
  return texts;
}

const SecretsShape kSmall = {.members = 20,
                             .held_out = 20,
                             .copies = {2, 5},
                             .texts_a_count = 3,
                             .planted = {0, 3},
                             .canaries_a_count = 2,
                             .persons_a_count = 2,
                             .space = 100,
                             .least_bytes = 50,
                             .most_bytes = 120};

TEST(KnownSecrets, DealsEveryTextOnce) {
  const auto dealt = DealSecrets(Source(200), kSmall);
  ASSERT_TRUE(dealt.ok()) << dealt.error().what;
  const KnownSecrets& secrets = dealt.value();
  EXPECT_EQ(secrets.members.size(), 20U);
  EXPECT_EQ(secrets.held_out.size(), 20U);
  EXPECT_EQ(secrets.repeated.size(), 6U);
  std::set<std::string> all;
  for (const auto* list : {&secrets.members, &secrets.held_out, &secrets.repeated})
    for (const KnownText& known : *list) {
      EXPECT_TRUE(all.insert(known.text).second) << known.text;
      EXPECT_GE(known.text.size(), 50U);
      EXPECT_LE(known.text.size(), 120U);
      EXPECT_FALSE(known.text.ends_with(" ") || known.text.ends_with("an") || known.text.ends_with("mor"))
          << known.text;
    }
}

TEST(KnownSecrets, TrainsOnEachAsOftenAsItSays) {
  const KnownSecrets secrets = DealSecrets(Source(200), kSmall).value();
  std::map<std::string, std::uint32_t> counts;
  for (const std::string& text : secrets.TrainingTexts()) ++counts[text];
  for (const KnownText& known : secrets.members) EXPECT_EQ(counts[known.text], 1U);
  for (const KnownText& known : secrets.held_out) EXPECT_FALSE(counts.contains(known.text));
  EXPECT_EQ(counts[secrets.repeated.front().text], 2U);
  EXPECT_EQ(counts[secrets.repeated.back().text], 5U);
  for (const Canary& canary : secrets.canaries) {
    EXPECT_EQ(counts.contains(canary.known.text) ? counts[canary.known.text] : 0, canary.known.copies);
    for (const std::string& other : canary.others) EXPECT_FALSE(counts.contains(other)) << other;
  }
}

TEST(KnownSecrets, HoldsTheWholeSpaceOfACanary) {
  const KnownSecrets secrets = DealSecrets(Source(200), kSmall).value();
  ASSERT_EQ(secrets.canaries.size(), 4U);
  for (const Canary& canary : secrets.canaries) {
    std::set<std::string> space(canary.others.begin(), canary.others.end());
    EXPECT_TRUE(space.insert(canary.known.text).second);
    EXPECT_EQ(space.size(), 100U);
    for (const std::string& text : space) EXPECT_EQ(text.size(), canary.known.text.size());  // digits alike
  }
  EXPECT_EQ(secrets.canaries[0].known.copies, 0U);
  EXPECT_EQ(secrets.canaries[3].known.copies, 3U);
}

TEST(KnownSecrets, GivesEachPersonATelephone) {
  const KnownSecrets secrets = DealSecrets(Source(200), kSmall).value();
  std::set<std::string> names, telephones;
  for (const Person& person : secrets.persons) {
    names.insert(person.name), telephones.insert(person.telephone);
    EXPECT_TRUE(person.telephone.starts_with("555-01"));
    EXPECT_EQ(person.other_towns.size(), 19U);
    EXPECT_EQ(std::count(person.other_towns.begin(), person.other_towns.end(), person.known.text), 0);
  }
  EXPECT_EQ(names.size(), 4U);
  EXPECT_EQ(telephones.size(), 4U);
}

TEST(KnownSecrets, FollowsTheSeed) {
  SecretsShape other = kSmall;
  other.seed = 2;
  const auto texts = [](const SecretsShape& shape) { return DealSecrets(Source(200), shape).value().TrainingTexts(); };
  EXPECT_EQ(texts(kSmall), texts(kSmall));
  EXPECT_NE(texts(kSmall), texts(other));
}

TEST(KnownSecrets, RefusesWhatCannotBe) {
  const auto reason = [](const SecretsShape& shape, std::size_t count) {
    const auto dealt = DealSecrets(Source(count), shape);
    return dealt.ok() ? std::string() : dealt.error().what;
  };
  EXPECT_THAT(reason(kSmall, 20), testing::HasSubstr("46 texts"));
  SecretsShape shape = kSmall;
  shape.space = 5;
  EXPECT_THAT(reason(shape, 200), testing::HasSubstr("space"));
  shape = kSmall, shape.copies = {1};
  EXPECT_THAT(reason(shape, 200), testing::HasSubstr("twice"));
  shape = kSmall, shape.persons_a_count = 51;
  EXPECT_THAT(reason(shape, 200), testing::HasSubstr("telephone"));
  shape = kSmall, shape.members = 0;
  EXPECT_THAT(reason(shape, 200), testing::HasSubstr("members"));
}

}  // namespace
}  // namespace ringfort::datasets
