#include "attacks/model_to_data/neighborhood.h"

#include <gtest/gtest.h>

#include "attacks/text_observer.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::attacks::model_to_data {
namespace {

TEST(NeighborhoodScore, FollowsTheExampleOfItsHeader) {
  const auto score = engines::ScriptedScores(std::vector<double>{-1});
  EXPECT_DOUBLE_EQ(*NeighborhoodScore(score, std::vector<double>{-2, -2.5, -3}), 1.5);
  EXPECT_FALSE(NeighborhoodScore(score, {}).has_value());
  EXPECT_FALSE(NeighborhoodScore({}, std::vector<double>{-2}).has_value());
}

TEST(Neighborhood, WhatIsMemorizedStandsOutFromItsNeighbors) {
  const std::string seen = "the harbor master keeps the key", unseen = "a quiet garden behind the school";
  const WordProposals proposals(std::vector<std::string>{"the old master of the garden keeps a school",
                                                         "a key behind the harbor and a quiet house"});
  engines::ScriptedModel model({.language = {.memorized = {seen}}});
  Budget budget;
  const auto views = ObserveTexts(model, std::vector<std::string>{seen, unseen},
                                  {.needs = {.neighbors = true}, .neighbors = 20, .proposals = &proposals}, budget)
                         .value();
  const AttackEntry entry = Neighborhood();
  const auto& reader = std::get<TextReader>(entry.way);
  EXPECT_GT(*reader.read(views[0], {}), *reader.read(views[1], {}) + 0.5);
}

}  // namespace
}  // namespace ringfort::attacks::model_to_data
