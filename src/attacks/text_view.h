#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/model.h"

// What was seen of a text. Asking the model is what costs; so each text is scored once,
// by text_observer.h, and every membership attack reads the same view.

namespace ringfort::attacks {

// What an attack needs beside the text's own score. A runner asks for the union.
struct ViewNeeds {
  bool moments = false;      // of the next-token distributions, in the text's own score
  bool lowercase = false;    // score of the text in lower case
  bool reference = false;    // score by another model
  bool conditioned = false;  // score of the text behind a prefix
  bool neighbors = false;    // mean scores of texts like it

  constexpr ViewNeeds Union(const ViewNeeds& other) const {
    return {moments || other.moments, lowercase || other.lowercase, reference || other.reference,
            conditioned || other.conditioned, neighbors || other.neighbors};
  }
  friend constexpr bool operator==(const ViewNeeds&, const ViewNeeds&) = default;
};

struct TextView {
  std::string text{};
  engines::TextScore score{};                       // by the target
  std::optional<engines::TextScore> lowercase{};    // by the target, of the text in lower case (ASCII letters)
  std::optional<engines::TextScore> reference{};    // by the reference model
  std::optional<engines::TextScore> conditioned{};  // by the target, of the text's own tokens behind a prefix
  std::vector<double> neighbors{};                  // by the target: mean log-probability a token of each neighbor
};

// A text whose truth is known.
struct LabeledView {
  TextView view{};
  bool member = false;
  std::string_view model{};  // which model saw it; a shadow's name, empty for the target
};

}  // namespace ringfort::attacks
