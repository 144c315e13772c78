#include "watermarks/mark_evidence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <vector>

#include "base/random.h"
#include "statistics/normal_distribution.h"

namespace ringfort::watermarks {
namespace {

constexpr SchemeKind kAll[] = {SchemeKind::kLeftHash, SchemeKind::kSelfHash, SchemeKind::kUnigram, SchemeKind::kGumbel,
                               SchemeKind::kTournament};

SchemeRule Rule(SchemeKind kind, std::uint64_t key = 1) {
  return {.kind = kind, .key = key, .width = UsualWidth(kind)};
}

std::unique_ptr<const MarkingScheme> Scheme(SchemeKind kind, std::uint64_t key = 1) {
  return std::move(MarkingScheme::Make(Rule(kind, key))).value();
}

constexpr std::size_t kVocabulary = 2000;

// Words as frequent as in a language: token i in proportion to 1 / (i + 3).
const std::vector<float>& WordLogits() {
  static const std::vector<float> logits = [] {
    std::vector<float> made;
    double total = 0;
    for (std::size_t i = 0; i < kVocabulary; ++i) total += 1 / (static_cast<double>(i) + 3);
    for (std::size_t i = 0; i < kVocabulary; ++i)
      made.push_back(static_cast<float>(-std::log((static_cast<double>(i) + 3) * total)));
    return made;
  }();
  return logits;
}

std::vector<double> RunningShares(const std::vector<float>& logits) {
  std::vector<double> shares;
  double sum = 0;
  for (const float logit : logits) shares.push_back(sum += std::exp(static_cast<double>(logit)));
  return shares;
}

Token DrawFrom(const std::vector<double>& shares, Random& random) {
  const auto at = std::upper_bound(shares.begin(), shares.end(), random.Uniform() * shares.back());
  return static_cast<Token>(std::min<std::ptrdiff_t>(at - shares.begin(), kVocabulary - 1));
}

// A text of a speaker that knows frequencies alone; marked if there is a scheme.
std::vector<Token> Speak(std::size_t length, std::uint64_t seed, const MarkingScheme* scheme = nullptr) {
  static const std::vector<double> plain = RunningShares(WordLogits());
  Random random(seed);
  std::vector<Token> text;
  std::set<std::uint64_t> seen;
  while (text.size() < length) {
    const bool marks = scheme != nullptr && text.size() >= scheme->context() &&
                       (scheme->adds_to_logits() || seen.insert(scheme->Context(text)).second);
    if (!marks) {
      text.push_back(DrawFrom(plain, random));
      continue;
    }
    std::vector<float> logits = WordLogits();
    scheme->Mark(text, logits);
    text.push_back(DrawFrom(RunningShares(logits), random));
  }
  return text;
}

TEST(FindMark, CountsEachDrawOnce) {
  const auto scheme = Scheme(SchemeKind::kLeftHash);
  const std::vector<std::vector<Token>> once = {{1, 2, 3, 4, 5, 6}},
                                        often = {{1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}, {}, {9}};
  EXPECT_EQ(FindMark(*scheme, once).scored, 5U);
  EXPECT_EQ(FindMark(*scheme, often).scored, 5U);
  EXPECT_EQ(FindMark(*scheme, often).tokens, 13U);
  EXPECT_EQ(FindMark(*scheme, std::span<const std::vector<Token>>()).probability, 1);
  // Of a repeated context only the first counts where a scheme leaves repeats alone.
  const std::vector<Token> repeats = {1, 2, 3, 4, 5, 1, 2, 3, 4, 6};
  EXPECT_EQ(FindMark(*Scheme(SchemeKind::kGumbel), repeats).scored, 5U);
}

TEST(FindMark, IsTheFormula) {
  const auto scheme = Scheme(SchemeKind::kLeftHash);
  std::vector<Token> text;
  Random random(5);
  for (int i = 0; i < 300; ++i) text.push_back(static_cast<Token>(random.Below(5000)));
  double green = 0;
  for (std::size_t i = 1; i < text.size(); ++i) green += scheme->Score(scheme->Draw(std::span(text).first(i), text[i]));
  const MarkEvidence evidence = FindMark(*scheme, text);
  ASSERT_EQ(evidence.scored, 299U);
  EXPECT_EQ(evidence.statistic, green);
  EXPECT_NEAR(evidence.z, (green - 0.25 * 299) / std::sqrt(299 * 0.1875), 1e-12);
}

// The z of unmarked text follows N(0, 1) over 2,000 texts, and false alarms come at the rate that
// is claimed. Another key for each text: of one unigram key all texts see the same list.
TEST(FindMark, IsCalibratedOnUnmarkedText) {
  constexpr int kTexts = 2000;
  std::vector<std::vector<Token>> texts;
  for (std::uint64_t i = 0; i < kTexts; ++i) texts.push_back(Speak(200, i));
  Random random(17);
  for (const SchemeKind kind : kAll) {
    SCOPED_TRACE(Name(kind));
    std::vector<double> z;
    int alarms = 0;
    for (std::size_t i = 0; i < kTexts; ++i) {
      const MarkEvidence evidence = FindMark(*Scheme(kind, 1000 + i), texts[i]);
      ASSERT_GT(evidence.scored, 50U);
      // Counts lie on a lattice; spread over its steps they can be compared with a density.
      const double share = kind == SchemeKind::kTournament ? 0.5 : 0.25;
      const double trials = static_cast<double>(evidence.scored) * (kind == SchemeKind::kTournament ? 30 : 1);
      const double step = kind == SchemeKind::kGumbel ? 0 : 1 / std::sqrt(trials * share * (1 - share));
      z.push_back(evidence.z + (random.Uniform() - 0.5) * step);
      alarms += evidence.probability <= 0.05 ? 1 : 0;
    }
    std::sort(z.begin(), z.end());
    double furthest = 0;
    for (int i = 0; i < kTexts; ++i) {
      const double expected = statistics::NormalDistribution(z[static_cast<std::size_t>(i)]);
      furthest = std::max({furthest, std::abs(expected - static_cast<double>(i) / kTexts),
                           std::abs(expected - static_cast<double>(i + 1) / kTexts)});
    }
    // Kolmogorov-Smirnov at 0.1 %, and what the skewness of so few tokens may add.
    EXPECT_LT(furthest, 1.95 / std::sqrt(kTexts) + 0.012);
    EXPECT_LE(alarms, 100 + 4 * std::sqrt(kTexts * 0.05 * 0.95));
    EXPECT_GE(alarms, 50);  // a claim that is far too careful would be wrong as well
  }
}

TEST(FindMark, FindsWhatWasMarkedWithItsKeyAlone) {
  for (const SchemeKind kind : kAll) {
    SCOPED_TRACE(Name(kind));
    const auto scheme = Scheme(kind), other = Scheme(kind, 2);
    int found = 0, mistaken = 0;
    for (std::uint64_t i = 0; i < 10; ++i) {
      const std::vector<Token> text = Speak(200, 500 + i, scheme.get());
      found += FindMark(*scheme, text).probability < 1e-3 ? 1 : 0;
      mistaken += FindMark(*other, text).probability < 1e-3 ? 1 : 0;
    }
    EXPECT_GE(found, 9);
    EXPECT_LE(mistaken, 1);
  }
}

TEST(FindMarkInWindows, FindsAPassageAndClaimsNoMoreThanChance) {
  const auto scheme = Scheme(SchemeKind::kLeftHash);
  std::vector<Token> text = Speak(2000, 9);
  const std::vector<Token> passage = Speak(100, 10, scheme.get());
  std::copy(passage.begin(), passage.end(), text.begin() + 700);
  const WindowEvidence found = FindMarkInWindows(*scheme, text);
  EXPECT_LT(found.probability, 1e-4);
  EXPECT_LT(found.begin, 800U);
  EXPECT_GT(found.end, 700U);
  EXPECT_GT(FindMark(*scheme, text).probability, found.probability);
  int alarms = 0;
  for (std::uint64_t i = 0; i < 200; ++i)
    alarms += FindMarkInWindows(*Scheme(SchemeKind::kLeftHash, 50 + i), Speak(400, i)).probability < 0.05 ? 1 : 0;
  EXPECT_LE(alarms, 10 + 4 * std::sqrt(200 * 0.05 * 0.95));
  EXPECT_EQ(FindMarkInWindows(*scheme, {}).probability, 1);
}

TEST(CalibratedProbability, AgreesWithTheExactOne) {
  const std::vector<std::vector<Token>> texts = {Speak(200, 77)};
  const auto scheme = Scheme(SchemeKind::kTournament);
  const double exact = FindMark(*scheme, texts).probability;
  const auto calibrated = CalibratedProbability(Rule(SchemeKind::kTournament), texts, 2000, 3);
  ASSERT_TRUE(calibrated.ok());
  EXPECT_NEAR(calibrated.value(), exact, 4 * std::sqrt(exact * (1 - exact) / 2000) + 1e-3);
  const std::vector<std::vector<Token>> marked = {Speak(200, 78, scheme.get())};
  EXPECT_EQ(CalibratedProbability(Rule(SchemeKind::kTournament), marked, 99, 3).value(), 0.01);
  EXPECT_FALSE(CalibratedProbability({.green = 2}, texts, 5, 1).ok());
}

}  // namespace
}  // namespace ringfort::watermarks
