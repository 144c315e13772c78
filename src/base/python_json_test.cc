#include "base/python_json.h"

#include <gtest/gtest.h>

#include <random>

#include "base/json.h"

namespace ringfort {
namespace {

TEST(FromPythonJson, RewritesWhatOnlyPythonReads) {
  EXPECT_EQ(FromPythonJson("[NaN, Infinity, -Infinity]"), "[null, null, null]");
  EXPECT_EQ(FromPythonJson("[1e400, 1e99, -2.5]"), "[0, 1e99, -2.5]");
  EXPECT_EQ(FromPythonJson("[" + std::string(400, '9') + "]"), "[0]");
  EXPECT_EQ(FromPythonJson(R"(["\ud800", "\udc00x"])"), R"(["\ufffd", "\ufffdx"])");
  EXPECT_EQ(FromPythonJson(std::string("[\0001\0]\0", 6)), "[1]");
}

TEST(FromPythonJson, LeavesStringsAndStandardJsonAlone) {
  for (const char* text :
       {R"({"NaN": "1e400 Infinity"})", R"(["\ud83d\ude00", "\"NaN", "\\"])", "[1.5e-3, 12]", "", "\"", "\"\\"})
    EXPECT_EQ(FromPythonJson(text), std::nullopt) << text;
}

TEST(FromPythonJson, SurvivesNoise) {
  std::mt19937 draw(20261121);
  constexpr std::string_view kPieces = "{}[]\",:\\u09dDcCeE+-.NaInfity\0\xFF";
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (unsigned i = draw() % 24; i > 0; --i) text += kPieces[draw() % kPieces.size()];
    const auto standard = FromPythonJson(text);
    EXPECT_LE(standard ? standard->size() : 0, 3 * text.size() + 4);
  }
}

TEST(ParseJson, ReadsAsPythonDoes) {
  const auto document = ParseJson(R"({"loss": NaN, "name": "\ud800", "size": 1e999})");
  ASSERT_TRUE(document.ok());
  EXPECT_TRUE(document.value()["loss"].is_null());
  EXPECT_EQ(TextMember(document.value(), "name"), "\xEF\xBF\xBD");
  const auto broken = ParseJson("[NaN, }");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().offset, 1u) << "in the text as it came";
  JsonLimits limits;
  limits.depth = 2;
  const auto deep = ParseJson("[NaN, [[1]]]", limits);
  ASSERT_FALSE(deep.ok());
  EXPECT_EQ(deep.error().fault, Fault::kLimitExceeded);
}

}  // namespace
}  // namespace ringfort
