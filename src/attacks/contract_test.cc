// What every attack owes, whoever wrote it. One test, all attacks.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "attacks/family.h"

namespace ringfort::attacks {
namespace {

namespace fs = std::filesystem;
const fs::path kRoom = fs::path(RINGFORT_SOURCE_DIR) / "src" / "attacks";

std::string TextOf(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(AttackContract, CardsAreWholeAndNamesAreUnique) {
  const std::string techniques = TextOf(fs::path(RINGFORT_SOURCE_DIR) / "src/knowledge/catalog/data/techniques.yaml");
  ASSERT_FALSE(techniques.empty());
  std::set<std::string_view> names;
  for (const AttackEntry& entry : AllAttacks()) {
    const AttackCard& card = entry.card;
    SCOPED_TRACE(card.name);
    EXPECT_TRUE(names.insert(card.name).second);
    EXPECT_FALSE(card.name.empty());
    EXPECT_TRUE(std::all_of(card.name.begin(), card.name.end(),
                            [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }));
    EXPECT_FALSE(card.version.empty());
    EXPECT_FALSE(card.goal.empty());
    EXPECT_TRUE(card.goal.empty() || (card.goal[0] >= 'A' && card.goal[0] <= 'Z' && card.goal.back() != '.'));
    EXPECT_TRUE(card.reference.starts_with("arXiv:") || card.reference == "Ringfort") << card.reference;
    EXPECT_NE(techniques.find("- id: " + std::string(card.technique) + "\n"), std::string::npos) << card.technique;
  }
  EXPECT_FALSE(names.empty());
}

TEST(AttackContract, AnAttackLiesInTheFolderOfItsAxisUnderItsName) {
  for (const AttackEntry& entry : AllAttacks()) {
    const fs::path folder = kRoom / Name(entry.card.axis);
    for (const char* end : {".h", ".cc", "_test.cc"})
      EXPECT_TRUE(fs::exists(folder / (std::string(entry.card.name) + end))) << entry.card.name << end;
    const std::string header = TextOf(folder / (std::string(entry.card.name) + ".h"));
    EXPECT_GT(header.size(), 700u) << entry.card.name << ": the header is no essay";
  }
}

TEST(AttackContract, EveryFileOfAnAxisIsAListedAttack) {
  std::set<std::string> listed;
  for (const AttackEntry& entry : AllAttacks())
    listed.insert(std::string(Name(entry.card.axis)) + "/" + std::string(entry.card.name));
  std::size_t files = 0;
  for (const std::string_view axis : kAxisNames) {
    if (!fs::exists(kRoom / axis)) continue;
    for (const auto& file : fs::directory_iterator(kRoom / axis)) {
      const std::string stem = file.path().stem().string();
      if (file.path().extension() != ".h" || stem == "family" || stem.ends_with("_internal")) continue;
      ++files;
      EXPECT_TRUE(listed.contains(std::string(axis) + "/" + file.path().stem().string())) << file.path();
    }
  }
  EXPECT_EQ(files, listed.size());
}

TEST(AttackContract, SettingsHoldTheirUsualValueAndEveryWayLeadsSomewhere) {
  for (const AttackEntry& entry : AllAttacks()) {
    SCOPED_TRACE(entry.card.name);
    std::set<std::string_view> names;
    for (const SettingCard& setting : entry.card.settings) {
      EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
      EXPECT_LE(setting.least, setting.usual) << setting.name;
      EXPECT_LE(setting.usual, setting.most) << setting.name;
      EXPECT_FALSE(setting.meaning.empty()) << setting.name;
    }
    const Settings usual = Settings::Checked(entry.card.settings).value();
    if (const auto* reader = std::get_if<TextReader>(&entry.way)) {
      ASSERT_NE(reader->read, nullptr);
      EXPECT_FALSE(reader->read(TextView{}, usual).has_value()) << "a view of nothing has a score";
      EXPECT_FALSE(entry.card.needs.empty());
      EXPECT_EQ(reader->views.moments, entry.card.needs.Has(engines::Ability::kMoments));
    } else if (const auto* set = std::get_if<SetReader>(&entry.way)) {
      ASSERT_NE(set->read, nullptr);
      EXPECT_FALSE(set->read({}, {}, usual).ok()) << "a set of nothing has scores";
    } else if (const auto* make = std::get_if<MakeAttack>(&entry.way)) {
      ASSERT_NE(*make, nullptr);
      EXPECT_NE((*make)(usual), nullptr);
      EXPECT_FALSE(entry.card.needs.empty());
      EXPECT_EQ(entry.card.shows == Shows::kNumber, !entry.card.unit.empty());
      EXPECT_EQ(entry.card.samples == SampleKind::kPrompt, !entry.card.usual_prompts.empty());
    }
  }
}

TEST(FindAttack, KnowsEachByItsName) {
  EXPECT_EQ(FindAttack("loss")->card.name, "loss");
  EXPECT_FALSE(FindAttack("no_such_attack").has_value());
}

}  // namespace
}  // namespace ringfort::attacks
