#include "conformance/model_conformance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace ringfort::engines {

void ModelConformance::SetUp() {
  model_ = GetParam().make();
  if (!model_) GTEST_SKIP() << GetParam().absent;
  ASSERT_TRUE(model_->Gives().Has(GetParam().gives)) << "lacks " << GetParam().gives.Without(model_->Gives()).Names();
}

bool ModelConformance::Lacks(Abilities needed) { return !model_->Gives().Has(needed); }

#define SKIP_WITHOUT(...)                                  \
  if (const Abilities needed = __VA_ARGS__; Lacks(needed)) \
  GTEST_SKIP() << "does not give " << needed.Without(model_->Gives()).Names()

std::vector<Token> ModelConformance::Tokens(const std::string& text) {
  const auto tokens = model_->Tokenize(text);
  EXPECT_TRUE(tokens.ok()) << tokens.error().what;
  return tokens.ok() ? tokens.value() : std::vector<Token>{};
}

Generation ModelConformance::Greedy(const std::string& prompt, std::uint32_t maximum_tokens) {
  GenerateRequest request;
  request.prompt = prompt;
  request.maximum_tokens = maximum_tokens;
  const auto generation = model_->Generate(request);
  EXPECT_TRUE(generation.ok()) << generation.error().what;
  return generation.ok() ? generation.value() : Generation{};
}

namespace {

const std::vector<std::string> kTexts = {"Once upon a time there was a little dog.", "a", "",
                                         "The big red ball. The big red ball."};
constexpr const char* kPrompt = "Once upon a time";

// The distribution behind a row of logits, in plain arithmetic.
std::vector<double> Normalized(std::span<const float> logits) {
  std::vector<double> row(logits.begin(), logits.end());
  const double greatest = *std::max_element(row.begin(), row.end());
  double sum = 0;
  for (const double logit : row) sum += std::exp(logit - greatest);
  for (double& logit : row) logit -= greatest + std::log(sum);
  return row;
}

template <class T>
void ExpectFault(const Result<T>& result, Fault fault, const char* what) {
  ASSERT_FALSE(result.ok()) << what;
  EXPECT_EQ(result.error().fault, fault) << what << ": " << result.error().what;
  EXPECT_FALSE(result.error().what.empty()) << what;
}

void ExpectSame(const std::vector<TextScore>& got, const std::vector<TextScore>& wanted, double tolerance) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i].tokens.size(), wanted[i].tokens.size()) << "text " << i;
    for (std::size_t j = 0; j < got[i].tokens.size(); ++j) {
      EXPECT_EQ(got[i].tokens[j].token, wanted[i].tokens[j].token);
      EXPECT_NEAR(got[i].tokens[j].log_probability, wanted[i].tokens[j].log_probability, tolerance);
    }
  }
}

std::string Joined(const Generation& generation) {
  std::string text;
  for (const GeneratedToken& token : generation.tokens) text += token.text;
  return text;
}

TEST_P(ModelConformance, SaysWhoItIs) {
  EXPECT_FALSE(model_->Facts().engine.empty());
  EXPECT_FALSE(model_->Facts().name.empty());
  EXPECT_EQ(model_->Used().queries, 0U);
}

TEST_P(ModelConformance, WhatItDoesNotGiveIsUnsupported) {
  const Abilities gives = model_->Gives();
  const std::vector<Token> tokens = {1};
  const auto unless = [&](Ability ability, const auto& result) {
    if (!gives.Has(ability)) ExpectFault(result, Fault::kUnsupported, Name(ability).data());
  };
  unless(Ability::kTokens, model_->Tokenize("a"));
  unless(Ability::kTokens, model_->Detokenize(tokens));
  unless(Ability::kScores, model_->Score(kTexts));
  unless(Ability::kMoments, model_->Score(kTexts, true));
  unless(Ability::kLogits, model_->Logits(tokens));
  unless(Ability::kEmbeddings, model_->Embed(kTexts));
  unless(Ability::kHiddenStates, model_->HiddenStates(tokens));
  unless(Ability::kAdapters, model_->UseAdapter("absent.gguf", 1));
  GenerateRequest request{.prompt = kPrompt, .maximum_tokens = 1};
  unless(Ability::kGenerate, model_->Generate(request));
  GenerateRequest biased = request;
  biased.logit_bias = {{1, 5}};
  unless(Ability::kLogitBias, model_->Generate(biased));
  GenerateRequest alternatives = request;
  alternatives.top_alternatives = 2;
  unless(Ability::kTopAlternatives, model_->Generate(alternatives));
  GenerateRequest chat{.messages = {{"user", "Hello"}}, .maximum_tokens = 1};
  unless(Ability::kChat, model_->Generate(chat));
}

TEST_P(ModelConformance, TokensBecomeTheTextAgain) {
  SKIP_WITHOUT({Ability::kTokens});
  EXPECT_TRUE(Tokens("").empty());
  for (const std::string& text : kTexts) {
    const auto back = model_->Detokenize(Tokens(text));
    ASSERT_TRUE(back.ok()) << back.error().what;
    // Some tokenizers put a space before a text.
    EXPECT_EQ(back.value().substr(back.value().size() - std::min(text.size(), back.value().size())), text);
    EXPECT_LE(back.value().size(), text.size() + 1);
  }
}

TEST_P(ModelConformance, AWrongTokenIsInvalid) {
  if (model_->Gives().Has(Ability::kTokens)) {
    ExpectFault(model_->Detokenize(std::vector<Token>{-7}), Fault::kInvalidInput, "Detokenize(-7)");
    ExpectFault(model_->Detokenize(std::vector<Token>{std::numeric_limits<Token>::max()}), Fault::kInvalidInput,
                "Detokenize(huge)");
  }
  if (model_->Gives().Has(Ability::kLogits)) {
    const auto past = static_cast<Token>(model_->Facts().vocabulary);
    ExpectFault(model_->Logits(std::vector<Token>{-1}), Fault::kInvalidInput, "Logits(-1)");
    ExpectFault(model_->Logits(std::vector<Token>{1, past}), Fault::kInvalidInput, "Logits(vocabulary)");
  }
  if (model_->Gives().Has(Ability::kHiddenStates)) {
    ExpectFault(model_->HiddenStates(std::vector<Token>{-1}), Fault::kInvalidInput, "HiddenStates(-1)");
  }
  if (model_->Gives().Has({Ability::kGenerate, Ability::kLogitBias})) {
    GenerateRequest request{.prompt = kPrompt, .maximum_tokens = 1, .logit_bias = {{-3, 1}}};
    ExpectFault(model_->Generate(request), Fault::kInvalidInput, "bias on -3");
  }
}

TEST_P(ModelConformance, ScoresEachTextInOrder) {
  SKIP_WITHOUT({Ability::kScores});
  const auto all = model_->Score(kTexts);
  ASSERT_TRUE(all.ok()) << all.error().what;
  ASSERT_EQ(all.value().size(), kTexts.size());
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    const TextScore& score = all.value()[i];
    EXPECT_FALSE(score.cut);
    for (const TokenScore& token : score.tokens) {
      EXPECT_LE(token.log_probability, 1e-6) << token.text;
      EXPECT_TRUE(std::isfinite(token.log_probability));
    }
    // Alone it is what it is among others.
    const auto alone = model_->Score(std::span(kTexts).subspan(i, 1));
    ASSERT_TRUE(alone.ok()) << alone.error().what;
    ExpectSame(alone.value(), {score}, tolerance());
  }
  EXPECT_TRUE(all.value()[2].tokens.empty()) << "an empty text has no tokens";
  EXPECT_GT(all.value()[0].tokens.size(), 3U);
  EXPECT_LT(all.value()[0].Sum(), 0);
  EXPECT_TRUE(model_->Score({}).ok());
  EXPECT_TRUE(model_->Score({}).value().empty());
}

TEST_P(ModelConformance, ScoresTheSameTwice) {
  SKIP_WITHOUT({Ability::kScores});
  const auto first = model_->Score(kTexts);
  const auto second = model_->Score(kTexts);
  ASSERT_TRUE(first.ok() && second.ok());
  ExpectSame(second.value(), first.value(), 0);
}

TEST_P(ModelConformance, ScoresTheTokensOfTheText) {
  SKIP_WITHOUT({Ability::kScores, Ability::kTokens});
  const auto scores = model_->Score(kTexts);
  ASSERT_TRUE(scores.ok());
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    const auto tokens = Tokens(kTexts[i]);
    const auto& scored = scores.value()[i].tokens;
    // All of them, or all but the first where there is no begin token.
    ASSERT_LE(scored.size(), tokens.size());
    ASSERT_GE(scored.size() + 1, tokens.size());
    for (std::size_t j = 0; j < scored.size(); ++j) {
      if (scored[j].token == kNoToken) continue;
      EXPECT_EQ(scored[j].token, tokens[tokens.size() - scored.size() + j]);
    }
  }
}

TEST_P(ModelConformance, ScoresAndLogitsAgree) {
  SKIP_WITHOUT({Ability::kScores, Ability::kTokens, Ability::kLogits});
  const bool moments = model_->Gives().Has(Ability::kMoments);
  const auto scores = model_->Score(kTexts, moments);
  ASSERT_TRUE(scores.ok()) << scores.error().what;
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    const auto tokens = Tokens(kTexts[i]);
    if (tokens.size() < 2) continue;
    const auto logits = model_->Logits(tokens);
    ASSERT_TRUE(logits.ok()) << logits.error().what;
    ASSERT_EQ(logits.value().rows, tokens.size());
    ASSERT_EQ(logits.value().columns, model_->Facts().vocabulary);
    ASSERT_EQ(logits.value().values.size(), logits.value().rows * logits.value().columns);
    const auto& scored = scores.value()[i].tokens;
    const std::size_t unscored = tokens.size() - scored.size();
    for (std::size_t j = 1; j < tokens.size(); ++j) {
      const auto row = Normalized(logits.value().Row(j - 1));
      const TokenScore& score = scored[j - unscored];
      EXPECT_NEAR(score.log_probability, row[static_cast<std::size_t>(tokens[j])], tolerance()) << "token " << j;
      if (!moments) continue;
      double mean = 0, square = 0;
      for (const double value : row) {
        mean += std::exp(value) * value;
        square += std::exp(value) * value * value;
      }
      ASSERT_TRUE(score.expected_log_probability && score.log_probability_variance);
      EXPECT_NEAR(*score.expected_log_probability, mean, tolerance()) << "token " << j;
      EXPECT_NEAR(*score.log_probability_variance, square - mean * mean, 10 * tolerance() * (1 + mean * mean))
          << "token " << j;
    }
  }
}

TEST_P(ModelConformance, MomentsComeOnlyWhenAsked) {
  SKIP_WITHOUT({Ability::kScores, Ability::kMoments});
  const auto plain = model_->Score(kTexts, false);
  const auto with = model_->Score(kTexts, true);
  ASSERT_TRUE(plain.ok() && with.ok());
  ExpectSame(with.value(), plain.value(), tolerance());
  EXPECT_FALSE(plain.value()[0].tokens[0].expected_log_probability);
  for (const TokenScore& token : with.value()[0].tokens) {
    ASSERT_TRUE(token.expected_log_probability && token.log_probability_variance);
    EXPECT_LE(*token.expected_log_probability, 1e-6);
    EXPECT_GE(*token.log_probability_variance, 0);
  }
}

TEST_P(ModelConformance, WhatComesLaterDoesNotChangeTheLogits) {
  SKIP_WITHOUT({Ability::kTokens, Ability::kLogits, Ability::kGenerate});
  const auto tokens = Tokens(kTexts[0]);
  const auto whole = model_->Logits(tokens);
  const auto half = model_->Logits(std::span(tokens).first(tokens.size() / 2));
  ASSERT_TRUE(whole.ok() && half.ok());
  for (std::size_t i = 0; i < half.value().values.size(); ++i) {
    ASSERT_NEAR(half.value().values[i], whole.value().values[i], tolerance()) << "value " << i;
  }
}

TEST_P(ModelConformance, ATextLongerThanTheContextIsCut) {
  SKIP_WITHOUT({Ability::kScores});
  const std::uint32_t context = model_->Facts().context;
  if (context == 0 || context > 4096) GTEST_SKIP() << "the context is " << context << " tokens";
  std::string text;
  std::uint32_t state = 7;
  while (text.size() < std::size_t{context} * 6 + 64) {
    state = state * 1664525 + 1013904223;
    text += static_cast<char>('a' + (state >> 24) % 26);
    if (state % 5 == 0) text += ' ';
  }
  const std::vector<std::string> texts = {text, kTexts[0]};
  const auto scores = model_->Score(texts);
  ASSERT_TRUE(scores.ok()) << scores.error().what;
  EXPECT_TRUE(scores.value()[0].cut);
  EXPECT_LE(scores.value()[0].tokens.size(), context);
  EXPECT_GE(scores.value()[0].tokens.size(), context / 2);
  EXPECT_FALSE(scores.value()[1].cut);
  if (model_->Gives().Has({Ability::kTokens, Ability::kLogits})) {
    const auto tokens = Tokens(text);
    const auto logits = model_->Logits(tokens);
    ASSERT_FALSE(logits.ok()) << "more tokens than the context holds";
    EXPECT_TRUE(logits.error().fault == Fault::kLimitExceeded || logits.error().fault == Fault::kInvalidInput);
  }
}

TEST_P(ModelConformance, NoTextBreaksIt) {
  for (const std::string& text : {std::string("\xFF\xFE"), std::string("a\0b", 3), std::string("\xE2\x82"),
                                  std::string("\xF0\x9F\x90\x95 \xE2\x82\xAC"), std::string("</s><|im_end|>")}) {
    const std::vector<std::string> texts = {text};
    if (model_->Gives().Has(Ability::kTokens)) {
      if (const auto result = model_->Tokenize(text); !result.ok()) {
        EXPECT_EQ(result.error().fault, Fault::kInvalidInput) << result.error().what;
      }
    }
    if (model_->Gives().Has(Ability::kScores)) {
      if (const auto result = model_->Score(texts); !result.ok()) {
        EXPECT_EQ(result.error().fault, Fault::kInvalidInput) << result.error().what;
      }
    }
    if (model_->Gives().Has(Ability::kGenerate)) {
      const GenerateRequest request{.prompt = text, .maximum_tokens = 2};
      if (const auto result = model_->Generate(request); !result.ok()) {
        EXPECT_EQ(result.error().fault, Fault::kInvalidInput) << result.error().what;
      }
    }
  }
}

TEST_P(ModelConformance, TheLikeliestTokenIsThatOfTheLogits) {
  SKIP_WITHOUT({Ability::kTokens, Ability::kLogits, Ability::kGenerate});
  const Generation generation = Greedy(kPrompt, 6);
  ASSERT_FALSE(generation.tokens.empty());
  auto tokens = Tokens(kPrompt);
  for (const GeneratedToken& generated : generation.tokens) {
    const auto logits = model_->Logits(tokens);
    ASSERT_TRUE(logits.ok()) << logits.error().what;
    const auto row = Normalized(logits.value().Row(tokens.size() - 1));
    ASSERT_GE(generated.token, 0);
    ASSERT_LT(static_cast<std::size_t>(generated.token), row.size());
    const double best = *std::max_element(row.begin(), row.end());
    // Two tokens may be as good as equal.
    EXPECT_NEAR(row[static_cast<std::size_t>(generated.token)], best, tolerance());
    EXPECT_NEAR(generated.log_probability, row[static_cast<std::size_t>(generated.token)], tolerance());
    tokens.push_back(generated.token);
  }
}

TEST_P(ModelConformance, KeepsToTheLength) {
  SKIP_WITHOUT({Ability::kGenerate});
  for (const std::uint32_t length : {1U, 5U}) {
    const Generation generation = Greedy(kPrompt, length);
    EXPECT_LE(generation.tokens.size(), length);
    if (generation.tokens.size() == length) {
      EXPECT_EQ(Joined(generation).find(generation.text), 0U) << "the text is what the tokens spell";
    }
  }
  EXPECT_EQ(Greedy(kPrompt, 5).text.find(Greedy(kPrompt, 2).text), 0U);
}

TEST_P(ModelConformance, WithoutTemperatureNoSeedMatters) {
  SKIP_WITHOUT({Ability::kGenerate});
  GenerateRequest request{.prompt = kPrompt, .maximum_tokens = 8};
  const std::string wanted = Greedy(kPrompt, 8).text;
  for (const std::uint64_t seed : {1U, 2U, 99U}) {
    request.seed = seed;
    EXPECT_EQ(model_->Generate(request).value().text, wanted);
  }
}

TEST_P(ModelConformance, ASeedRepeatsAndAnotherDiffers) {
  SKIP_WITHOUT({Ability::kGenerate});
  GenerateRequest request{.prompt = kPrompt, .maximum_tokens = 12, .temperature = 1.2};
  std::vector<std::string> texts;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    request.seed = seed;
    const auto first = model_->Generate(request);
    const auto second = model_->Generate(request);
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_EQ(first.value().text, second.value().text);
    texts.push_back(first.value().text);
  }
  EXPECT_NE(std::count(texts.begin(), texts.end(), texts[0]), 5) << "five seeds, one text";
}

TEST_P(ModelConformance, OneCandidateLeavesNoChoice) {
  SKIP_WITHOUT({Ability::kGenerate});
  const std::string wanted = Greedy(kPrompt, 8).text;
  GenerateRequest narrow{.prompt = kPrompt, .maximum_tokens = 8, .temperature = 1.5, .top_k = 1};
  const auto one = model_->Generate(narrow);
  if (one.ok()) {
    EXPECT_EQ(one.value().text, wanted);
  } else {
    EXPECT_EQ(one.error().fault, Fault::kUnsupported) << one.error().what;
  }
  narrow.top_k = 0;
  narrow.top_p = 1e-6;
  const auto least = model_->Generate(narrow);
  ASSERT_TRUE(least.ok()) << least.error().what;
  EXPECT_EQ(least.value().text, wanted);
}

TEST_P(ModelConformance, EndsBeforeAStopText) {
  SKIP_WITHOUT({Ability::kGenerate});
  const std::string whole = Greedy(kPrompt, 24).text;
  ASSERT_GE(whole.size(), 4U);
  const std::string stop = whole.substr(whole.size() / 2, 2);
  const GenerateRequest request{.prompt = kPrompt, .maximum_tokens = 24, .stop = {"\x01never\x01", stop}};
  const auto stopped = model_->Generate(request);
  ASSERT_TRUE(stopped.ok()) << stopped.error().what;
  EXPECT_EQ(stopped.value().text, whole.substr(0, whole.find(stop)));
  EXPECT_EQ(stopped.value().finish, FinishReason::kStop);
}

TEST_P(ModelConformance, ABiasForcesAndForbids) {
  SKIP_WITHOUT({Ability::kGenerate, Ability::kLogitBias, Ability::kTokens});
  const Token wanted = Tokens("The big red ball").back();
  GenerateRequest request{.prompt = kPrompt, .maximum_tokens = 1, .logit_bias = {{wanted, 100}}};
  const auto forced = model_->Generate(request);
  ASSERT_TRUE(forced.ok()) << forced.error().what;
  ASSERT_EQ(forced.value().tokens.size(), 1U);
  const GeneratedToken& token = forced.value().tokens[0];
  const auto text = model_->Detokenize(std::span(&wanted, 1));
  ASSERT_TRUE(text.ok());
  if (token.token == kNoToken) {
    EXPECT_EQ(token.text, text.value());
  } else {
    EXPECT_EQ(token.token, wanted);
  }
  EXPECT_NEAR(token.log_probability, 0, 1e-3) << "after the bias it is all but certain";
  request.logit_bias[0].bias = -100;
  const auto forbidden = model_->Generate(request);
  ASSERT_TRUE(forbidden.ok() && !forbidden.value().tokens.empty());
  EXPECT_NE(forbidden.value().tokens[0].text, text.value());
}

// Leaves one token only, and keeps what it was told.
class OneTokenEditor final : public LogitsEditor {
 public:
  explicit OneTokenEditor(Token wanted) : wanted_(wanted) {}
  void Edit(std::span<const Token> before, std::span<float> logits) override {
    before_.assign(before.begin(), before.end());
    for (std::size_t i = 0; i < logits.size(); ++i)
      if (i != static_cast<std::size_t>(wanted_)) logits[i] = -std::numeric_limits<float>::infinity();
    ++calls_;
  }

  std::vector<Token> before_{};
  int calls_ = 0;

 private:
  Token wanted_;
};

TEST_P(ModelConformance, AnEditorStandsBeforeEachChoice) {
  SKIP_WITHOUT({Ability::kGenerate, Ability::kLogits, Ability::kTokens});
  const std::vector<Token> prompt = Tokens(kPrompt);
  OneTokenEditor editor(Tokens("The big red ball").back());
  const auto edited =
      model_->Generate({.prompt = kPrompt, .maximum_tokens = 3, .temperature = 1, .seed = 5, .editor = &editor});
  ASSERT_TRUE(edited.ok()) << edited.error().what;
  ASSERT_EQ(edited.value().tokens.size(), 3U);
  const Token wanted = edited.value().tokens[0].token;
  for (const GeneratedToken& token : edited.value().tokens) {
    EXPECT_EQ(token.token, wanted);
    EXPECT_NEAR(token.log_probability, 0, 1e-6);
  }
  EXPECT_EQ(editor.calls_, 3);
  // The prompt, and the two tokens that were there when the third was chosen.
  ASSERT_GE(editor.before_.size(), prompt.size() + 2);
  EXPECT_TRUE(std::equal(prompt.begin(), prompt.end(), editor.before_.end() - 2 - static_cast<long>(prompt.size())));
  EXPECT_EQ(editor.before_.back(), wanted);
}

TEST_P(ModelConformance, AWatcherSeesEachTokenAndMayEndIt) {
  SKIP_WITHOUT({Ability::kGenerate});
  if (model_->Facts().engine == "http") GTEST_SKIP() << "an endpoint is not watched";
  class Counting final : public Watcher {
   public:
    bool GoesOn() override { return seen.size() < most; }
    void See(const GeneratedToken& token) override { seen.push_back(token.text); }
    std::vector<std::string> seen{};
    std::size_t most = 100;
  };
  Counting watcher;
  model_->LetWatch(&watcher);
  const GenerateRequest request{.prompt = "The fort", .maximum_tokens = 8, .temperature = 1, .seed = 4};
  const auto whole = model_->Generate(request);
  ASSERT_TRUE(whole.ok()) << whole.error().what;
  ASSERT_EQ(watcher.seen.size(), whole.value().tokens.size());
  for (std::size_t i = 0; i < watcher.seen.size(); ++i) EXPECT_EQ(watcher.seen[i], whole.value().tokens[i].text);
  const std::vector<std::string> all = std::exchange(watcher.seen, {});
  watcher.most = 3;
  if (all.size() > 3) {
    const auto ended = model_->Generate(request);
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().what, Stopped().what);
    EXPECT_EQ(watcher.seen, std::vector<std::string>(all.begin(), all.begin() + 3));
  }
  watcher.most = 0;  // before anything is computed, or within it
  const std::vector<std::string> texts = {"The fort stands"};
  if (model_->Gives().Has(Ability::kScores)) {
    EXPECT_EQ(model_->Score(texts).error().what, Stopped().what);
  }
  if (model_->Gives().Has(Ability::kEmbeddings)) {
    EXPECT_EQ(model_->Embed(texts).error().what, Stopped().what);
  }
  model_->LetWatch(nullptr);
  EXPECT_EQ(model_->Generate(request).value().text, whole.value().text);  // it can be asked again
}

TEST_P(ModelConformance, AlternativesAreSortedAndHoldTheLikeliest) {
  SKIP_WITHOUT({Ability::kGenerate, Ability::kTopAlternatives});
  const GenerateRequest request{.prompt = kPrompt, .maximum_tokens = 6, .top_alternatives = 4};
  const auto generation = model_->Generate(request);
  ASSERT_TRUE(generation.ok()) << generation.error().what;
  ASSERT_FALSE(generation.value().tokens.empty());
  EXPECT_EQ(generation.value().text, Greedy(kPrompt, 6).text) << "asking for them changes nothing";
  for (const GeneratedToken& token : generation.value().tokens) {
    ASSERT_GE(token.alternatives.size(), 2U);
    EXPECT_LE(token.alternatives.size(), 4U);
    double mass = 0;
    for (std::size_t i = 0; i < token.alternatives.size(); ++i) {
      const Alternative& alternative = token.alternatives[i];
      EXPECT_LE(alternative.log_probability, i == 0 ? 1e-6 : token.alternatives[i - 1].log_probability + 1e-9);
      mass += std::exp(alternative.log_probability);
    }
    EXPECT_LE(mass, 1 + 1e-3);
    EXPECT_NEAR(token.alternatives[0].log_probability, token.log_probability, tolerance());
    EXPECT_TRUE(std::any_of(token.alternatives.begin(), token.alternatives.end(), [&](const Alternative& other) {
      return other.text == token.text;
    })) << token.text;
  }
}

TEST_P(ModelConformance, AnswersMessages) {
  SKIP_WITHOUT({Ability::kChat});
  const GenerateRequest request{.messages = {{"system", "Be brief."}, {"user", "Tell me of a dog."}},
                                .maximum_tokens = 8};
  const auto first = model_->Generate(request);
  const auto second = model_->Generate(request);
  ASSERT_TRUE(first.ok() && second.ok()) << first.error().what;
  EXPECT_EQ(first.value().text, second.value().text);
  EXPECT_LE(first.value().tokens.size(), 8U);
}

TEST_P(ModelConformance, EmbedsEachTextAlike) {
  SKIP_WITHOUT({Ability::kEmbeddings});
  const std::vector<std::string> texts = {kTexts[0], kTexts[3], kTexts[0]};
  const auto embedded = model_->Embed(texts);
  ASSERT_TRUE(embedded.ok()) << embedded.error().what;
  const Matrix& matrix = embedded.value();
  ASSERT_EQ(matrix.rows, 3U);
  ASSERT_GT(matrix.columns, 1U);
  ASSERT_EQ(matrix.values.size(), matrix.rows * matrix.columns);
  double between = 0;
  for (std::size_t i = 0; i < matrix.columns; ++i) {
    ASSERT_TRUE(std::isfinite(matrix.Row(0)[i]));
    EXPECT_NEAR(matrix.Row(0)[i], matrix.Row(2)[i], tolerance() * 10);
    between += std::abs(matrix.Row(0)[i] - matrix.Row(1)[i]);
  }
  EXPECT_GT(between, 1e-4) << "another text, another vector";
  EXPECT_TRUE(model_->Embed({}).ok());
  EXPECT_EQ(model_->Embed({}).value().rows, 0U);
}

TEST_P(ModelConformance, ShowsTheStreamAfterEachLayer) {
  SKIP_WITHOUT({Ability::kHiddenStates, Ability::kTokens});
  const auto tokens = Tokens(kTexts[0]);
  const auto states = model_->HiddenStates(tokens);
  ASSERT_TRUE(states.ok()) << states.error().what;
  ASSERT_EQ(states.value().size(), model_->Facts().layers);
  for (const Matrix& layer : states.value()) {
    ASSERT_EQ(layer.rows, tokens.size());
    ASSERT_EQ(layer.columns, model_->Facts().hidden_dimension);
    ASSERT_EQ(layer.values.size(), layer.rows * layer.columns);
    EXPECT_TRUE(
        std::all_of(layer.values.begin(), layer.values.end(), [](float value) { return std::isfinite(value); }));
  }
}

TEST_P(ModelConformance, CountsWhatWasAsked) {
  const Usage before = model_->Used();
  std::uint64_t queries = 0;
  if (model_->Gives().Has(Ability::kScores)) {
    ASSERT_TRUE(model_->Score(kTexts).ok());
    queries += kTexts.size();
    EXPECT_EQ(model_->Used().queries - before.queries, queries);
    EXPECT_GT(model_->Used().tokens_in, before.tokens_in);
  }
  if (model_->Gives().Has(Ability::kGenerate)) {
    const Usage middle = model_->Used();
    const Generation generation = Greedy(kPrompt, 5);
    EXPECT_EQ(model_->Used().queries, middle.queries + 1);
    const std::uint64_t counted = model_->Used().tokens_out - middle.tokens_out;
    EXPECT_GE(counted, generation.tokens.size());
    // The end may count; an engine may not tell the tokens at all.
    if (!generation.tokens.empty()) {
      EXPECT_LE(counted, generation.tokens.size() + 1);
    }
    EXPECT_GT(model_->Used().tokens_in, middle.tokens_in);
  }
  if (model_->Gives().Has(Ability::kEmbeddings)) {
    const Usage middle = model_->Used();
    ASSERT_TRUE(model_->Embed(std::span(kTexts).first(2)).ok());
    EXPECT_EQ(model_->Used().queries, middle.queries + 2);
  }
}

}  // namespace
}  // namespace ringfort::engines
