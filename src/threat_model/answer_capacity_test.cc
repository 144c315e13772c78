#include "threat_model/answer_capacity.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ringfort {
namespace {

Asset Endpoint(std::optional<AnswerChannel> said = {}) {
  Asset endpoint{"api", AssetKind::kEndpoint, "http://127.0.0.1", "", Verdict::kClean, {}};
  endpoint.answers = said;
  return endpoint;
}

AnswerChannel Text(double queries, double tokens, double vocabulary, double scores) {
  AnswerChannel said;
  said.queries_per_second = queries;
  said.answer_tokens = tokens;
  said.vocabulary = vocabulary;
  said.top_logprobs = scores;
  return said;
}

TEST(AnswerCapacity, ATextIsItsTokens) {
  const AnswerCapacity capacity = CountAnswers(Endpoint(Text(2, 10, 1024, 0)), {});
  EXPECT_DOUBLE_EQ(capacity.bits_per_answer, 100);
  EXPECT_DOUBLE_EQ(capacity.bits_without_scores, 100);
  EXPECT_DOUBLE_EQ(capacity.answers_per_second, 2);
  EXPECT_EQ(capacity.ground, Provenance::kMeasured);
  EXPECT_EQ(capacity.basis,
            "An answer is at most 10 tokens (declared) out of 1024 tokens (declared), no scores (declared); 2 queries "
            "(declared) a second.");
}

TEST(AnswerCapacity, ScoresSayWhichAndHowMuch) {
  AnswerChannel said = Text(1, 10, 1024, 3);
  said.score_bits = 16;
  const AnswerCapacity capacity = CountAnswers(Endpoint(said), {});
  EXPECT_DOUBLE_EQ(capacity.bits_per_answer, 10 * (10 + 3 * (10 + 16)));
  EXPECT_DOUBLE_EQ(capacity.bits_without_scores, 100);
  EXPECT_EQ(capacity.ground, Provenance::kMeasured);
  said.score_bits.reset();
  EXPECT_DOUBLE_EQ(CountAnswers(Endpoint(said), {}).bits_per_answer, 10 * (10 + 3 * (10 + 32)));
  EXPECT_EQ(CountAnswers(Endpoint(said), {}).ground, Provenance::kAssumed);
}

TEST(AnswerCapacity, ALabelIsOneOfItsClasses) {
  AnswerChannel said;
  said.classes = 8;
  said.top_logprobs = 0;
  said.queries_per_second = 1;
  EXPECT_DOUBLE_EQ(CountAnswers(Endpoint(said), {}).bits_per_answer, 3);
  EXPECT_EQ(CountAnswers(Endpoint(said), {}).ground, Provenance::kMeasured);
  // A score for each label, and no more than there are labels.
  said.top_logprobs = 100;
  const AnswerCapacity scored = CountAnswers(Endpoint(said), {});
  EXPECT_DOUBLE_EQ(scored.bits_per_answer, 3 + 8 * (3 + 32));
  EXPECT_DOUBLE_EQ(scored.bits_without_scores, 3);
}

// No more is counted than there are different answers: by brute force over all texts
// of at most three tokens, where the end mark is one of the four symbols.
TEST(AnswerCapacity, CountsEveryText) {
  double texts = 0;
  for (int length = 0; length < 3; ++length) texts += std::pow(3, length);  // then the end mark
  texts += std::pow(3, 3);                                                  // cut off at three
  EXPECT_GE(CountAnswers(Endpoint(Text(1, 3, 4, 0)), {}).bits_per_answer, std::log2(texts));
}

TEST(AnswerCapacity, WhatNobodySaysIsAssumed) {
  const AnswerCapacity capacity = CountAnswers(Endpoint(), {});
  EXPECT_DOUBLE_EQ(capacity.bits_per_answer, 4096 * (18 + 20 * (18 + 32)));
  EXPECT_DOUBLE_EQ(capacity.answers_per_second, kAssumedQueriesPerSecond);
  EXPECT_EQ(capacity.ground, Provenance::kAssumed);
}

TEST(AnswerCapacity, AVocabularyIsReadFromTheModels) {
  AnswerChannel said = Text(1, 10, 0, 0);
  said.vocabulary.reset();
  const std::vector<AssetFacts> known = {{"a", 0, 256}, {"b", 0, 1024}};
  const AnswerCapacity capacity = CountAnswers(Endpoint(said), known);
  EXPECT_DOUBLE_EQ(capacity.bits_per_answer, 100);
  EXPECT_EQ(capacity.ground, Provenance::kMeasured);
  EXPECT_NE(capacity.basis.find("1024 tokens (read from the model)"), std::string::npos) << capacity.basis;
  const std::vector<AssetFacts> half_known = {{"a", 0, 256}, {"b", 0, 0}};
  EXPECT_DOUBLE_EQ(CountAnswers(Endpoint(said), half_known).bits_per_answer, 180) << "the other one may be larger";
  said.vocabulary = 4;
  EXPECT_DOUBLE_EQ(CountAnswers(Endpoint(said), known).bits_per_answer, 20) << "the owner's word goes first";
}

TEST(AnswerCapacity, AMeasurementStandsInPlaceOfTheBound) {
  const std::vector<MeasuredCapacity> measured = {{"api", "corpus", 0.25, 1000, "membership inference"},
                                                  {"api", "corpus", 0.5, 200, "extraction"},
                                                  {"api", "weights", 9, 10, "model extraction"},
                                                  {"other", "", 99, 10, "extraction"}};
  const Asset endpoint = Endpoint(Text(2, 10, 1024, 0));
  const AnswerCapacity corpus = CountAnswers(endpoint, {}, "corpus", measured);
  EXPECT_DOUBLE_EQ(corpus.bits_per_answer, 0.5) << "the attack that takes the most";
  EXPECT_DOUBLE_EQ(corpus.answers_per_second, 2);
  EXPECT_EQ(corpus.basis,
            "Measured by extraction on 200 queries, where 100 bits an answer were possible; 2 queries (declared) a "
            "second.");
  EXPECT_DOUBLE_EQ(CountAnswers(endpoint, {}, "nothing measured", measured).bits_per_answer, 100);
  const AnswerCapacity unlimited = CountAnswers(Endpoint(), {}, "corpus", measured);
  EXPECT_EQ(unlimited.ground, Provenance::kAssumed) << "how often it may be asked nobody has said";
}

}  // namespace
}  // namespace ringfort
