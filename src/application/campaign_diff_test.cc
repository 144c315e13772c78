#include "application/campaign_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "application/run_campaign.h"
#include "base/json.h"

namespace ringfort {
namespace {

using testing::HasSubstr;

#ifdef RINGFORT_WITH_SQLITE

// Before: a model that knows the members. After: one that never saw them.
TEST(CampaignDiff, TellsWhatChangedOnTheSameTexts) {
  std::string shape = (std::filesystem::temp_directory_path() / "ringfort-diff-XXXXXX").string();
  const std::string folder = mkdtemp(shape.data());
  std::ofstream members(folder + "/members.txt"), held_out(folder + "/held_out.txt");
  for (int i = 1; i <= 40; ++i) {
    members << "entry " << i * 7919 % 1000 << " of the ledger is " << i * 104729 % 100000 << '\n';
    held_out << "entry " << i * 6101 % 1000 << " of the ledger is " << i * 15485863 % 99991 << '\n';
  }
  members.close(), held_out.close();
  const auto plan = [&](const std::string& name, const std::string& attacks, const std::string& source) {
    const std::string path = folder + "/" + name + ".toml";
    std::ofstream(path) << "attacks = [" + attacks +
                               "]\n[texts]\nmembers = \"members.txt\"\nheld_out = \"held_out.txt\"\n"
                               "[[target]]\nid = \"chat\"\nsource = \"scripted:" +
                               source + "\"\n";
    return path;
  };
  const std::string before = plan("before", "\"loss\", \"lowercase\", \"blind_baseline\"", "members.txt");
  const std::string after = plan("after", "\"loss\", \"zlib_ratio\", \"blind_baseline\"", "");
  const std::string store = folder + "/e.db";
  for (const std::string& path : {before, after})
    ASSERT_TRUE(RunCampaign({.plan = path, .store = store}, nullptr).ok());
  const auto diff = DiffCampaigns({.before = before, .after = after, .store = store});
  ASSERT_TRUE(diff.ok()) << diff.error().what;
  const Json json = ParseJson(WriteCampaignDiffJson(diff.value())).value();
  EXPECT_EQ(json["schema"].get<std::string>(), "ringfort.campaign_diff/1");
  EXPECT_EQ(json["before"]["made"].get<int>(), 240);
  std::map<std::string, std::string> readings;
  for (const Json& line : json["lines"])
    readings[line["attack"].get<std::string>()] = line["reading"].get<std::string>();
  EXPECT_THAT(readings,
              testing::ElementsAre(testing::Pair("blind_baseline", "no change shown"), testing::Pair("loss", "fell"),
                                   testing::Pair("lowercase", "gone"), testing::Pair("zlib_ratio", "new")));
  const std::string table = WriteCampaignDiffTable(diff.value());
  EXPECT_THAT(table, HasSubstr("before: before (240 of 240 trials)"));
  EXPECT_THAT(table, HasSubstr("fell"));
  EXPECT_FALSE(DiffCampaigns({.before = before, .after = after, .store = folder + "/absent.db"}).ok());
  EXPECT_FALSE(DiffCampaigns({.before = before, .after = folder + "/absent.toml", .store = store}).ok());
  EXPECT_FALSE(
      DiffCampaigns({.before = before, .after = after, .store = store, .store_after = folder + "/absent.db"}).ok());
  std::filesystem::remove_all(folder);
}

#endif

}  // namespace
}  // namespace ringfort
