#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "defenses/defense.h"
#include "watermarks/mark_evidence.h"

// What the tests of the marks share: answers of a made-up model.

namespace ringfort::defenses::data_to_data {

inline std::unique_ptr<const watermarks::MarkingScheme> Scheme(const watermarks::SchemeRule& rule) {
  return std::move(watermarks::MarkingScheme::Make(rule)).value();
}

inline std::unique_ptr<engines::Model> Marked(const DefenseEntry& entry, engines::Model& bare,
                                              const Settings::Given& given = {}) {
  const auto settings = Settings::Checked(entry.card.settings, given);
  EXPECT_TRUE(settings.ok()) << settings.error().what;
  return std::get<WrapModel>(entry.way)(bare, settings.value(), {});
}

// Answers of 100 tokens, cut anew as one who has only the text would.
inline std::vector<std::vector<engines::Token>> Told(engines::Model& cuts, engines::Model& speaks, std::size_t count,
                                                     double temperature) {
  std::vector<std::vector<engines::Token>> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const auto answer = speaks.Generate({.prompt = "tell " + std::to_string(i * 37),
                                         .maximum_tokens = 100,
                                         .temperature = temperature,
                                         .seed = 100 * i + 1});
    EXPECT_TRUE(answer.ok()) << answer.error().what;
    if (answer.ok()) texts.push_back(cuts.Tokenize(answer.value().text).value());
  }
  return texts;
}

}  // namespace ringfort::defenses::data_to_data
