// What every defense owes, whoever wrote it. One test, all defenses.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "defenses/family.h"
#include "engines/scripted/scripted_model.h"

namespace ringfort::defenses {
namespace {

namespace fs = std::filesystem;
const fs::path kSource = fs::path(RINGFORT_SOURCE_DIR) / "src";

std::string TextOf(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(DefenseContract, CardsAreWholeAndNamesAreUnique) {
  const fs::path catalog = kSource / "knowledge/catalog/data";
  const std::string mitigations =
      TextOf(catalog / "mitigations_model.yaml") + TextOf(catalog / "mitigations_infrastructure.yaml");
  std::set<std::string_view> names;
  for (const DefenseEntry& entry : AllDefenses()) {
    const DefenseCard& card = entry.card;
    SCOPED_TRACE(card.name);
    EXPECT_TRUE(names.insert(card.name).second);
    EXPECT_TRUE(!card.name.empty() && std::all_of(card.name.begin(), card.name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }));
    EXPECT_FALSE(card.version.empty());
    EXPECT_TRUE(!card.goal.empty() && card.goal[0] >= 'A' && card.goal[0] <= 'Z' && card.goal.back() != '.');
    EXPECT_TRUE(card.reference.starts_with("arXiv:") || card.reference.starts_with("doi:") ||
                card.reference == "Ringfort")
        << card.reference;
    EXPECT_NE(mitigations.find("- id: " + std::string(card.mitigation) + "\n"), std::string::npos) << card.mitigation;
    std::set<std::string_view> settings;
    for (const SettingCard& setting : card.settings) {
      EXPECT_TRUE(settings.insert(setting.name).second) << setting.name;
      EXPECT_TRUE(setting.least <= setting.usual && setting.usual <= setting.most) << setting.name;
      EXPECT_FALSE(setting.meaning.empty()) << setting.name;
    }
  }
  EXPECT_FALSE(names.empty());
}

TEST(DefenseContract, FilesOnDiskAreTheList) {
  std::set<std::string> listed;
  for (const DefenseEntry& entry : AllDefenses()) {
    const fs::path path = kSource / "defenses" / Name(entry.card.axis) / entry.card.name;
    listed.insert(path.string());
    for (const char* end : {".h", ".cc", "_test.cc"}) EXPECT_TRUE(fs::exists(path.string() + end)) << path << end;
    EXPECT_GT(TextOf(path.string() + ".h").size(), 700u) << entry.card.name << ": the header is no essay";
  }
  std::size_t files = 0;
  for (const std::string_view axis : kAxisNames) {
    const fs::path folder = kSource / "defenses" / axis;
    if (!fs::exists(folder)) continue;
    for (const auto& file : fs::directory_iterator(folder)) {
      const std::string stem = file.path().stem().string();
      if (file.path().extension() != ".h" || stem == "family" || stem.ends_with("_internal")) continue;
      ++files;
      EXPECT_TRUE(listed.contains((folder / file.path().stem()).string())) << file.path();
    }
  }
  EXPECT_EQ(files, listed.size());
}

// Around a model, a defense stays a model: it gives no more than before, and what it
// says it gives it does give.
TEST(DefenseContract, ADefendedModelGivesWhatItSays) {
  engines::Script script;
  script.context = 2048;  // a defense may say much beside the question
  engines::ScriptedModel model(std::move(script));
  const std::vector<std::string> texts = {"a text"};
  for (const DefenseEntry& entry : AllDefenses()) {
    const auto* wrap = std::get_if<WrapModel>(&entry.way);
    if (wrap == nullptr) continue;
    SCOPED_TRACE(entry.card.name);
    const auto defended = (*wrap)(model, Settings::Checked(entry.card.settings).value(), {});
    ASSERT_NE(defended, nullptr);
    EXPECT_TRUE(model.Gives().Has(defended->Gives()));
    EXPECT_EQ(defended->Score(texts).ok(), defended->Gives().Has(engines::Ability::kScores));
    EXPECT_EQ(defended->Logits(std::vector<engines::Token>{65}).ok(), defended->Gives().Has(engines::Ability::kLogits));
    EXPECT_EQ(defended->Generate({.prompt = "a", .maximum_tokens = 2}).ok(),
              defended->Gives().Has(engines::Ability::kGenerate));
    EXPECT_EQ(defended->Facts().vocabulary, model.Facts().vocabulary);
  }
}

TEST(FindDefense, KnowsEachByItsName) {
  EXPECT_EQ(FindDefense("rounded_answers")->card.name, "rounded_answers");
  EXPECT_FALSE(FindDefense("no_such_defense").has_value());
}

}  // namespace
}  // namespace ringfort::defenses
