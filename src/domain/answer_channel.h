#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace ringfort {

// What an endpoint's owner says of its answers, so that a bound can be put on what
// they carry. What is not said is assumed, to the owner's disadvantage: see
// threat_model/answer_capacity.h.
struct AnswerChannel {
  std::optional<double> queries_per_second{};  // answered at most, of all who may ask together; above 0
  std::optional<double> answer_tokens{};       // the most in one answer, its end mark counted; at least 1
  std::optional<double> vocabulary{};          // tokens to choose from; at least 2
  std::optional<double> top_logprobs{};        // scored alternatives shown with each token; 0: no scores
  std::optional<double> score_bits{};          // that one score is shown with; above 0
  std::optional<double> classes{};             // of an endpoint that answers with one label of so many; at least 2

  friend bool operator==(const AnswerChannel&, const AnswerChannel&) = default;
};

// How each is written in `ringfort.toml`, and what it may be.
struct AnswerNumber {
  std::string_view key{};
  std::optional<double> AnswerChannel::*member = nullptr;
  double least = 0;
  double most = 0;
};
inline constexpr std::array<AnswerNumber, 6> kAnswerNumbers = {{
    {"queries_per_second", &AnswerChannel::queries_per_second, 1e-9, 1e9},
    {"answer_tokens", &AnswerChannel::answer_tokens, 1, 1e9},
    {"vocabulary", &AnswerChannel::vocabulary, 2, 1e9},
    {"top_logprobs", &AnswerChannel::top_logprobs, 0, 1e9},
    {"score_bits", &AnswerChannel::score_bits, 1, 64},
    {"classes", &AnswerChannel::classes, 2, 1e9},
}};

}  // namespace ringfort
