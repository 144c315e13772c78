#include "threat_model/target_leakage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ringfort {
namespace {

// An answer of 100 bits, `queries` times a second.
Asset Endpoint(std::string id, double queries) {
  Asset endpoint{std::move(id), AssetKind::kEndpoint, "http://127.0.0.1", "", Verdict::kClean, {}};
  AnswerChannel said;
  said.queries_per_second = queries;
  said.answer_tokens = 10;
  said.vocabulary = 1024;
  said.top_logprobs = 0;
  endpoint.answers = said;
  return endpoint;
}
Asset Dataset(std::string id) { return {std::move(id), AssetKind::kDataset, "d", "", Verdict::kClean, {}}; }
Asset Model(std::string id) { return {std::move(id), AssetKind::kModel, "m", "", Verdict::kClean, {}}; }

// corpus -> model -> api -> strangers.
Target Chain(double queries) {
  Target target;
  target.assets = {Dataset("corpus"), Model("model"), Endpoint("api", queries)};
  target.ties = {{"model", Relation::kTrainedOn, "corpus", ""}, {"api", Relation::kServes, "model", ""}};
  return target;
}

std::vector<LeakagePath> Find(const Target& target, const LeakageOptions& options = {}) {
  auto paths = FindTargetLeakage(knowledge::BuiltinCatalog(), target, options);
  EXPECT_TRUE(paths.ok()) << paths.error().what;
  return std::move(paths).value();
}

const LeakagePath* Pair(const std::vector<LeakagePath>& paths, std::string_view secret, std::string_view observer) {
  const auto at = std::find_if(paths.begin(), paths.end(), [&](const LeakagePath& path) {
    return path.secret == secret && path.observer == observer;
  });
  return at == paths.end() ? nullptr : &*at;
}

double BitsPerSecond(const std::vector<LeakagePath>& paths, std::string_view secret, std::string_view observer) {
  const LeakagePath* const path = Pair(paths, secret, observer);
  return path == nullptr ? -1 : path->bits_per_second;
}

TEST(TargetLeakage, AChainIsBoundedByItsAnswers) {
  const auto paths = Find(Chain(2));
  ASSERT_EQ(paths.size(), 3u);
  EXPECT_EQ(paths[0].secret, "corpus: records");
  EXPECT_EQ(paths[0].observer, "strangers at api");
  EXPECT_DOUBLE_EQ(paths[0].bits_per_second, 200);
  EXPECT_EQ(paths[0].ground, Provenance::kMeasured);
  ASSERT_EQ(paths[0].cut.size(), 1u);
  EXPECT_EQ(paths[0].cut[0].channel, "api answers");
  EXPECT_DOUBLE_EQ(paths[0].cut[0].bits_per_use, 100);
  EXPECT_DOUBLE_EQ(paths[0].cut[0].uses_per_second, 2);
  EXPECT_EQ(paths[0].cut[0].lever, "bandwidth") << "there are no scores to mask";
  EXPECT_EQ(paths[0].cut[0].by, "mitigation.rate_limit");
  EXPECT_EQ(paths[1].secret, "model: weights");
  EXPECT_EQ(paths[2].secret, "api: system prompt");
}

TEST(TargetLeakage, HalfTheQueriesLeakHalfAsFast) {
  const auto before = Find(Chain(8));
  const auto after = Find(Chain(4));
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_DOUBLE_EQ(after[i].bits_per_second, before[i].bits_per_second / 2);
}

TEST(TargetLeakage, TheLoopCarriesOn) {
  // What `api` says is logged, and a second model learns it, whose endpoint is faster.
  Target target = Chain(2);
  target.assets.insert(target.assets.end(), {Dataset("log"), Model("student"), Endpoint("fast", 50)});
  target.ties.insert(target.ties.end(), {{"api", Relation::kLogsTo, "log", ""},
                                         {"student", Relation::kTrainedOn, "log", ""},
                                         {"fast", Relation::kServes, "student", ""}});
  const auto paths = Find(target);
  EXPECT_DOUBLE_EQ(BitsPerSecond(paths, "corpus: records", "strangers at api"), 200);
  EXPECT_DOUBLE_EQ(BitsPerSecond(paths, "corpus: records", "strangers at fast"), 200) << "the log holds it";
  EXPECT_DOUBLE_EQ(BitsPerSecond(paths, "corpus: records", "all of these together"), 400);
  EXPECT_DOUBLE_EQ(BitsPerSecond(paths, "log: records", "strangers at fast"), 5000);
  EXPECT_EQ(Pair(paths, "log: records", "strangers at api"), nullptr) << "nothing leads back";
  EXPECT_EQ(Pair(paths, "student: weights", "all of these together"), nullptr) << "there is one observer";
  const LeakagePath* const far = Pair(paths, "corpus: records", "strangers at fast");
  ASSERT_NE(far, nullptr);
  ASSERT_EQ(far->cut.size(), 1u);
  EXPECT_EQ(far->cut[0].channel, "api logs_to log");
  EXPECT_EQ(far->ground, Provenance::kAssumed) << "that only answers are logged";

  // Closed, the same log feeds the first model too: then its records come out there.
  target.ties.push_back({"model", Relation::kTrainedOn, "log", ""});
  EXPECT_DOUBLE_EQ(BitsPerSecond(Find(target), "log: records", "strangers at api"), 200);
}

TEST(TargetLeakage, TwoEndpointsGiveTheirSum) {
  Target target = Chain(2);
  target.assets.push_back(Endpoint("beta", 3));
  target.ties.push_back({"beta", Relation::kServes, "model", ""});
  const auto paths = Find(target);
  EXPECT_DOUBLE_EQ(BitsPerSecond(paths, "corpus: records", "strangers at api"), 200);
  EXPECT_DOUBLE_EQ(BitsPerSecond(paths, "corpus: records", "strangers at beta"), 300);
  const LeakagePath* const both = Pair(paths, "corpus: records", "all of these together");
  ASSERT_NE(both, nullptr);
  EXPECT_DOUBLE_EQ(both->bits_per_second, 500);
  ASSERT_EQ(both->cut.size(), 2u);
  EXPECT_EQ(both->cut[0].channel, "beta answers") << "limiting the faster one saves more";
}

TEST(TargetLeakage, NobodyToSeeItIsNoLeak) {
  Target target = Chain(2);
  target.assets.pop_back();
  target.ties.pop_back();
  EXPECT_TRUE(Find(target).empty());
}

TEST(TargetLeakage, APublishedCopyIsBoundedNowhere) {
  Target target = Chain(2);
  target.assets[1].published = true;
  const auto paths = Find(target);
  EXPECT_EQ(BitsPerSecond(paths, "corpus: records", "readers of model"), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(Pair(paths, "corpus: records", "readers of model")->cut.empty());
  EXPECT_DOUBLE_EQ(BitsPerSecond(paths, "corpus: records", "strangers at api"), 200);
  EXPECT_EQ(Pair(paths, "model: weights", "strangers at api"), nullptr) << "what is published is no secret";

  // Logs that others may read: the answers are all that gets there.
  Target logged = Chain(2);
  logged.assets.push_back(Dataset("log"));
  logged.assets.back().published = true;
  logged.ties.push_back({"api", Relation::kLogsTo, "log", ""});
  EXPECT_DOUBLE_EQ(BitsPerSecond(Find(logged), "corpus: records", "readers of log"), 200);
}

TEST(TargetLeakage, CodeAndCallersCarryWhatTheyHold) {
  // A front asks `api`; code hands a dataset to the front.
  Target target = Chain(2);
  target.assets.insert(target.assets.end(), {Endpoint("front", 50), Dataset("notes"),
                                             Asset{"code", AssetKind::kRepository, "c", "", Verdict::kClean, {}}});
  target.ties.insert(target.ties.end(), {{"front", Relation::kDependsOn, "api", ""},
                                         {"front", Relation::kDependsOn, "code", ""},
                                         {"code", Relation::kDependsOn, "notes", ""}});
  const auto paths = Find(target);
  EXPECT_DOUBLE_EQ(BitsPerSecond(paths, "corpus: records", "strangers at front"), 200) << "as fast as api answers";
  EXPECT_DOUBLE_EQ(BitsPerSecond(paths, "notes: records", "strangers at front"), 5000);
  EXPECT_EQ(Pair(paths, "notes: records", "strangers at api"), nullptr);
}

TEST(TargetLeakage, ScoresAreMaskedFirst) {
  Target target = Chain(2);
  target.assets[2].answers->top_logprobs = 5;
  const auto paths = Find(target);
  ASSERT_EQ(paths[0].cut.size(), 1u);
  EXPECT_EQ(paths[0].cut[0].lever, "noise");
  EXPECT_EQ(paths[0].cut[0].by, "mitigation.confidence_masking");
}

TEST(TargetLeakage, AnEndpointOfLabelsHasNoPrompt) {
  Target target = Chain(2);
  target.assets[2].answers = AnswerChannel{};
  target.assets[2].answers->classes = 4;
  const auto paths = Find(target);
  ASSERT_EQ(paths.size(), 2u);
  EXPECT_EQ(paths[1].secret, "model: weights");
}

TEST(TargetLeakage, SaysHowLongASecretLasts) {
  LeakageOptions options;
  options.facts = {{"corpus", 1000, 0}, {"model", 0, 0}};
  auto paths = Find(Chain(2), options);
  EXPECT_DOUBLE_EQ(paths[0].secret_bits, 1000);
  EXPECT_DOUBLE_EQ(paths[0].seconds_at_least, 5);
  EXPECT_EQ(paths[1].secret_bits, 0) << "nobody counted its parameters";
  EXPECT_EQ(paths[1].seconds_at_least, 0);
}

TEST(TargetLeakage, AMeasurementIsOfItsSecretAlone) {
  LeakageOptions options;
  options.measured = {{"api", "corpus", 0.5, 400, "membership inference"}};
  const auto paths = Find(Chain(2), options);
  EXPECT_DOUBLE_EQ(paths[0].bits_per_second, 1);
  EXPECT_DOUBLE_EQ(paths[1].bits_per_second, 200);
}

TEST(TargetLeakage, FaultsAreNamed) {
  const auto fault = [](const Target& target, const LeakageOptions& options = {}) {
    const auto paths = FindTargetLeakage(knowledge::BuiltinCatalog(), target, options);
    return paths.ok() ? "none" : paths.error().what;
  };
  Target dangling = Chain(2);
  dangling.ties.push_back({"api", Relation::kLogsTo, "nowhere", ""});
  EXPECT_EQ(fault(dangling), "the target has no asset 'nowhere'");
  EXPECT_EQ(fault(Chain(2), {{{"nothing", 8, 0}}, {}}), "the target has no asset 'nothing'");
  EXPECT_EQ(fault(Chain(2), {{}, {{"model", "", 1, 1, "x"}}}), "'model' is no endpoint, so it answers no attack");
  EXPECT_EQ(fault(Chain(2), {{}, {{"api", "", std::nan(""), 1, "x"}}}),
            "nan bits a query on 1 queries measure nothing");
  EXPECT_EQ(fault(Chain(2), {{}, {{"api", "", 1, 0, "x"}}}), "1 bits a query on 0 queries measure nothing");

  Target large;
  large.assets.push_back(Model("model"));
  for (int i = 0; i < 101; ++i) {
    large.assets.push_back(Dataset("d" + std::to_string(i)));
    large.ties.push_back({"model", Relation::kTrainedOn, "d" + std::to_string(i), ""});
    large.assets.push_back(Endpoint("e" + std::to_string(i), 1));
    large.ties.push_back({"e" + std::to_string(i), Relation::kServes, "model", ""});
  }
  EXPECT_EQ(fault(large), "more than 10000 pairs of secret and observer");
}

}  // namespace
}  // namespace ringfort
