#include "scanners/artifact/family.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace ringfort::scanners {
namespace {

TEST(Rules, CardsAreWholeAndIdsAreUnique) {
  std::set<std::string_view> ids, names;
  const std::regex id_shape("RF-[A-Z0-9]{3}-[0-9]{3}");
  for (const RuleCard* card : Rules()) {
    SCOPED_TRACE(card->id);
    EXPECT_TRUE(std::regex_match(std::string(card->id), id_shape));
    EXPECT_TRUE(ids.insert(card->id).second) << "id used twice";
    EXPECT_TRUE(names.insert(card->name).second) << "name used twice: " << card->name;
    EXPECT_FALSE(card->title.empty());
    EXPECT_FALSE(card->title.ends_with('.'));
    EXPECT_TRUE(card->why.ends_with('.'));
    EXPECT_TRUE(card->fix.ends_with('.'));
    EXPECT_GE(card->threats.size(), 2u);
    EXPECT_EQ(FindRule(card->id), card);
  }
  EXPECT_GT(ids.size(), 2u);
  EXPECT_EQ(FindRule("RF-NOT-999"), nullptr);
}

TEST(Rules, SpeakForThreatsThatExist) {
  std::ifstream atlas(std::string(RINGFORT_SOURCE_DIR) + "/../shared/data/knowledge/ATLAS.yaml");
  std::stringstream text;
  text << atlas.rdbuf();
  const std::string known = text.str();
  const std::regex own("[a-z_]+\\.[a-z_]+"), weakness("CWE-[0-9]+");
  for (const RuleCard* card : Rules()) {
    SCOPED_TRACE(card->id);
    for (const std::string_view threat : card->threats) {
      SCOPED_TRACE(threat);
      if (threat.starts_with("AML.")) {
        const bool found = known.find("id: " + std::string(threat) + "\n") != std::string::npos;
        EXPECT_TRUE(found || known.empty());
      } else {
        EXPECT_TRUE(std::regex_match(std::string(threat), own) || std::regex_match(std::string(threat), weakness));
      }
    }
  }
}

TEST(Inspectors, OneAFormat) {
  std::set<formats::Format> formats;
  for (const Inspector& inspector : Inspectors()) {
    EXPECT_TRUE(formats.insert(inspector.format).second) << formats::Name(inspector.format);
    EXPECT_NE(inspector.inspect, nullptr);
  }
}

}  // namespace
}  // namespace ringfort::scanners
