#pragma once

#include <string_view>

// A detector turns a text into a number, and that is all: a pure function, which knows of
// no attack and decides nothing. Judges decide.

namespace ringfort {

// The visiting card of a detector: all that a planner, a report or `list` has to know of it.
struct DetectorCard {
  std::string_view name{};       // snake_case, equal to the file's name
  std::string_view goal{};       // an imperative
  std::string_view reference{};  // where it was published
  std::string_view scale{};      // what the score's ends mean
};

// What a module hands to its family's list: one of the two functions. Both are total: any
// bytes are a text, and no score is NaN.
struct DetectorEntry {
  DetectorCard card{};
  double (*score)(std::string_view text) = nullptr;
  // For detectors that look for `reference` in `text`.
  double (*score_against)(std::string_view text, std::string_view reference) = nullptr;
};

}  // namespace ringfort
