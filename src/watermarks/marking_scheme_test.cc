#include "watermarks/marking_scheme.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace ringfort::watermarks {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

std::unique_ptr<const MarkingScheme> Scheme(SchemeKind kind, std::uint64_t key = 7) {
  auto made = MarkingScheme::Make({.kind = kind, .key = key, .width = UsualWidth(kind)});
  EXPECT_TRUE(made.ok()) << made.error().what;
  return std::move(made).value();
}

std::vector<float> LogShares(std::vector<double> shares) {
  std::vector<float> logits;
  for (const double share : shares) logits.push_back(share > 0 ? static_cast<float>(std::log(share)) : kNever);
  return logits;
}

constexpr SchemeKind kGreen[] = {SchemeKind::kLeftHash, SchemeKind::kSelfHash, SchemeKind::kUnigram};
constexpr SchemeKind kFair[] = {SchemeKind::kGumbel, SchemeKind::kTournament};

TEST(MarkingScheme, RaisesTheGreenShareAndNothingElse) {
  const std::vector<Token> before = {3, 1, 4, 1, 5};
  for (const SchemeKind kind : kGreen) {
    SCOPED_TRACE(Name(kind));
    const auto scheme = Scheme(kind);
    std::vector<float> logits(20000, -1);
    scheme->Mark(before, logits);
    int green = 0;
    for (std::size_t v = 0; v < logits.size(); ++v) {
      const bool raised = scheme->Score(scheme->Draw(before, static_cast<Token>(v))) > 0;
      EXPECT_FLOAT_EQ(logits[v], raised ? 1 : -1) << v;
      green += raised ? 1 : 0;
    }
    EXPECT_NEAR(green, 5000, 4 * std::sqrt(20000 * 0.25 * 0.75));
  }
}

TEST(MarkingScheme, KeysAreIndependent) {
  for (const SchemeKind kind : kGreen) {
    const auto one = Scheme(kind, 7), other = Scheme(kind, 8);
    int both = 0;
    for (Token before = 0; before < 100; ++before)
      for (Token token = 0; token < 200; ++token) {
        const std::vector<Token> context = {before, before + 1, before, before};
        both += one->Score(one->Draw(context, token)) > 0 && other->Score(other->Draw(context, token)) > 0 ? 1 : 0;
      }
    // Unigram has 200 different draws only, each seen 100 times; the self-hash has some, where a
    // token is its own anchor.
    const double spread = kind == SchemeKind::kLeftHash ? 1 : 10;
    EXPECT_NEAR(both, 1250, 4 * spread * std::sqrt(20000 * 0.0625 * 0.9375)) << Name(kind);
  }
}

// What decides a draw, and what does not.
TEST(MarkingScheme, LooksAtItsContextAlone) {
  const std::vector<Token> context = {9, 8, 7, 6}, far = {1, 8, 7, 6}, near = {9, 8, 7, 1};
  for (const SchemeKind kind : {SchemeKind::kLeftHash, SchemeKind::kSelfHash, SchemeKind::kUnigram, SchemeKind::kGumbel,
                                SchemeKind::kTournament}) {
    SCOPED_TRACE(Name(kind));
    const auto scheme = Scheme(kind);
    EXPECT_NE(scheme->Draw(context, 5), scheme->Draw(context, 4));
    const bool reaches_far = kind == SchemeKind::kGumbel || kind == SchemeKind::kTournament;
    EXPECT_EQ(scheme->Draw(context, 5) != scheme->Draw(far, 5), reaches_far);
    if (kind == SchemeKind::kUnigram) {
      EXPECT_EQ(scheme->Draw(context, 5), scheme->Draw({}, 5));
    }
    if (kind == SchemeKind::kLeftHash) {
      EXPECT_NE(scheme->Draw(context, 5), scheme->Draw(near, 5));
    }
  }
}

// A self-hash depends on one of the last tokens: changing each of the three before in turn changes
// it for a quarter of the tokens each, and its order never does.
TEST(MarkingScheme, SelfHashHasOneAnchor) {
  const auto scheme = Scheme(SchemeKind::kSelfHash);
  const std::vector<Token> context = {11, 22, 33}, shuffled = {33, 11, 22};
  int moved = 0;
  for (Token token = 100; token < 2100; ++token) {
    EXPECT_EQ(scheme->Draw(context, token), scheme->Draw(shuffled, token));
    const std::vector<Token> other = {11, 44, 33};
    moved += scheme->Draw(context, token) != scheme->Draw(other, token) ? 1 : 0;
  }
  // It moves where the old token or the new one would be the anchor: 2 of 5 are candidates.
  EXPECT_NEAR(moved, 800, 4 * std::sqrt(2000 * 0.4 * 0.6));
}

// Over many keys each token comes as often as without a mark: what "keeps the distribution" means.
TEST(MarkingScheme, FairSchemesKeepTheDistribution) {
  const std::vector<double> shares = {0.5, 0.3, 0, 0.2};
  const std::vector<Token> before = {1, 2, 3, 4};
  for (const SchemeKind kind : kFair) {
    SCOPED_TRACE(Name(kind));
    std::vector<double> mean(shares.size());
    constexpr int kKeys = 20000;
    for (std::uint64_t key = 0; key < kKeys; ++key) {
      std::vector<float> logits = LogShares(shares);
      Scheme(kind, key)->Mark(before, logits);
      double total = 0;
      for (std::size_t v = 0; v < shares.size(); ++v) {
        const double share = std::exp(static_cast<double>(logits[v]));
        total += share;
        mean[v] += share / kKeys;
      }
      ASSERT_NEAR(total, 1, 1e-5);
      ASSERT_EQ(logits[2], kNever) << "what cannot come, cannot come marked";
    }
    for (std::size_t v = 0; v < shares.size(); ++v)
      EXPECT_NEAR(mean[v], shares[v], 4 * std::sqrt(shares[v] * (1 - shares[v]) / kKeys) + 1e-12);
  }
}

// One layer against the update done by hand.
TEST(MarkingScheme, TournamentIsItsFormula) {
  auto made = MarkingScheme::Make({.kind = SchemeKind::kTournament, .key = 3, .width = 1, .layers = 1});
  ASSERT_TRUE(made.ok());
  const std::vector<Token> before = {42};
  const std::vector<double> shares = {0.5, 0.3, 0.2};
  double ones = 0;
  for (std::size_t v = 0; v < 3; ++v)
    ones += shares[v] * made.value()->Score(made.value()->Draw(before, static_cast<Token>(v)));
  std::vector<float> logits = LogShares(shares);
  made.value()->Mark(before, logits);
  for (std::size_t v = 0; v < 3; ++v) {
    const double bit = made.value()->Score(made.value()->Draw(before, static_cast<Token>(v)));
    EXPECT_NEAR(std::exp(logits[v]), shares[v] * (1 + bit - ones), 1e-6);
  }
}

TEST(MarkingScheme, FairSchemesBearNothingToChooseFrom) {
  const std::vector<Token> before = {1, 2, 3, 4};
  for (const SchemeKind kind : kFair) {
    std::vector<float> none(5, kNever), empty;
    Scheme(kind)->Mark(before, none);
    Scheme(kind)->Mark(before, empty);
    EXPECT_EQ(none, std::vector<float>(5, kNever));
    std::vector<float> one = {kNever, 0, kNever};
    Scheme(kind)->Mark(before, one);
    EXPECT_EQ(one[1], 0);
  }
}

TEST(MarkingScheme, RefusesWhatCannotBe) {
  EXPECT_FALSE(MarkingScheme::Make({.green = 0}).ok());
  EXPECT_FALSE(MarkingScheme::Make({.green = 1}).ok());
  EXPECT_FALSE(MarkingScheme::Make({.green = std::nan("")}).ok());
  EXPECT_FALSE(MarkingScheme::Make({.bias = -1}).ok());
  EXPECT_FALSE(MarkingScheme::Make({.bias = std::numeric_limits<double>::infinity()}).ok());
  EXPECT_FALSE(MarkingScheme::Make({.width = 0}).ok());
  EXPECT_FALSE(MarkingScheme::Make({.width = kMostWidth + 1}).ok());
  EXPECT_FALSE(MarkingScheme::Make({.kind = SchemeKind::kUnigram, .width = 1}).ok());
  EXPECT_FALSE(MarkingScheme::Make({.kind = SchemeKind::kTournament, .width = 4, .layers = 65}).ok());
  EXPECT_FALSE(SchemeKindFromName("LEFT_HASH").has_value());
  for (std::size_t i = 0; i < kSchemeNames.size(); ++i)
    EXPECT_EQ(SchemeKindFromName(kSchemeNames[i]), static_cast<SchemeKind>(i));
}

}  // namespace
}  // namespace ringfort::watermarks
