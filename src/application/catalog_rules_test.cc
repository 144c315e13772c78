#include <gtest/gtest.h>

#include "knowledge/catalog/catalog.h"
#include "scanners/artifact/family.h"

// Scanner rules and the catalog live in rooms that do not see each other; here is
// the first floor that sees both.

namespace ringfort {
namespace {

TEST(CatalogRules, EveryThreatOfAScannerRuleIsATechniqueOfTheCatalog) {
  const knowledge::Catalog& catalog = knowledge::BuiltinCatalog();
  int resolved = 0;
  for (const RuleCard* card : scanners::Rules()) {
    SCOPED_TRACE(card->id);
    for (const std::string_view threat : card->threats) {
      if (threat.starts_with("AML.") || threat.starts_with("CWE-")) continue;
      const knowledge::Technique* technique = knowledge::Find(catalog.techniques, threat);
      ASSERT_NE(technique, nullptr) << threat;
      EXPECT_NE(knowledge::Find(catalog.families, technique->family), nullptr);
      ++resolved;
    }
  }
  EXPECT_GT(resolved, 20);
}

}  // namespace
}  // namespace ringfort
