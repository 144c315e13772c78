#pragma once

#include <optional>

namespace ringfort {

// What an endpoint's owner says of its answers, so that a bound can be put on what
// they carry. What is not said is not known, and is then assumed to the owner's
// disadvantage (threat_model/answer_capacity.h).
struct AnswerChannel {
  std::optional<double> queries_per_second{};  // answered at most, of all who may ask together; above 0
  std::optional<double> answer_tokens{};       // the most in one answer, its end mark counted; at least 1
  std::optional<double> vocabulary{};          // tokens to choose from; at least 2
  std::optional<double> top_logprobs{};        // scored alternatives shown with each token; 0: no scores
  std::optional<double> score_bits{};          // that one score is shown with; above 0
  std::optional<double> classes{};             // of an endpoint that answers with one label of so many; at least 2

  friend bool operator==(const AnswerChannel&, const AnswerChannel&) = default;
};

}  // namespace ringfort
