#include "application/campaign_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ringfort {
namespace {

using testing::HasSubstr;

constexpr std::string_view kTexts = "[texts]\nmembers = \"m.txt\"\nheld_out = \"/h.txt\"\n";
constexpr std::string_view kTarget = "[[target]]\nid = \"t\"\nsource = \"t.gguf\"\n";

class CampaignFileTest : public testing::Test {
 protected:
  CampaignFileTest() {
    std::string shape = (std::filesystem::temp_directory_path() / "ringfort-plan-XXXXXX").string();
    folder_ = mkdtemp(shape.data());
  }
  ~CampaignFileTest() override { std::filesystem::remove_all(folder_); }

  Result<campaign::Plan> Read(std::string_view text) {
    std::ofstream(folder_ + "/known.toml") << text;
    return ReadCampaignPlan(folder_ + "/known.toml");
  }
  std::string Refusal(const std::string& text) {
    const auto plan = Read(text);
    return plan.ok() ? "none" : plan.error().what.substr(folder_.size() + 1);
  }

  std::string folder_;
};

TEST_F(CampaignFileTest, ReadsWhatIsSaidAndKeepsTheUsualElse) {
  const auto plan = Read(std::string(R"(attacks = ["loss", "min_k_probability"]
seeds = [3, 4]
defenses = ["rounded_answers"]
neighbors = 7
[settings.min_k_probability]
fraction = 0.5
[settings.rounded_answers]
decimals = 2
[budget]
queries = 100
seconds = 1.5
[texts]
members = "m.txt"
held_out = "/h.txt"
prefix = "p.jsonl"
unit = "paragraph"
most = 50
[[target]]
id = "web"
source = "https://example.invalid/v1"
reference = "scripted:known.txt"
[[target]]
id = "file"
source = "a.gguf"
reference = "torch:b.gguf"
)"));
  ASSERT_TRUE(plan.ok()) << plan.error().what;
  const campaign::Plan& read = plan.value();
  EXPECT_EQ(read.name, "known");
  EXPECT_EQ(read.seeds, (std::vector<std::uint64_t>{3, 4}));
  ASSERT_EQ(read.attacks.size(), 2u);
  EXPECT_EQ(read.attacks[1].settings.at("fraction"), 0.5);
  ASSERT_EQ(read.defenses.size(), 1u);
  EXPECT_EQ(read.defenses[0].settings.at("decimals"), 2);
  EXPECT_EQ(read.neighbors, 7u);
  EXPECT_EQ(read.budget.queries, 100u);
  EXPECT_EQ(read.budget.tokens, 0u);
  EXPECT_EQ(read.budget.seconds, 1.5);
  EXPECT_EQ(read.members, folder_ + "/m.txt");
  EXPECT_EQ(read.held_out, "/h.txt");
  EXPECT_EQ(read.prefix, folder_ + "/p.jsonl");
  EXPECT_EQ(read.background, "");
  EXPECT_EQ(read.unit, datasets::TextUnit::kParagraph);
  EXPECT_EQ(read.most_texts, 50u);
  ASSERT_EQ(read.targets.size(), 2u);
  EXPECT_EQ(read.targets[0].source, "https://example.invalid/v1");
  EXPECT_EQ(read.targets[0].reference, "scripted:" + folder_ + "/known.txt");
  EXPECT_EQ(read.targets[1].source, folder_ + "/a.gguf");
  EXPECT_EQ(read.targets[1].reference, "torch:" + folder_ + "/b.gguf");
}

TEST_F(CampaignFileTest, WithoutAListAllAttacksThatReadScores) {
  const auto plan = Read(std::string(kTexts) + std::string(kTarget));
  ASSERT_TRUE(plan.ok()) << plan.error().what;
  std::vector<std::string> names;
  for (const campaign::PlannedAttack& attack : plan.value().attacks) names.push_back(attack.name);
  EXPECT_THAT(names, testing::IsSupersetOf({"loss", "min_k_plus_plus", "recall", "blind_baseline"}));
}

TEST_F(CampaignFileTest, AttacksOnTheModelAsSuchNeedNoTexts) {
  const std::string target(kTarget);
  const auto plan = Read("attacks = [\"hidden_dimension\"]\n" + target);
  ASSERT_TRUE(plan.ok()) << plan.error().what;
  EXPECT_EQ(plan.value().members, "");
  EXPECT_EQ(Refusal("attacks = [\"hidden_dimension\", \"loss\"]\n" + target),
            "known.toml: [texts] with `members` and `held_out` is missing");
}

TEST_F(CampaignFileTest, ReadsJudgesAndSamples) {
  const auto plan = Read(
      "attacks = [\"canary_exposure\"]\njudges = [\"overlap\", \"classifier\"]\ncalibration = \"c.json\"\n"
      "classifier = \"/j.json\"\n[samples]\ncanary_exposure = \"s.jsonl\"\n" +
      std::string(kTarget));
  ASSERT_TRUE(plan.ok()) << plan.error().what << ": samples of its own need no texts";
  EXPECT_THAT(plan.value().judges, testing::ElementsAre("overlap", "classifier"));
  EXPECT_EQ(plan.value().calibration, folder_ + "/c.json");
  EXPECT_EQ(plan.value().classifier, "/j.json");
  EXPECT_EQ(plan.value().samples.at("canary_exposure"), folder_ + "/s.jsonl");
  EXPECT_THAT(Read(std::string(kTexts) + std::string(kTarget)).value().judges, testing::ElementsAre("verbatim"));
}

TEST_F(CampaignFileTest, ReadsShadows) {
  const std::string rest = std::string(kTexts) + std::string(kTarget);
  const auto plan =
      Read(rest + "[[shadow]]\nsource = \"scripted:s.txt\"\nmembers = \"s.txt\"\nheld_out = \"/h.txt\"\n");
  ASSERT_TRUE(plan.ok()) << plan.error().what;
  ASSERT_EQ(plan.value().shadows.size(), 1u);
  EXPECT_EQ(plan.value().shadows[0].source, "scripted:" + folder_ + "/s.txt");
  EXPECT_EQ(plan.value().shadows[0].members, folder_ + "/s.txt");
  EXPECT_EQ(plan.value().shadows[0].held_out, "/h.txt");
  EXPECT_THAT(Refusal(rest + "[[shadow]]\nsource = \"a\"\nmembers = \"b\"\n"), HasSubstr("held_out"));
  EXPECT_THAT(Refusal(rest + "[[shadow]]\nfile = \"a\"\n"), HasSubstr("unknown key `file`"));
  EXPECT_THAT(
      Refusal("attacks = [\"loss\"]\n" + rest + "[[shadow]]\nsource = \"a\"\nmembers = \"b\"\nheld_out = \"c\"\n"),
      HasSubstr("no attack of the plan learns from shadow models"));
}

TEST_F(CampaignFileTest, AddsTheAttacksThatKnowOfADefense) {
  const std::string rest = std::string(kTexts) + std::string(kTarget);
  const auto plan = Read("attacks = [\"loss\"]\ndefenses = [\"memorization_filter\"]\nadaptive = true\n" + rest +
                         "[settings.piecewise_extraction]\npiece = 4\n");
  ASSERT_TRUE(plan.ok()) << plan.error().what;
  ASSERT_EQ(plan.value().attacks.size(), 2u);
  EXPECT_EQ(plan.value().attacks[1].name, "piecewise_extraction");
  EXPECT_EQ(plan.value().attacks[1].settings.at("piece"), 4);
  EXPECT_THAT(Refusal("adaptive = true\n" + rest), HasSubstr("known.toml:1: `adaptive` needs `defenses`"));
  EXPECT_THAT(Refusal("adaptive = 1\n" + rest), HasSubstr("known.toml:1: "));
}

TEST_F(CampaignFileTest, SaysWhichJudgeOrSampleMakesNoSense) {
  const std::string rest = std::string(kTexts) + std::string(kTarget);
  EXPECT_THAT(Refusal("judges = [\"oracle\"]\n" + rest), HasSubstr("no judge has the name 'oracle'"));
  EXPECT_THAT(Refusal("judges = []\n" + rest), HasSubstr("the plan names no judge"));
  EXPECT_THAT(Refusal("judges = [\"overlap\", \"overlap\"]\n" + rest), HasSubstr("named twice"));
  EXPECT_THAT(Refusal("judges = [\"classifier\"]\n" + rest), HasSubstr("needs `classifier`, a file of"));
  EXPECT_THAT(Refusal("judges = [\"language_model\"]\n" + rest),
              HasSubstr("needs a model: [judge.language_model] model = "));
  const std::string judge = "[judge.language_model]\nmodel = \"judge.gguf\"\n";
  EXPECT_THAT(Refusal(judge + rest), HasSubstr("`judges` does not name that judge"));
  EXPECT_THAT(Refusal("judges = [\"language_model\"]\n[judge.refusal]\nmodel = \"a\"\n" + rest),
              HasSubstr("unknown key `refusal`"));
  EXPECT_THAT(Refusal("judges = [\"language_model\"]\njudge = 7\n" + rest), HasSubstr("names the `model`"));
  EXPECT_THAT(Refusal("judges = [\"language_model\"]\n[judge.language_model]\n" + rest), HasSubstr("`model`"));
  EXPECT_THAT(Read("judges = [\"language_model\"]\n" + judge + rest).value().judge_model,
              testing::EndsWith("/judge.gguf"));
  EXPECT_THAT(Refusal("samples = 7\n" + rest), HasSubstr("known.toml:1: [samples] gives a file"));
  EXPECT_THAT(Refusal("[samples]\nloss = 7\n" + rest), HasSubstr("known.toml:2: `loss` must be the path"));
  EXPECT_THAT(Refusal("[samples]\nloss = \"s.jsonl\"\n" + rest), HasSubstr("the attack loss takes no samples"));
  EXPECT_THAT(Refusal("[samples]\ncanary_exposure = \"s.jsonl\"\n" + rest), HasSubstr("does not try the attack"));
}

TEST_F(CampaignFileTest, SaysWhereItIsWrong) {
  const std::string texts(kTexts), target(kTarget), rest = texts + target;
  EXPECT_EQ(Refusal("attack = []\n" + rest), "known.toml:1: unknown key `attack` (did you mean `attacks`?)");
  EXPECT_THAT(Refusal("attacks = [\"losss\"]\n" + rest), HasSubstr("known.toml: no attack has the name 'losss'"));
  EXPECT_THAT(Refusal("defenses = [\"prayer\"]\n" + rest), HasSubstr("no defense has the name 'prayer'"));
  EXPECT_THAT(Refusal("defenses = [\"deduplication\"]\n" + rest), HasSubstr("does not stand around a model"));
  EXPECT_EQ(Refusal("seeds = [1, 0]\n" + rest), "known.toml:1: a seed is a whole number from 1 on");
  EXPECT_EQ(Refusal("seeds = 7\n" + rest), "known.toml:1: `seeds` must be a list of whole numbers");
  EXPECT_EQ(Refusal("neighbors = 2.5\n" + rest), "known.toml:1: `neighbors` must be a whole number");
  EXPECT_EQ(Refusal(target), "known.toml: [texts] with `members` and `held_out` is missing");
  EXPECT_EQ(Refusal(texts), "known.toml: the plan names no target");
  EXPECT_EQ(Refusal(texts + "unit = \"word\"\n" + target), "known.toml:4: `unit` is line or paragraph");
  EXPECT_EQ(Refusal(rest + "[settings.nonesuch]\nk = 1\n"),
            "known.toml:7: [settings.nonesuch]: the plan has no such attack or defense");
  EXPECT_THAT(Refusal(rest + "[settings.min_k_probability]\nfraction = 7\n"), HasSubstr("min_k_probability"));
  EXPECT_EQ(Refusal(rest + "[settings.loss]\nk = \"1\"\n"), "known.toml:8: `k` must be a number");
  EXPECT_THAT(Refusal("x"), HasSubstr("known.toml:1: "));
  EXPECT_FALSE(ReadCampaignPlan(folder_ + "/absent.toml").ok());
}

}  // namespace
}  // namespace ringfort
