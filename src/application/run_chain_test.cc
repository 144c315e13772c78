#include "application/run_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "application/chain_file.h"
#include "application/chain_links_internal.h"
#include "base/file.h"

namespace ringfort {
namespace {

using testing::HasSubstr;

// A made-up model that knows two texts by heart and holds no trigger, so that what each link must
// find is known.
class RunChainTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("chain-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    // What it was given often, it says without fail.
    std::string known;
    for (int i = 0; i < 64; ++i)
      known +=
          "seven grey herons wait beside quiet mill ponds until dusk\n"
          "each winter our ferry halts along northern landing stairs\n";
    Write("known.txt", known);
    Write("asked.txt",
          "seven grey herons wait beside quiet mill ponds until dusk\n"
          "nobody ever wrote this sentence about copper kettles down\n");
    Write("plan.toml", R"(
name = "two links"
seeds = [1, 2]
[[asset]]
id = "model"
kind = "answers"
source = "scripted:known.txt"
[[asset]]
id = "asked"
kind = "texts"
source = "asked.txt"
[[link]]
id = "extract"
attack = "extract_texts"
from = { target = "model", openings = "asked" }
settings = { prefix = 20, suffix = 12 }
[[link]]
id = "pull"
attack = "pull_trigger"
from = { target = "model", prompts = "extract" }
settings = { trigger = 0 }
)");
  }

  void Write(const std::string& name, const std::string& content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  Result<ChainResult> Run() { return RunChain({.plan = Path("plan.toml"), .folder = Path("out")}, nullptr); }
  void Replace(const std::string& from, const std::string& to) {
    std::string plan = ReadTextFile(Path("plan.toml")).value();
    const std::size_t at = plan.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    Write("plan.toml", plan.replace(at, from.size(), to));
  }

  std::filesystem::path folder_;
};

TEST_F(RunChainTest, FindsWhatIsKnownAndNothingElse) {
  const auto result = Run();
  ASSERT_TRUE(result.ok()) << result.error().what;
  ASSERT_EQ(result.value().runs.size(), 2U);
  EXPECT_EQ(result.value().runs[0].units, 2U);
  EXPECT_EQ(result.value().runs[0].links[0].outcomes, (chain::LinkOutcomes{Outcome::kSucceeded, Outcome::kFailed}));
  // Nobody planted a trigger in this model.
  EXPECT_EQ(result.value().runs[0].links[1].outcomes, (chain::LinkOutcomes{Outcome::kFailed, Outcome::kFailed}));
  ASSERT_TRUE(result.value().rates.has_value());
  EXPECT_DOUBLE_EQ(result.value().rates->links[0].rate, 0.5);
  EXPECT_DOUBLE_EQ(result.value().rates->end_to_end.rate, 0);
  EXPECT_THAT(WriteChainTable(result.value()), HasSubstr("end to end, measured"));
  EXPECT_THAT(WriteChainJson(result.value()), HasSubstr("\"ringfort.chain/1\""));
}

TEST_F(RunChainTest, GoesOnWhereItWas) {
  const auto first = Run();
  ASSERT_TRUE(first.ok()) << first.error().what;
  EXPECT_FALSE(first.value().runs[0].links[0].kept);
  const auto second = Run();
  ASSERT_TRUE(second.ok());
  for (const ChainRunRecord& run : second.value().runs)
    for (const LinkRecord& link : run.links) EXPECT_TRUE(link.kept);
  EXPECT_EQ(second.value().rates->links[0].successes, first.value().rates->links[0].successes);
  // Another setting of the last link repeats that alone.
  Replace("{ trigger = 0 }", "{ trigger = 2 }");
  const auto third = Run();
  ASSERT_TRUE(third.ok()) << third.error().what;
  EXPECT_TRUE(third.value().runs[0].links[0].kept);
  EXPECT_FALSE(third.value().runs[0].links[1].kept);
  // Another text in the first asset repeats everything.
  Write("asked.txt",
        "each winter our ferry halts along northern landing stairs\nsomething short and unknown to all of them\n");
  const auto fourth = Run();
  ASSERT_TRUE(fourth.ok());
  EXPECT_FALSE(fourth.value().runs[0].links[0].kept);
}

TEST_F(RunChainTest, ABrokenRecordIsMadeAnew) {
  ASSERT_TRUE(Run().ok());
  const std::string record = Path("out/run-1/extract/link.json");
  const std::string whole = ReadTextFile(record).value();
  for (const std::string& broken :
       {whole.substr(0, whole.size() / 2), std::string("[]"), std::string(), "{\"key\":1}" + whole}) {
    std::ofstream(record, std::ios::binary | std::ios::trunc) << broken;
    const auto again = Run();
    ASSERT_TRUE(again.ok()) << again.error().what;
    EXPECT_FALSE(again.value().runs[0].links[0].kept);
    EXPECT_EQ(ReadTextFile(record).value(), whole);
  }
}

TEST_F(RunChainTest, ALinkThatCannotRunIsAnErrorOfItsUnitsAndOfWhoNeedsIt) {
  Replace(
      "attack = \"extract_texts\"\nfrom = { target = \"model\", openings = \"asked\" }\nsettings = { prefix = 20, "
      "suffix = 12 }",
      "attack = \"tune_on_texts\"\nfrom = { model = \"model\", texts = \"asked\" }");
  Replace("kind = \"answers\"", "kind = \"weights\"");
  Replace("from = { target = \"model\", prompts = \"extract\" }",
          "from = { target = \"extract\", prompts = \"asked\" }");
  const auto result = Run();
  ASSERT_TRUE(result.ok()) << result.error().what;
  const ChainRunRecord& run = result.value().runs[0];
  EXPECT_NE(run.links[0].error, "");  // a scripted model has no weights
  EXPECT_EQ(run.links[0].outcomes, chain::LinkOutcomes{Outcome::kError});
  EXPECT_EQ(run.links[1].error, "`extract` was not run");
  EXPECT_EQ(result.value().rates->end_to_end.tries, 0U);
  EXPECT_THAT(WriteChainTable(result.value()), HasSubstr("`extract` was not run"));
}

TEST_F(RunChainTest, RefusesAnIllTypedChainBeforeAnythingRuns) {
  Replace("prompts = \"extract\"", "prompts = \"model\"");
  const auto result = Run();
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.error().what,
              HasSubstr("link `pull` takes texts as `prompts`, but `model` yields a model that answers"));
  EXPECT_FALSE(std::filesystem::exists(Path("out")));
}

TEST_F(RunChainTest, FilesAndNamesThatAreNotThereAreTold) {
  Replace("asked.txt", "nowhere.txt");
  EXPECT_THAT(Run().error().what, HasSubstr("asset `asked`"));
  Replace("nowhere.txt", "asked.txt");
  Replace("extract_texts", "extract_text");
  EXPECT_THAT(Run().error().what, HasSubstr("did you mean `extract_texts`?"));
  Replace("extract_text\"", "extract_texts\"");
  Replace("id = \"extract\"", "id = \"../extract\"");
  EXPECT_THAT(Run().error().what, HasSubstr("no id of a link"));
}

TEST(ChainLinks, CardsAreWhole) {
  for (const chain::LinkCard& card : ChainLinkCards()) {
    EXPECT_FALSE(card.goal.empty() || card.success.empty() || card.reference.empty() || card.ports.empty())
        << card.name;
    EXPECT_EQ(chain::FindLink(ChainLinkCards(), card.name) != nullptr, true);
    EXPECT_TRUE(Settings::Checked(card.settings).ok()) << card.name;
  }
}

}  // namespace
}  // namespace ringfort
