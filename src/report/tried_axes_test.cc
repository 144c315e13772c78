#include "report/tried_axes.h"

#include <gtest/gtest.h>

namespace ringfort {
namespace {

SuccessFigure Said(std::string attack, Axis axis, std::uint64_t succeeded, double low, std::string label = "sample") {
  SuccessFigure figure;
  figure.attack = std::move(attack);
  figure.axis = axis;
  figure.label = std::move(label);
  figure.judge = "overlap";
  figure.succeeded = succeeded;
  figure.judged = 8;
  figure.rate = {static_cast<double>(succeeded) / 8, low, 1, Provenance::kMeasured};
  return figure;
}

const TriedAxis& On(const std::array<TriedAxis, 4>& axes, Axis axis) { return axes[static_cast<std::size_t>(axis)]; }

TEST(TriedAxes, CountsEachAttackOnceAndTellsWhatGotFurthest) {
  AttackedModel model;
  model.success = {Said("role_hijack", Axis::kDataToModel, 2, 0.1), Said("many_shot", Axis::kDataToModel, 6, 0.4),
                   Said("many_shot", Axis::kDataToModel, 3, 0.2, "other")};
  SuccessFigure defended = Said("best_of_n", Axis::kDataToModel, 8, 0.7);
  defended.defense = "self_reminder";
  model.success.push_back(defended);
  TakenFigure width;
  width.attack = "hidden_dimension";
  width.outcome = Outcome::kSucceeded;
  width.found = 64;
  model.taken = {width};
  const auto axes = TriedAxes({{model, model}, {}});
  EXPECT_EQ(On(axes, Axis::kDataToModel).attacks, 3u);
  EXPECT_EQ(On(axes, Axis::kDataToModel).furthest, "many_shot, 6 of 8 (sample)") << "not what a defense let through";
  EXPECT_EQ(On(axes, Axis::kModelToModel).furthest, "hidden_dimension, 64 found");
  EXPECT_EQ(On(axes, Axis::kModelToData).attacks, 0u);
  EXPECT_EQ(On(axes, Axis::kModelToData).furthest, "");
}

TEST(TriedAxes, WhatNobodyComparedShowsNothing) {
  AttackedModel model;
  SuccessFigure answered = Said("role_hijack", Axis::kDataToModel, 8, 0.7);
  answered.judge = "refusal";
  SuccessFigure untried = Said("crescendo", Axis::kDataToModel, 0, 0);
  untried.judged = 0;
  model.success = {answered, untried, Said("direct_request", Axis::kDataToModel, 8, 0.7, "benign")};
  MembershipFigure blind;
  blind.attack = "blind_baseline";
  blind.blind = true;
  blind.members = blind.held_out = 10;
  model.membership = {blind};
  const auto axes = TriedAxes({{model}, {}});
  EXPECT_EQ(On(axes, Axis::kDataToModel).attacks, 2u) << "crescendo was never tried";
  EXPECT_EQ(On(axes, Axis::kDataToModel).furthest, "");
  EXPECT_EQ(On(axes, Axis::kModelToData).attacks, 0u) << "the blind baseline asks no model";
}

}  // namespace
}  // namespace ringfort
